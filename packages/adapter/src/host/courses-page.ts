import { catalog } from "@claude-k8s/diagnostics";

import { type Course, courses } from "./courses.ts";
import { mostContinuations } from "./failure-chain.ts";

interface Words {
  readonly title: string;
  readonly host: string;
  readonly person: string;
}

/** In the order in which a person asks. */
const words: Readonly<Record<Course, Words>> = {
  person: {
    title: "Waits for a person",
    host: "One run, no retry. The issue is blocked, or stays as it is where the agent never started, and takes comments.",
    person: "Do what the comment says; a comment on the issue starts the next run.",
  },
  retry: {
    title: "Tried again",
    host: "Twice, after half a minute each.",
    person: "Nothing, unless both fail as well: then as above.",
  },
  later: {
    title: "Tried again later",
    host: "Twice, after five minutes each: another run holds the slot, and ends by itself.",
    person: "Nothing.",
  },
  "at-a-time": {
    title: "Tried again when the limit is over",
    host: "At the time that Claude names; where it names none, after half a minute.",
    person: "Nothing, or raise the limit.",
  },
  continue: {
    title: "Continued",
    host: `A new turn goes on at once, ${mostContinuations - 1} times at most in a row; with the session where its files outlive the pod. Then it waits for a person.`,
    person: "Raise *Turns at most*, or cut the task smaller.",
  },
  deadline: {
    title: "Continued after its time was over",
    host: `Paperclip's own way with a run that took too long: a new turn goes on, ${mostContinuations - 1} times at most in a row. Then it waits for a person.`,
    person: "Raise *Timeout*, or cut the task smaller.",
  },
  stopped: { title: "Stopped", host: "Nothing follows: somebody asked for it.", person: "Nothing." },
};

/** `docs/courses.md`: what each ending leads to on the host. */
export function coursesPage(): string {
  const titles = new Map(catalog.map(({ code, title }) => [code, title]));
  const all = Object.entries(courses) as [keyof typeof courses, Course][];
  const section = (course: Course): readonly string[] => {
    const { title, host, person } = words[course];
    const rows = all.filter(([, usual]) => usual === course);
    return [
      "",
      `## ${title}`,
      "",
      `Paperclip: ${host}`,
      "",
      `A person: ${person}`,
      "",
      "| ending | what happened |",
      "| --- | --- |",
      ...rows.map(([code]) => `| [\`${code}\`](endings.md#${code}) | ${titles.get(code) ?? ""} |`),
    ];
  };
  return [
    "# What Paperclip does after a failed run",
    "",
    "<!-- Made from the adapter's table by `pnpm generate`; edit that. -->",
    "",
    "By the ending of a run, tried on a server 2026.916.1. What the evidence of one failure says wins over its row: an image that is not there waits for a person, and one whose registry is down is tried again. The comment on the issue says which it was. A failure that Paperclip would start once more although nothing has changed, neither settings nor comments, is refused with the same explanation.",
    "",
    "Paperclip decides by error codes of its own, so `errorCode` of a run that waits for a person reads `setup_failed` or `budget_exhausted`; our code stands in the message and in `resultJson.diagnosis.code`.",
    ...(Object.keys(words) as Course[]).flatMap(section),
    "",
  ].join("\n");
}
