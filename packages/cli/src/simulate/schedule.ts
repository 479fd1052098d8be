import type { RunEvent } from "@claude-k8s/k8s-runner";

import type { PlannedFault, Stage } from "./faults.ts";

export interface Schedule {
  /** Faults count from the container's start, which an event tells. */
  event(event: RunEvent): void;
  /** Something of the log has arrived. */
  output(): void;
  close(): void;
}

/** Lets each fault strike at its time. */
export function scheduleFaults({
  faults,
  speed,
  say,
  proxy,
  stage,
}: {
  readonly proxy: Stage["proxy"];
  readonly faults: readonly PlannedFault[];
  readonly speed: number;
  readonly say: (text: string) => void;
  readonly stage: (jobName: string, podName: string) => Stage;
}): Schedule {
  const timers = new Set<NodeJS.Timeout>();
  let jobName = "";
  let podName = "";
  let isStarted = false;
  const arrived = Promise.withResolvers<void>();
  const strike = async ({ fault }: PlannedFault, at: Stage): Promise<void> => {
    if (fault.afterFirstOutput === true) await arrived.promise;
    say(fault.title);
    // An object that is gone meanwhile cannot be broken any more.
    await fault.strike?.(at).catch((error: unknown) => {
      say(`it came too late: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  for (const { fault, atSeconds } of faults)
    void fault.prepare?.(proxy, (atSeconds * 1000) / speed).then(() => say(fault.title));
  const begin = (): void => {
    const at = stage(jobName, podName);
    for (const planned of faults.filter(({ fault }) => fault.prepare === undefined)) {
      const milliseconds = (planned.atSeconds * 1000) / speed;
      const timer = setTimeout(() => {
        timers.delete(timer);
        void strike(planned, at);
      }, milliseconds);
      timers.add(timer);
    }
  };
  return {
    event(event) {
      if (event.type === "job-created" || event.type === "job-adopted") jobName = event.jobName;
      if (event.type === "pod-scheduled" || event.type === "container-started") podName = event.podName;
      if (event.type !== "container-started" || isStarted) return;
      isStarted = true;
      begin();
    },
    output: arrived.resolve,
    close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
