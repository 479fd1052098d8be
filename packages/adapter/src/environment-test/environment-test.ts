import { ClusterRequestError, InvalidKubeconfigError, type RunSpec } from "@claude-k8s/k8s-runner";

import { specOfSettings } from "../claude/settings-spec.ts";
import type { Connections } from "../connections.ts";
import { adapterType } from "../host/adapter-type.ts";
import type { EnvironmentCheck, EnvironmentTestContext, EnvironmentTestResult } from "../host/contract.ts";
import type { HostServer } from "../host/server.ts";
import { refusedKubeconfig } from "../operator/clusters.ts";
import type { Settings } from "../settings/settings.ts";
import { addressChecks } from "./address-checks.ts";
import type { Ask } from "./checks.ts";
import { claudeChecks } from "./claude-checks.ts";
import { clusterChecks } from "./cluster-checks.ts";
import { imageChecks } from "./image-checks.ts";
import { probeChecks } from "./probe.ts";
import { judgeSettings, refusalCheck } from "./settings-checks.ts";

export interface TestDependencies {
  readonly connections: Connections;
  readonly server: HostServer;
  readonly now?: () => Date;
  /** Default: `fetch`. */
  readonly ask?: Ask;
}

/**
 * The button "Test": what would stop a run, told before there is one, by the same rules. Advisory; it makes nothing in the
 * cluster, unless the settings ask for a pod of trial.
 */
export async function testEnvironment(
  context: EnvironmentTestContext,
  dependencies: TestDependencies,
): Promise<EnvironmentTestResult> {
  const checks = toldApart(await runChecks(context, dependencies));
  const levels = new Set(checks.map((check) => check.level));
  return {
    adapterType,
    status: levels.has("error") ? "fail" : levels.has("warn") ? "warn" : "pass",
    checks,
    testedAt: (dependencies.now?.() ?? new Date()).toISOString(),
  };
}

/** The host's page draws a list by its codes, and one of two equal ones may be lost. It draws no Markdown either. */
function toldApart(checks: readonly EnvironmentCheck[]): EnvironmentCheck[] {
  const seen = new Map<string, number>();
  return checks.map(({ code, level, message, detail, hint }) => {
    const count = (seen.get(code) ?? 0) + 1;
    seen.set(code, count);
    return {
      code: count === 1 ? code : `${code}_${count}`,
      level,
      message: plain(message),
      ...(typeof detail === "string" && { detail: plain(detail) }),
      ...(typeof hint === "string" && { hint: plain(hint) }),
    };
  });
}

function plain(text: string): string {
  return text.replaceAll("`", '"');
}

async function runChecks(
  context: EnvironmentTestContext,
  { connections, server, ask = fetch }: TestDependencies,
): Promise<EnvironmentCheck[]> {
  const judged = await judgeSettings(context, server);
  if (judged.kind === "stopped") return [...judged.checks];
  const { permits, file, checks, config } = judged;
  const { settings } = permits;
  const { model, paperclipApiUrl } = settings.claude;
  const { env, pod } = settings;
  const beside = Promise.all([
    addressChecks(paperclipApiUrl, ask),
    claudeChecks({ model, env, spec: plannedSpec(settings, "default") }, ask),
  ]);
  try {
    const connection = await connections.open(permits.cluster);
    const namespace = settings.cluster.namespace ?? connection.defaultNamespace;
    const spec = plannedSpec(settings, namespace);
    const refusals = permits
      .refusedRun(spec)
      // There is none yet, and that is said already.
      .filter(({ setting }) => pod.image !== "" || setting !== "image");
    if (refusals.length > 0) return [...checks, ...refusals.map((refusal) => refusalCheck(refusal, file))];
    const signal = AbortSignal.timeout(longestMilliseconds);
    const { cluster } = connection;
    const [told, seen] = await Promise.all([
      clusterChecks({ connection, spec, config, signal }),
      imageChecks({ cluster, namespace, image: pod.image, pullPolicy: pod.imagePullPolicy, signal }, ask),
    ]);
    const all = [...checks, ...told, ...seen, ...(await beside).flat()];
    const isHopeless = pod.image === "" || all.some(({ level }) => level === "error");
    if (!settings.life.testRun || isHopeless) return all;
    const company = context.companyId;
    const trial = { ...spec, policy: permits.policy };
    return [...all, ...(await probeChecks({ connection, spec: trial, settings, config, company }))];
  } catch (error) {
    const refusal = refusedKubeconfig(error, settings.cluster.kubeconfig);
    return [
      ...checks,
      refusal === null ? toCheck(error) : refusalCheck(refusal, file),
      ...(await beside).flat(),
    ];
  }
}

/** The host's request waits for the answer, and so does a person. */
const longestMilliseconds = 10_000;

/** A run of these settings as far as they tell it: enough for the rules of the pod. */
function plannedSpec(settings: Settings, namespace: string): RunSpec {
  return {
    ...specOfSettings(settings),
    // Without an image a run is refused anyway; the other rules can still be asked.
    image: settings.pod.image || "none",
    namespace,
    slot: "test",
    runId: "test",
    command: ["claude"],
  };
}

function toCheck(error: unknown): EnvironmentCheck {
  const message = error instanceof Error ? error.message : String(error);
  if (ClusterRequestError.isInstance(error) && error.error.kind === "forbidden")
    return { code: "k8s_forbidden", level: "error", message };
  return InvalidKubeconfigError.isInstance(error)
    ? { code: "kubeconfig_invalid", level: "error", message, hint: "Correct the setting Kubeconfig." }
    : { code: "k8s_api_unreachable", level: "error", message, hint: "Is the server's address reachable?" };
}
