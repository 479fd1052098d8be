import type { RunListing } from "@claude-k8s/k8s-runner";

import { UsageError } from "./exit-codes.ts";
import type { SortKey } from "./options.ts";
import { ageOf } from "./screen/age.ts";
import { usageCells } from "./screen/numbers.ts";
import type { Rows } from "./screen/rows.ts";
import type { Column } from "./screen/table.ts";
import type { SeenEnding } from "./run-ending.ts";
import type { ListedRun } from "./usage.ts";

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

export const workColumns: readonly Column[] = [
  { head: "JOB" },
  { head: "AGENT", least: 8, dispensable: 2 },
  { head: "TASK", least: 8, dispensable: 3 },
  // "running, unwatched" is long; its first word is what matters. How a run ended is whole.
  { head: "STATE", least: 14 },
  { head: "AGE" },
];

/** What every table of runs begins with. */
export function workCells(run: RunListing, now: number, ending: SeenEnding | null = null): readonly string[] {
  const { agent, task } = workOf(run);
  return [run.ref.jobName, agent, task, ending?.word ?? stateWords(run), ageOf(run.createdAt, now)];
}

const wideColumns: readonly Column[] = [
  { head: "CODE", least: 12, dispensable: 4 },
  { head: "COLLECTED", dispensable: 8 },
  { head: "POD", least: 12, dispensable: 6 },
  { head: "SUPERVISOR", least: 10, dispensable: 5 },
  { head: "SLOT", least: 10, dispensable: 7 },
];

/** `list`, with all there is to know of a run in its data. */
export function runRows({
  wide,
  withNamespace,
  now,
}: {
  readonly wide: boolean;
  readonly withNamespace: boolean;
  readonly now: number;
}): Rows<ListedRun> {
  return {
    columns: [
      ...(withNamespace ? [{ head: "NAMESPACE", least: 10 }] : []),
      ...workColumns,
      { head: "TOKENS", dispensable: 1 },
      { head: "COST", dispensable: 0 },
      { head: "NODE", least: 8, dispensable: 4 },
      ...(wide ? wideColumns : []),
    ],
    row: ([run, usage, ending]) => [
      ...(withNamespace ? [run.ref.namespace] : []),
      ...workCells(run, now, ending),
      ...usageCells(usage),
      run.nodeName ?? "-",
      ...(wide ? wideCells(run, ending, now) : []),
    ],
    data: ([{ note: _note, ending: _seen, ...run }, usage, ending]) => ({ ...run, ending, usage }),
    name: ([{ ref }]) => `job/${ref.jobName}`,
  };
}

function wideCells(run: RunListing, ending: SeenEnding | null, now: number): readonly string[] {
  return [
    ending?.code ?? "-",
    run.concludedAt === null ? "-" : ageOf(run.concludedAt, now),
    run.podName ?? "-",
    run.supervisor === null ? "-" : `${run.supervisor}${run.supervised ? "" : " (gone)"}`,
    run.slot ?? "-",
  ];
}

/** A run that works and that nobody watches over is worth a word. */
function stateWords({ state, supervised }: RunListing): string {
  return supervised || state === "finished" ? state : `${state}, unwatched`;
}

/** Numbers are sorted with the largest first, words as the alphabet has them, and what is not known stands last. */
const sorters: Readonly<Record<SortKey, (listed: ListedRun) => string | number>> = {
  name: ([{ ref }]) => ref.jobName,
  age: ([{ createdAt }]) => Date.parse(createdAt ?? "") || 0,
  state: ([{ state }, , ending]) => ending?.word ?? state,
  agent: ([run]) => workOf(run).agent,
  task: ([run]) => workOf(run).task,
  tokens: ([, usage]) => usage?.tokens ?? -1,
  cost: ([, usage]) => usage?.costUsd ?? -1,
  node: ([{ nodeName }]) => nodeName ?? "",
};

export function sorted(runs: readonly ListedRun[], key: SortKey): readonly ListedRun[] {
  const read = sorters[key];
  return runs.toSorted(
    (a, b) => compared(read(a), read(b)) || a[0].ref.jobName.localeCompare(b[0].ref.jobName),
  );
}

function compared(a: string | number, b: string | number): number {
  return typeof a === "number" && typeof b === "number" ? b - a : String(a).localeCompare(String(b));
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
