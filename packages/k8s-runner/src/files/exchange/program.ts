/** One call of the program in the pod. */

import type { ApiError } from "../../cluster/cluster.ts";
import type { ExecAnswer, ExecEnd, ExecSession } from "../../cluster/exec-source.ts";
import type { Reply } from "../pod/config.ts";

/** Starts the program in its container. */
export type StartProgram = (words: readonly string[], signal: AbortSignal) => Promise<ExecAnswer>;

export type ProgramEnd =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "refused"; readonly error: ApiError }
  | { readonly kind: "interrupted"; readonly message: string };

const mostReplyBytes = 64 * 1024;

/** A command that takes no input and answers with one line. */
export async function callProgram(
  start: StartProgram,
  words: readonly string[],
  signal: AbortSignal,
): Promise<ProgramEnd> {
  const answer = await start(words, signal);
  if (answer.kind === "error") return refusedOrInterrupted(answer.error);
  return replyOf(answer.session);
}

export async function replyOf(session: ExecSession): Promise<ProgramEnd> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of session.output) {
    bytes += chunk.length;
    if (bytes > mostReplyBytes) session.cancel("its answer is too long");
    else chunks.push(chunk);
  }
  const reply = parseReply(Buffer.concat(chunks).toString("utf8"));
  if (reply !== null) return { kind: "reply", reply };
  return { kind: "interrupted", message: endWords(await session.ended, session.errors()) };
}

export function endWords(end: ExecEnd, errors: string): string {
  const said = errors.trim().split("\n").at(-1) ?? "";
  const words = end.kind === "exited" ? `the program ended with exit code ${end.exitCode}` : end.message;
  return said === "" ? words : `${words}: ${said.slice(0, 500)}`;
}

/** What waiting may mend is an interruption. */
export function refusedOrInterrupted(error: ApiError): Exclude<ProgramEnd, { kind: "reply" }> {
  const passes = error.kind === "unavailable" || error.kind === "not-found" || error.kind === "rejected";
  return passes ? { kind: "interrupted", message: error.message } : { kind: "refused", error };
}

function parseReply(text: string): Reply | null {
  try {
    const value = JSON.parse(text.trim().split("\n").at(-1) ?? "") as Reply;
    return typeof value === "object" && value !== null && typeof value.kind === "string" ? value : null;
  } catch {
    return null;
  }
}
