/** What the cache in the pod has, before anything is sent. */

import type { ExecSession } from "../../cluster/exec-source.ts";
import { refusedOrInterrupted } from "../exchange/program.ts";
import type { ProgramEnd, StartProgram } from "../exchange/program.ts";
import { mostCachedContents } from "../pod/cache.ts";
import type { Reply } from "../pod/config.ts";
import { hashSetOf } from "./hash-set.ts";
import type { HashSet } from "./hash-set.ts";

export type CacheAnswer =
  | { readonly kind: "known"; readonly hashes: HashSet }
  | { readonly kind: "unusable"; readonly message: string }
  | Exclude<ProgramEnd, { kind: "reply" }>;

const hashForm = /^[0-9a-f]{64}$/;
const mostLineLength = 1000;
const silenceMilliseconds = 60_000;

export async function askCache(start: StartProgram, signal: AbortSignal): Promise<CacheAnswer> {
  const answer = await start(["cached"], signal);
  if (answer.kind === "error") return refusedOrInterrupted(answer.error);
  const { session } = answer;
  const hashes: Uint8Array[] = [];
  let count = 0;
  let rest = "";
  let last: string | undefined;
  for await (const chunk of spoken(session)) {
    const lines = `${rest}${Buffer.from(chunk).toString("latin1")}`.split("\n");
    rest = (lines.pop() ?? "").slice(-mostLineLength);
    const whole = lines.filter((line) => hashForm.test(line));
    count += whole.length;
    if (count > mostCachedContents) break;
    hashes.push(Buffer.from(whole.join(""), "hex"));
    last = lines.findLast((line) => line.startsWith("{"));
    if (last !== undefined) break;
  }
  session.cancel("all is said");
  if (last !== undefined) return answerOf(last, hashes);
  const end = await session.ended;
  if (end.kind === "cut" && count === 0) return { kind: "interrupted", message: end.message, trouble: null };
  return { kind: "unusable", message: "its list has no end" };
}

function answerOf(line: string, hashes: readonly Uint8Array[]): CacheAnswer {
  const reply = parsed(line);
  if (reply?.kind === "done") return { kind: "known", hashes: hashSetOf(hashes) };
  const said = reply?.kind === "failed" ? reply.message : "its program answered something else";
  return { kind: "unusable", message: said.slice(0, 500) };
}

function parsed(line: string): Reply | null {
  try {
    return JSON.parse(line) as Reply;
  } catch {
    return null;
  }
}

async function* spoken(session: ExecSession): AsyncGenerator<Uint8Array> {
  const cancel = (): void => session.cancel("the pod says nothing of its cache");
  let silence = setTimeout(cancel, silenceMilliseconds);
  try {
    for await (const chunk of session.output) {
      clearTimeout(silence);
      silence = setTimeout(cancel, silenceMilliseconds);
      yield chunk;
    }
  } finally {
    clearTimeout(silence);
  }
}
