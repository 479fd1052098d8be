/** What a soak of the adapter has left behind: in its namespace, in the server's folders. */

import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { sweepUntilNothingIsLeft } from "../../k8s-runner/soak/leftovers.ts";
import type { Leftovers, SweepOptions } from "../../k8s-runner/soak/leftovers.ts";
import { workspaceOf } from "./host.ts";
import type { TaskShape } from "./shape.ts";

export interface LeftoverOptions extends Omit<SweepOptions, "patienceSeconds"> {
  readonly folder: string;
  readonly home: string;
  readonly shapes: readonly TaskShape[];
}

/** A pod whose holder of files could not be released stays for two minutes. */
const patienceSeconds = 150;
/** Transcripts of a task, of which the server keeps no more. */
const mostSessions = 3;

export function adapterLeftovers(options: LeftoverOptions): Promise<Leftovers> {
  return sweepUntilNothingIsLeft({ ...options, patienceSeconds }, async (cluster) => {
    const left = filesOf(options);
    for (const resource of ["jobs", "pods", "secrets", "leases"] as const) {
      const answer = await cluster.list(resource, options.namespace, {});
      if (answer.kind === "error") left.push(`${resource}: unknown, ${answer.error.message}`);
      else left.push(...answer.value.items.map(({ metadata }) => `${resource}/${metadata?.name ?? ""}`));
    }
    return left;
  });
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
