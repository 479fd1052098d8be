import type { ExecutionResult } from "./contract.ts";

/**
 * What tells Paperclip that a failed run may be followed by another one. Without either, a server from 2026.916.1 on locks
 * the issue of every failed run of an adapter that is not on its own list: no retry, and a comment does not wake the agent.
 * The first is that list's own mark, undocumented: test it again with every server release.
 */
const conversationContinuation = { conversationContinuation: "continue_conversation_v1" } as const;

/** The agent had started: what it did stands, a new turn continues the conversation and replays no tool call. */
export function continuation(): Record<string, unknown> {
  return { ...conversationContinuation };
}

/** It is certain that the agent never started: running it again repeats nothing. */
export function bootstrapRecovery(): Required<Pick<ExecutionResult, "executionRecovery">> {
  return { executionRecovery: { kind: "bootstrap", providerWorkStarted: false } };
}

/** The host's stop has been carried out: the container is known to be gone. */
export function acknowledgement(at: string, forced: boolean): Record<string, unknown> {
  return { executionCancellation: { state: "acknowledged", acknowledgedAt: at, forced } };
}
