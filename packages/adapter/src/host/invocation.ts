import type { RunSpec } from "@claude-k8s/k8s-runner";

import { bareCommand } from "../claude/arguments.ts";
import type { Prompt } from "../claude/prompt.ts";
import type { TakenOver } from "../adoption/taken-over.ts";
import { adapterType } from "./adapter-type.ts";
import type { HostInvocation } from "./contract.ts";

/**
 * What the host stores of the invocation, behind its mask. Names of variables are told, values only of those that the pod's spec shows
 * anyway; the wake's context stays out: it holds bearer tokens.
 */
export function describeInvocation(
  spec: RunSpec,
  prompt: Prompt,
  notes: readonly string[],
  invocationType: string = adapterType,
): HostInvocation {
  const command = bareCommand(spec.command);
  return {
    adapterType: invocationType,
    command: command[0] ?? "",
    ...(spec.workingDirectory !== undefined && { cwd: spec.workingDirectory }),
    commandArgs: command.slice(1),
    commandNotes: [
      `Image: ${spec.image}`,
      `Namespace: ${spec.namespace}`,
      `Deadline: ${spec.deadlineSeconds === undefined ? "none" : `${spec.deadlineSeconds} s`}`,
      ...notes,
    ],
    env: {
      ...spec.env,
      ...Object.fromEntries(Object.keys(spec.secretEnv ?? {}).map((name) => [name, "***"])),
    },
    prompt: prompt.text,
    promptMetrics: { ...prompt.metrics },
  };
}

/** The Job of an earlier run was not told what this run would have told it. */
export function describeTakenOver(own: HostInvocation, { runId, prompt }: TakenOver): HostInvocation {
  const { prompt: _own, promptMetrics: _metrics, ...rest } = own;
  const whose = runId === null ? "an earlier run" : `run ${runId}`;
  return {
    ...rest,
    commandNotes: [
      `The Job of ${whose} was found alive and taken over: image, arguments and variables are as that run shows them.`,
      ...(own.commandNotes ?? []),
    ],
    prompt: prompt ?? `(The prompt was given by ${whose}, and is shown there.)`,
  };
}
