import { randomUUID } from "node:crypto";

import type { RunSpec } from "@claude-k8s/k8s-runner";

import { takenOverFrom } from "../adoption/taken-over.ts";
import { runOnce } from "../attempt.ts";
import { claudeCommand } from "../claude/arguments.ts";
import { emptyBundle } from "../claude/empty-bundle.ts";
import type { Connection } from "../connections.ts";
import type { Ending } from "../ending.ts";
import type { EnvironmentCheck } from "../host/contract.ts";
import { knownValues } from "../host/secrets.ts";
import { createRedaction } from "../output/redaction.ts";
import type { Settings } from "../settings/settings.ts";
import { toCheck } from "./cluster-checks.ts";

export interface ProbeCircumstances {
  readonly connection: Connection;
  /** As the settings alone make it. */
  readonly spec: RunSpec;
  readonly settings: Settings;
  readonly config: Readonly<Record<string, unknown>>;
  readonly company: string;
}

/** Short: a person waits. A node that an autoscaler has to make is not waited for, and the words say how long was waited. */
const budgets = {
  queueSeconds: 15,
  podCreationSeconds: 10,
  schedulingSeconds: 15,
  imagePullSeconds: 20,
  configSeconds: 10,
  initSeconds: 60,
  startSeconds: 60,
} as const;
const deadlineSeconds = 60;
const mostVersionCharacters = 100;

/** The image is run as an agent's run would be: which Claude Code it has, and whether that one gets an answer. Costs a fraction of a cent. */
export async function probeChecks(given: ProbeCircumstances): Promise<readonly EnvironmentCheck[]> {
  const { ending, version } = await probe(given);
  const { diagnosis, summary } = ending;
  const found: EnvironmentCheck[] =
    version === null
      ? []
      : [{ code: "claude_version", level: "info", message: `The image has Claude Code ${version}.` }];
  if (diagnosis.outcome === "failure") return [...found, toCheck(diagnosis, "error")];
  const answer = summary?.result?.text?.trim().slice(0, mostVersionCharacters) ?? "";
  return [
    ...found,
    {
      code: "claude_answers",
      level: "info",
      message: `Claude answers in a pod of the cluster: ${answer === "" ? "an empty text" : JSON.stringify(answer)}.`,
    },
  ];
}

async function probe(
  given: ProbeCircumstances,
): Promise<{ readonly ending: Ending; readonly version: string | null }> {
  const { connection, spec, settings, config, company } = given;
  const redaction = createRedaction({ ...knownValues(settings.env), ...connection.secrets });
  const claude = { ...settings.claude, maxTurns: 1 };
  const command = claudeCommand(claude, settings.env, emptyBundle, null);
  const id = randomUUID();
  let head = "";
  // Nobody can stop it; its budgets and its deadline do.
  const { signal } = new AbortController();
  const ending = await runOnce(
    {
      ...spec,
      slot: `paperclip/${company}/test/${id}`,
      runId: id,
      command: ["/bin/sh", "-c", 'claude --version && exec "$@"', "claude-k8s", ...command],
      stdin: "Answer with the one word hello, and use no tool.",
      secretEnv: settings.env,
      budgets,
      deadlineSeconds,
      graceSeconds: 2,
    },
    {
      runner: connection.runner,
      settings: { ...settings, life: { ...settings.life, retain: "never", busyWaitSeconds: 0 } },
      config,
      redaction,
      takeOver: (ref, previous) => takenOverFrom(ref, previous, { connection, memory: undefined, redaction }),
      cancellation: { signal, request: () => null },
      limits: { ...settings.guards, budgetUsd: settings.claude.maxBudgetUsd },
      progress: { runEvent: nothing, waiting: nothing, queued: nothing, warning: nothing, tell: nothing },
      transcript: {
        async write(bytes) {
          if (head.length < mostVersionCharacters) head += Buffer.from(bytes).toString("utf8");
        },
        note: nothing,
        end: async () => undefined,
      },
    },
  );
  return { ending: redaction.mask(ending), version: versionIn(head) };
}

const nothing = (): void => undefined;

/** `2.1.330 (Claude Code)`, on a line of its own before everything else. */
function versionIn(head: string): string | null {
  return /^(\d[\w.-]{0,40}) \(Claude Code\)/m.exec(head)?.[1] ?? null;
}
