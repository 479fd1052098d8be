import { stat } from "node:fs/promises";

import type { OperatorFile } from "./file-schema.ts";
import { readOperatorFile } from "./read-file.ts";

/** What the operator says now. */
export type OperatorWord =
  | {
      readonly kind: "rules";
      /** `null`: there is no file, and the closed defaults hold. */
      readonly file: string | null;
      readonly rules: OperatorFile;
      /** What is wrong with the file as it is now; the rules are then those that it had before. */
      readonly problems: readonly string[];
    }
  /** It has never been good since this process began: no rule is known, so nothing may run. */
  | { readonly kind: "unusable"; readonly file: string; readonly problems: readonly string[] };

export interface Operator {
  /** Reads the file again when it has changed. Never rejects. */
  readonly word: () => Promise<OperatorWord>;
}

export interface OperatorOptions {
  /** `CLAUDE_K8S_CONFIG` of the server's own environment, which no setting can change. */
  readonly file: string | null;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** One line for the server's log. */
  readonly log: (line: string) => void;
}

/**
 * The operator's file, as it is when a run begins. A file that becomes unusable does not loosen anything: the rules that it
 * had stay in force, and the log and "Test" say so. A file that was never usable lets nothing run.
 */
export function createOperator({ file, environment, log }: OperatorOptions): Operator {
  const none: OperatorWord = { kind: "rules", file: null, rules: {}, problems: [] };
  if (file === null) return { word: async () => none };
  let seen: string | null = null;
  let word: OperatorWord = { kind: "unusable", file, problems: ["it has not been read yet"] };
  let reading: Promise<void> = Promise.resolve();
  const refresh = async (): Promise<void> => {
    const version = await versionOf(file);
    if (version === seen) return;
    const read = await readOperatorFile(file, environment);
    // What was being written meanwhile is read once more, next time.
    seen = (await versionOf(file)) === version ? version : null;
    if (read.kind === "good" && read.isEmpty && word.kind === "rules" && Object.keys(word.rules).length > 0) {
      // An editor empties a file before it writes it, and a full disk leaves it so: that takes no rule back.
      word = { ...word, problems: ["it has become empty; write {} into it where no rule is meant"] };
      log(`the operator's file ${file} has become empty; the rules that it had before stay in force`);
      return;
    }
    if (read.kind === "good") {
      word = { kind: "rules", file, rules: read.rules, problems: [] };
      log(`the operator's file ${file} is in force`);
      return;
    }
    word =
      word.kind === "rules"
        ? { ...word, problems: read.problems }
        : { kind: "unusable", file, problems: read.problems };
    const consequence =
      word.kind === "rules"
        ? "the rules that it had before stay in force"
        : "no run is started until it is corrected";
    log(`the operator's file ${file} cannot be used: ${read.problems.join("; ")}; ${consequence}`);
  };
  return {
    async word() {
      // One after the other: a slow reading of an older file must not overwrite a newer one.
      reading = reading.then(refresh);
      await reading;
      return word;
    },
  };
}

/** Mounted ConfigMaps are exchanged by a link, so the inode counts as well as the times. */
async function versionOf(file: string): Promise<string> {
  try {
    const { ino, dev, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(" ");
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "unreadable";
  }
}
