import { preflight, roleManifest, upkeepRoleManifest } from "@claude-k8s/k8s-runner";
import { stringify } from "yaml";

import { type ClusterOptions, withCluster } from "../cluster-options.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Streams } from "../streams.ts";
import { table } from "../table.ts";

/** `doctor`: may we do what a run needs? With `--role`: the Role that allows it. */
export async function doctorCommand(
  { output }: Streams,
  options: ClusterOptions & { readonly role?: boolean; readonly json?: boolean },
): Promise<number> {
  return withCluster(options, async ({ cluster }, namespace) => {
    if (options.role === true) {
      const roles = [
        roleManifest("claude-k8s", namespace),
        upkeepRoleManifest("claude-k8s-upkeep", namespace),
      ];
      output.write(roles.map((role) => stringify(role)).join("---\n"));
      return exitCodes.success;
    }
    const report = await preflight(cluster, namespace, { signal: AbortSignal.timeout(30_000) });
    if (options.json === true) output.write(`${JSON.stringify(report)}\n`);
    else {
      const rows = report.checks.map((check) => [
        check.allowed === true ? "yes" : check.allowed === false ? "NO" : "unknown",
        `${check.verb} ${check.resource}`,
        check.optional ? "optional" : "needed",
        check.neededFor,
      ]);
      output.write(table(["ALLOWED", "PERMISSION", "", "FOR"], rows));
      output.write(
        report.allowed
          ? `\nnamespace ${namespace}: everything that is needed is allowed\n`
          : `\nnamespace ${namespace}: not everything that is needed is allowed; \`claude-k8s doctor --role\` prints a Role for it\n`,
      );
    }
    return report.allowed ? exitCodes.success : exitCodes.failure;
  });
}
