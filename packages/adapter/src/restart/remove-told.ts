import type { RunRef, Runner } from "@claude-k8s/k8s-runner";

/** Removes the Job of a run whose result the host has: nothing of it is shown again. Rejects with what `attach` and `cleanUp` do. */
export async function removeTold(
  runner: Pick<Runner, "attach">,
  ref: RunRef,
  signal: AbortSignal,
): Promise<void> {
  const taken = await runner.attach(ref, { signal });
  if (taken.kind !== "adopted") return;
  const { run } = taken;
  for await (const _ of run.output);
  await run.exit;
  await run.cleanUp({ keepJobSeconds: 0 });
}
