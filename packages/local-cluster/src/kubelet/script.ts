import type { ClusterClock } from "../clock.ts";
import type { ContainerScript } from "../options.ts";
import type { ContainerEnd, ContainerOutput, RunningContainer } from "./runtime.ts";

const stepsAtOnce = 256;

/** Plays a script on the cluster's clock in place of a process. */
export function startScript(
  script: ContainerScript,
  output: ContainerOutput,
  clock: ClusterClock,
): RunningContainer {
  const steps = script.steps[Symbol.iterator]();
  let cancel: () => void = () => undefined;
  let done = false;
  let resolveEnd: (end: ContainerEnd) => void = () => undefined;
  const ended = new Promise<ContainerEnd>((resolve) => {
    resolveEnd = resolve;
  });

  function finish(end: ContainerEnd): void {
    if (done) return;
    done = true;
    cancel();
    steps.return?.();
    resolveEnd(end);
  }

  function wait(milliseconds: number, next: () => void): void {
    cancel = clock.after(milliseconds, () => {
      if (!done) next();
    });
  }

  function play(): void {
    for (let count = 0; count < stepsAtOnce; count += 1) {
      const { value: step, done: over } = steps.next();
      if (over === true) return conclude();
      const say = () => {
        if (step.stdout !== undefined) output.write("stdout", Buffer.from(step.stdout as string));
        if (step.stderr !== undefined) output.write("stderr", Buffer.from(step.stderr as string));
      };
      const after = step.afterMilliseconds ?? 0;
      if (after > 0) {
        return wait(after, () => {
          say();
          play();
        });
      }
      say();
    }
    // Steps without time would hold the event loop: give way between bunches.
    wait(0, play);
  }

  function conclude(): void {
    const { ending = { exitCode: 0 } } = script;
    if (ending === "never") return;
    const { afterMilliseconds = 0, ...end } = ending;
    if (afterMilliseconds > 0) wait(afterMilliseconds, () => finish(end));
    else finish(end);
  }

  // The container is "running" before it says anything.
  wait(0, play);

  return {
    pid: null,
    ended,
    terminate() {
      const { onTerminate = { exitCode: 143 } } = script;
      if (done || onTerminate === "ignore") return;
      cancel();
      const { exitCode, afterMilliseconds = 0 } = onTerminate;
      if (afterMilliseconds > 0) wait(afterMilliseconds, () => finish({ exitCode }));
      else finish({ exitCode });
    },
    kill: () => finish({ exitCode: 137 }),
  };
}
