import type { RunListing } from "@claude-k8s/k8s-runner";

import { UsageError } from "./exit-codes.ts";
import { ageOf } from "./screen/age.ts";
import type { Column } from "./screen/table.ts";

const agentLabel = "paperclip.io/agent-id";
const taskLabel = "paperclip.io/task-id";

/** Who works on what: by Paperclip's labels, else by the slot's own parts. */
export function workOf(run: RunListing): { readonly agent: string; readonly task: string } {
  const parts = (run.slot ?? "").split("/");
  const [kind] = parts;
  const agent = run.labels[agentLabel] ?? (kind === "paperclip" ? parts[2] : undefined) ?? "-";
  const task =
    run.labels[taskLabel] ??
    (kind === "paperclip" ? parts.slice(3).join("/") : parts.slice(kind === "cli" ? 1 : 0).join("/"));
  return { agent, task: task === "" ? "-" : task };
}

export const runColumns: readonly Column[] = [
  { head: "JOB" },
  { head: "AGENT", least: 8, dispensable: 2 },
  { head: "TASK", least: 8, dispensable: 3 },
  { head: "STATE" },
  { head: "AGE" },
  { head: "NODE", least: 8, dispensable: 1 },
];

export const wideColumns: readonly Column[] = [
  { head: "POD", least: 12, dispensable: 5 },
  { head: "SUPERVISOR", least: 10, dispensable: 4 },
  { head: "SLOT", least: 10, dispensable: 6 },
];

export function runRow(run: RunListing, now: number): readonly string[] {
  const { agent, task } = workOf(run);
  return [run.ref.jobName, agent, task, stateWords(run), ageOf(run.createdAt, now), run.nodeName ?? "-"];
}

export function wideCells(run: RunListing): readonly string[] {
  return [
    run.podName ?? "-",
    run.supervisor === null ? "-" : `${run.supervisor}${run.supervised ? "" : " (gone)"}`,
    run.slot ?? "-",
  ];
}

/** A run that works and that nobody watches over is worth a word. */
function stateWords({ state, supervised, concludedAt }: RunListing): string {
  if (state === "finished") return concludedAt === null ? "finished" : "collected";
  return supervised ? state : `${state}, unwatched`;
}

const sorters: Readonly<Record<string, (run: RunListing) => string>> = {
  name: ({ ref }) => ref.jobName,
  age: ({ createdAt }) => createdAt ?? "",
  state: ({ state }) => state,
  agent: (run) => workOf(run).agent,
  task: (run) => workOf(run).task,
  node: ({ nodeName }) => nodeName ?? "",
};

/** The newest first by age; everything else as the alphabet has it. */
export function sorted(runs: readonly RunListing[], key: string): readonly RunListing[] {
  const read = sorters[key] ?? (() => "");
  const order = key === "age" ? -1 : 1;
  return runs.toSorted(
    (a, b) => order * read(a).localeCompare(read(b)) || a.ref.jobName.localeCompare(b.ref.jobName),
  );
}

/** "a=b,c=d" → labels. Other operators of Kubernetes' selectors are not understood, and that is said. */
export function labelsOf(selector: string | undefined): Readonly<Record<string, string>> {
  const parts = (selector ?? "").split(",").filter((part) => part.trim() !== "");
  return Object.fromEntries(
    parts.map((part) => {
      const [name = "", value = "", ...more] = part.split(/==?/).map((word) => word.trim());
      if (
        more.length > 0 ||
        !part.includes("=") ||
        !/^[A-Za-z0-9][\w./-]*$/.test(name) ||
        !/^[\w.-]*$/.test(value)
      )
        throw new UsageError(
          `--selector ${part}: it must be label=value, several with commas between them, for example paperclip.io/agent-id=a1`,
        );
      return [name, value];
    }),
  );
}
