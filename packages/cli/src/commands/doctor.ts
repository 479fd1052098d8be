import type { Cluster } from "@claude-k8s/k8s-runner";
import picocolors from "picocolors";
import { stringify } from "yaml";

import { configOf } from "../client-config.ts";
import { withCluster } from "../cluster.ts";
import type { Check } from "../doctor/check.ts";
import { examine } from "../doctor/examine.ts";
import { rbacManifests } from "../doctor/rbac.ts";
import { exitCodes } from "../exit-codes.ts";
import { type CommonOptions, type FormatOptions, formatOf } from "../options.ts";
import { plainData, plainJson } from "../screen/plain.ts";
import { markdownTable } from "../screen/table.ts";
import { type Streams, wantsColor } from "../streams.ts";

export interface DoctorOptions extends CommonOptions, FormatOptions {
  readonly rbac?: boolean;
  /** Its name in earlier releases. */
  readonly role?: boolean;
  readonly image?: string;
  readonly networkPolicy?: boolean;
}

/** `doctor`: would a run work in this namespace? Each trouble with the commands that mend it; with `--rbac` the objects that runs need. */
export async function doctorCommand(
  streams: Streams,
  options: DoctorOptions,
  signal: AbortSignal,
): Promise<number> {
  const { output } = streams;
  const format = formatOf(options, "text");
  if (options.rbac === true || options.role === true) {
    const namespace = await namespaceFor(streams, options);
    output.write(
      rbacManifests(namespace, { networkPolicy: options.networkPolicy === true, helm: format === "helm" }),
    );
    return exitCodes.success;
  }
  return withCluster(streams, options, async ({ cluster, runner }, namespace) => {
    const checks = await examine({
      cluster,
      runner,
      config: configOf(options),
      namespace,
      image: options.image ?? null,
      signal,
    });
    const failed = checks.some(({ level }) => level === "error");
    if (format === "json")
      output.write(`${plainJson({ namespace, server: cluster.server, ok: !failed, checks })}\n`);
    else if (format === "yaml")
      output.write(stringify(plainData({ namespace, server: cluster.server, ok: !failed, checks })));
    else if (format === "markdown")
      output.write(
        markdownTable(
          [{ head: "RESULT" }, { head: "CHECK" }, { head: "FOUND" }, { head: "FIX" }],
          checks.map(({ level, title, found, fix }) => [level, title, found, fix.join("; ")]),
        ),
      );
    else output.write(report(checks, streams, { namespace, cluster }));
    return failed ? exitCodes.failure : exitCodes.success;
  });
}

async function namespaceFor(streams: Streams, options: DoctorOptions): Promise<string> {
  if (options.namespace !== undefined) return options.namespace;
  return withCluster(streams, options, async (_connection, namespace) => namespace).catch(() => "default");
}

function report(
  checks: readonly Check[],
  { output, environment }: Streams,
  { namespace, cluster }: { readonly namespace: string; readonly cluster: Cluster },
): string {
  const colors = picocolors.createColors(wantsColor(output, environment));
  const marks = {
    ok: colors.green("✓"),
    info: colors.dim("·"),
    warning: colors.yellow("!"),
    error: colors.red("✗"),
  } as const;
  const lines = plainData(checks).map(({ level, title, found, fix }) => {
    const name = level === "ok" || level === "info" ? title : colors.bold(title);
    const first = `${marks[level]} ${name}${found === "" ? "" : `: ${found}`}`;
    return [first, ...fix.map((command) => `    ${command}`)].join("\n");
  });
  const count = (level: Check["level"]): number => checks.filter((check) => check.level === level).length;
  const warnings = count("warning");
  const sum =
    count("error") === 0
      ? colors.green(
          `A run works here${warnings === 0 ? "" : `, with ${warnings} warning${warnings === 1 ? "" : "s"}`}.`,
        )
      : colors.red(`A run does not work here: ${count("error")} of ${checks.length} checks failed.`);
  return `${plainData(`Namespace ${namespace} on ${cluster.server}`)}\n\n${lines.join("\n")}\n\n${sum}\n`;
}
