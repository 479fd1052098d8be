import type { Note } from "./diagnosis.ts";
import type { FilesFacts, LeftOut, RepositoryFacts } from "./facts/files-facts.ts";
import { countWords } from "./words/numbers.ts";
import { oneLine, sentence } from "./words/quote.ts";

/** What is to be said of the folders that a run had as copies. */
export function fileNotes(files: FilesFacts): readonly Note[] {
  const notes: Note[] = [];
  if (files.late) notes.push({ code: "workspace_late", text: lateWords });
  if (files.lost !== null) notes.push({ code: "workspace_not_returned", text: lostWords(files, files.lost) });
  if (files.conflicted > 0)
    notes.push({
      code: "workspace_conflict",
      text: `${countWords(files.conflicted, "file was", "files were")} changed by the agent and on the server: the agent's version is in the place, the other one beside it: ${listed(files.conflicts.map(conflictWords), files.conflicted)}`,
    });
  if (files.refused > 0)
    notes.push({
      code: "workspace_left_out",
      text: `${countWords(files.refused, "entry was", "entries were")} not copied: ${listed(files.refusals.map(refusalWords), files.refused)}`,
    });
  return notes;
}

const lateWords =
  "What the agent left was not all here yet when the stop was answered: it is still being brought, and the next run of this task waits for it.";

const lostReasons: Readonly<Record<string, string>> = {
  "pod-gone": "its pod was gone before anybody could fetch them",
  "time-over": "nobody fetched them in the time for which the pod kept them",
  forbidden: "the server may not use pods/exec",
  "too-large": "they are more than the limit allows",
  "disk-full": "the server's disk is full",
  "not-sent": "none had been sent",
  unavailable: "the server could not fetch them",
};

function lostWords({ names }: FilesFacts, { reason, message }: NonNullable<FilesFacts["lost"]>): string {
  const where = names.length === 0 ? "" : ` in ${names.map((name) => oneLine(name, 60)).join(" and ")}`;
  const why = lostReasons[reason ?? ""];
  const said = sentence(oneLine(message, 300));
  return `Files that the agent changed${where} did not come back: ${why === undefined ? said : `${why} (${said.replace(/\.$/, "")}).`}`;
}

function conflictWords({ path, keptAs }: FilesFacts["conflicts"][number]): string {
  const kept = keptAs === null ? "left as it was" : `the server's is ${oneLine(keptAs, 120)}`;
  return `${oneLine(path, 120)} (${kept})`;
}

const refusalReasons: Readonly<Record<string, string>> = {
  "leads-out": "a link that leads out of the folder",
  "absolute-name": "a name outside of the folder",
  "not-utf8": "a name that is not UTF-8",
  "bad-name": "a name that cannot be a file's",
  "reserved-name": "a name that the copy itself uses",
  "hard-link": "a hard link",
  device: "a device, pipe or socket",
  unsupported: "of an unknown kind",
  unreadable: "it cannot be read",
  "special-mode": "without its setuid, setgid or sticky bit",
};

function refusalWords({ path, reason }: LeftOut): string {
  return `${oneLine(path, 120)} (${refusalReasons[reason] ?? oneLine(reason, 40)})`;
}

const mostNamed = 5;

function listed(words: readonly string[], all: number): string {
  const named = words.slice(0, mostNamed);
  const more = all - named.length;
  return `${named.join(", ")}${more > 0 ? `${named.length === 0 ? "" : ", and "}${more} more` : ""}.`;
}

/** Work in a cloned repository that is nowhere else. */
export function repositoryNotes(repository: RepositoryFacts | null): readonly Note[] {
  if (repository === null || repository.pushed) return [];
  const { commits, dirty, readable, message, branch } = repository;
  const said = message === null ? "" : ` git said: ${sentence(oneLine(message, 300))}`;
  if (!readable)
    return [
      {
        code: "workspace_unpushed",
        text: `What the agent left in the repository could not be read, and went with the pod.${said}`,
      },
    ];
  if (commits === 0 && dirty === 0) return [];
  const left = [
    ...(commits > 0 ? [countWords(commits, "commit")] : []),
    ...(dirty > 0 ? [countWords(dirty, "file that was not committed", "files that were not committed")] : []),
  ];
  const where = branch === null ? "" : ` on ${oneLine(branch, 100)}`;
  return [
    {
      code: "workspace_unpushed",
      text: `Not pushed, and gone with the pod: ${left.join(" and ")}${where}.${said}`,
    },
  ];
}
