/** What the examples of a README need around them: recordings to read, a cluster to talk to. */
import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import { root } from "../packages.ts";
import type { Project } from "./project.ts";

export interface Surroundings {
  readonly environment: Readonly<Record<string, string>>;
  /** What is given to a block of this code on the command line. */
  argumentsOf(code: string): readonly string[];
  /** Why a block of this code cannot be run in them, `null` where it can. */
  lackingFor(code: string): string | null;
  close(): Promise<void>;
}

const nothing: Surroundings = {
  environment: {},
  argumentsOf: () => [],
  lackingFor: () => null,
  close: async () => {},
};

export async function surroundings({ folder, tested }: Project): Promise<Surroundings> {
  if (tested.name === "@claude-k8s/stream-parser") {
    const fixtures = join(root, "packages/stream-parser/test/fixtures");
    await cp(join(fixtures, "recordings/tool-parallel.ndjson"), join(folder, "run.ndjson"));
    await cp(join(fixtures, "sessions"), join(folder, "sessions"), { recursive: true });
    return {
      ...nothing,
      argumentsOf: (code) => [code.includes("stream-parser/sessions") ? "sessions" : "run.ndjson"],
    };
  }
  if (tested.name === "@claude-k8s/k8s-runner") {
    const cluster = await startLocalCluster();
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
    return {
      ...nothing,
      environment: { KUBECONFIG: kubeconfig },
      // Its output is compared by the package's own `test/readme.test.ts`, on a real cluster.
      lackingFor: (code) => (code.includes("copies: {") ? "the local cluster has no exec" : null),
      close: () => cluster.close(),
    };
  }
  return nothing;
}
