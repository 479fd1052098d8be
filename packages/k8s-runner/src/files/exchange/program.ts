/** One call of the program in the pod. */

import type { ApiError } from "../../cluster/cluster.ts";
import type { ExecAnswer, ExecEnd, ExecSession } from "../../cluster/exec-source.ts";
import type { FilesTrouble } from "../../types/copies.ts";
import type { Reply } from "../pod/config.ts";

/** Starts the program in its container. */
export type StartProgram = (words: readonly string[], signal: AbortSignal) => Promise<ExecAnswer>;

export type ProgramEnd =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "refused"; readonly error: ApiError }
  | Interruption;

/** Worth another try, for as long as `patience` says. */
export interface Interruption {
  readonly kind: "interrupted";
  readonly message: string;
  /** What it is if it stays; `null`: a connection that broke, which says nothing of the next one. */
  readonly trouble: FilesTrouble | null;
}

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
    // A program that ends while its input still comes is not reported to have ended: whoever passes the input on waits for it.
    const early = parseReply(Buffer.concat(chunks).toString("utf8"));
    if (early?.kind !== "failed") continue;
    session.cancel("the program failed");
    return { kind: "reply", reply: early };
  }
  const reply = parseReply(Buffer.concat(chunks).toString("utf8"));
  if (reply !== null) return { kind: "reply", reply };
  const end = await session.ended;
  const trouble = end.kind === "cut" ? null : "program-failed";
  return { kind: "interrupted", message: endWords(end, session.errors()), trouble };
}

export function endWords(end: ExecEnd, errors: string): string {
  const said = errors.trim().split("\n").at(-1) ?? "";
  const words = end.kind === "exited" ? `the program ended with exit code ${end.exitCode}` : end.message;
  return said === "" ? words : `${words}: ${said.slice(0, 500)}`;
}

/** What waiting may mend is an interruption. */
export function refusedOrInterrupted(error: ApiError): Exclude<ProgramEnd, { kind: "reply" }> {
  const { kind, message } = error;
  switch (kind) {
    case "unavailable":
      // No answer at all is a matter of the connection, and the run's supervision waits for that as well.
      return { kind: "interrupted", message, trouble: error.httpStatus === null ? null : answered(error) };
    case "not-found":
      return { kind: "interrupted", message, trouble: isPodMissing(error) ? null : "no-exec" };
    case "rejected":
      return { kind: "interrupted", message, trouble: "no-exec" };
    case "unauthorized":
      // An API server that has just started may not know any token yet.
      return { kind: "interrupted", message, trouble: "no-answer" };
    case "forbidden":
    case "already-exists":
    case "conflict":
    case "gone":
      return { kind: "refused", error };
  }
}

/** Not implemented: proxies say so of the protocol's upgrade. */
function answered({ httpStatus }: ApiError): FilesTrouble {
  return httpStatus === 501 || httpStatus === 505 ? "no-exec" : "no-answer";
}

/** The API server names what it looked for; one that does not know exec has nothing to name. The kubelet says it in its own words. */
function isPodMissing({ message }: ApiError): boolean {
  return /\bpods? "[^"]*" not found|pod does not exist|pod not found/i.test(message);
}

function parseReply(text: string): Reply | null {
  try {
    const value = JSON.parse(text.trim().split("\n").at(-1) ?? "") as Reply;
    return typeof value === "object" && value !== null && typeof value.kind === "string" ? value : null;
  } catch {
    return null;
  }
}
