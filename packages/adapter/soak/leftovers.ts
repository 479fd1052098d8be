/** What a soak of the adapter has left behind: in its namespace, in the server's folders. */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect, createRunner } from "@claude-k8s/k8s-runner";
import { soakKey } from "../../k8s-runner/soak/shape.ts";
import { workspaceOf } from "./host.ts";
import type { TaskShape } from "./shape.ts";

export interface LeftoverOptions {
  readonly kubeconfig: string;
  readonly lanes: readonly { readonly kubeconfigPath: string; readonly spoolFolder: string }[];
  readonly namespace: string;
  readonly folder: string;
  readonly home: string;
  readonly shapes: readonly TaskShape[];
}

/** Kubernetes removes pods a while after their Job. */
const patienceMilliseconds = 30_000;
/** Transcripts of a task, of which the server keeps no more. */
const mostSessions = 3;

export async function adapterLeftovers(
  options: LeftoverOptions,
): Promise<{ readonly left: readonly string[]; readonly swept: number }> {
  const { namespace, lanes } = options;
  const cluster = await connect({ kubeconfig: options.kubeconfig });
  const sweepers = await Promise.all(
    lanes.map(async ({ kubeconfigPath, spoolFolder }) => {
      const connected = await connect({ kubeconfig: { path: kubeconfigPath } });
      return { connected, runner: createRunner({ cluster: connected, spoolFolder, sealKey: soakKey }) };
    }),
  );
  try {
    const until = Date.now() + patienceMilliseconds;
    let swept = 0;
    for (;;) {
      for (const { runner } of sweepers) {
        const findings = await runner.sweep({ namespace, dryRun: false, olderThanSeconds: 0 });
        swept += findings.filter(({ removed }) => removed).length;
      }
      const left: string[] = filesOf(options);
      for (const resource of ["jobs", "pods", "secrets", "leases"] as const) {
        const answer = await cluster.list(resource, namespace, {});
        if (answer.kind === "error") left.push(`${resource}: unknown, ${answer.error.message}`);
        else left.push(...answer.value.items.map(({ metadata }) => `${resource}/${metadata?.name ?? ""}`));
      }
      if (left.length === 0 || Date.now() > until) return { left, swept };
      await sleep(1000);
    }
  } finally {
    for (const { runner, connected } of sweepers) {
      await runner.close();
      await connected.close();
    }
    await cluster.close();
  }
}

function filesOf({ lanes, folder, home, shapes }: LeftoverOptions): string[] {
  const empty = [...new Set(lanes.map(({ spoolFolder }) => spoolFolder)), join(folder, "tmp")];
  const [first] = shapes;
  const workspaces = first === undefined ? [] : namesIn(dirname(workspaceOf(home, first.slot)));
  const known = new Set(shapes.map(({ slot }) => slot));
  return [
    ...empty.flatMap((one) => namesIn(one).map((name) => join(one, name))),
    ...workspaces.filter((name) => !known.has(name)).map((name) => `beside the workspaces: ${name}`),
    ...tooManySessions(join(folder, "sessions")),
  ];
}

function tooManySessions(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const transcripts = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".jsonl"),
  );
  const counts = new Map<string, number>();
  for (const name of transcripts) counts.set(dirname(name), (counts.get(dirname(name)) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count > mostSessions + 1)
    .map(([name, count]) => `${count} transcripts in ${name}`);
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
