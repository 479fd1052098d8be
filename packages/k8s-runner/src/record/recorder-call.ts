/** One program in the container that keeps a record. */

import type { ExecSession } from "../cluster/exec-source.ts";
import type { createPatience } from "../files/exchange/patience.ts";
import { endWords, refusedOrInterrupted } from "../files/exchange/program.ts";
import type { OutputRecord, RecordReadEnd } from "../logs/record/output-record.ts";
import { recorderContainer } from "../manifest/names.ts";
import type { RunnerContext } from "../runner-context.ts";
import { givenUpExitCode } from "./script.ts";

export interface RecorderPod {
  readonly namespace: string;
  readonly podName: string;
}

const silenceMilliseconds = 60_000;

export function execInRecorder(
  { cluster }: Pick<RunnerContext, "cluster">,
  pod: RecorderPod,
  script: readonly string[],
  signal: AbortSignal,
) {
  const command = ["/bin/sh", "-c", ...script];
  return cluster.exec.open({ ...pod, container: recorderContainer, command }, { signal });
}

export async function passOn(
  session: ExecSession,
  take: Parameters<OutputRecord["read"]>[1],
  signal: AbortSignal,
): Promise<RecordReadEnd> {
  const cancel = (): void => session.cancel("the record sends nothing any more");
  let silence = setTimeout(cancel, silenceMilliseconds);
  try {
    for await (const chunk of session.output) {
      clearTimeout(silence);
      if ((await take(chunk)) === "stop") return { kind: "stopped" };
      silence = setTimeout(cancel, silenceMilliseconds);
    }
    signal.throwIfAborted();
    const end = await session.ended;
    if (end.kind === "exited" && end.exitCode === 0) return { kind: "end" };
    const isGivenUp = end.kind === "exited" && end.exitCode === givenUpExitCode;
    if (isGivenUp) return { kind: "lost", message: "it is over its limit, and keeps only what came last" };
    return { kind: "interrupted", message: endWords(end, session.errors()) };
  } finally {
    clearTimeout(silence);
    session.cancel("all is read");
  }
}

export type RecorderAnswer =
  | { readonly kind: "said"; readonly text: string }
  | { readonly kind: "refused"; readonly message: string }
  | {
      readonly kind: "failed";
      readonly message: string;
      readonly trouble: Parameters<ReturnType<typeof createPatience>["endsWith"]>[0];
    };

export async function callInRecorder(
  context: RunnerContext,
  pod: RecorderPod,
  script: readonly string[],
  signal: AbortSignal = context.closing,
): Promise<RecorderAnswer> {
  const answer = await execInRecorder(context, pod, script, signal);
  if (answer.kind === "error") return failureOf(refusedOrInterrupted(answer.error));
  const chunks: Uint8Array[] = [];
  const take = async (chunk: Uint8Array): Promise<undefined> => void chunks.push(chunk);
  const end = await passOn(answer.session, take, signal);
  if (end.kind === "end") return { kind: "said", text: Buffer.concat(chunks).toString("utf8").trim() };
  const message = end.kind === "stopped" ? "stopped" : end.message;
  const ended = await answer.session.ended;
  return { kind: "failed", message, trouble: ended.kind === "exited" ? "program-failed" : null };
}

export function failureOf(
  answer: ReturnType<typeof refusedOrInterrupted>,
): Exclude<RecorderAnswer, { kind: "said" }> {
  return answer.kind === "refused"
    ? { kind: "refused", message: answer.error.message }
    : { kind: "failed", message: answer.message, trouble: answer.trouble };
}
