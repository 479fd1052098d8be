import { prove, splitLines, type Account } from "./proof.ts";
import { readResult } from "./result.ts";
import { stageRun, type Stage } from "./stage.ts";
import { untilMoment, untilResult } from "./waiting.ts";

const LOG_REQUESTS = ["log-follow", "log-read"];
const EXPECTED_INCIDENTS = { logCuts: 2, supervisorKills: 1, adoptions: 1 };
const WAITING = "  it may adopt the run when the dead one's Lease has run out: 20 s after its last renewal";

/** The run that succeeds whatever is done to it: its log is cut, its supervisor killed, its log cut again. */
export async function playMainRun(stage: Stage): Promise<Account> {
  const { world, plan, emit } = stage;
  emit({ type: "act", act: "run", title: "A run, its log stream cut twice, its supervisor killed" });
  const ripe = Promise.withResolvers<void>();
  let logCuts = 0;
  const run = stageRun(stage, {
    name: "main",
    ending: { kind: "complete" },
    onLine(lines) {
      world.crew.prepare(2);
      if (logCuts > 0 && lines >= plan.killAfterLines) ripe.resolve();
    },
  });

  async function cutLog(afterBytes: number, ending: "reset" | "clean", words: string): Promise<void> {
    const fault = { kind: "cut", ending, afterBytes } as const;
    // For every request until it has happened: one that the supervisor gives up is still open here when the next one comes.
    const cut = world.proxy.inject({ when: { kind: LOG_REQUESTS }, fault, times: Infinity });
    const { bytesPassed } = await cut.happened;
    cut.remove();
    logCuts += 1;
    emit({
      type: "incident",
      kind: "log-cut",
      message: `log stream cut after ${bytesPassed} bytes: ${words}`,
    });
  }

  try {
    void cutLog(plan.firstCutBytes, "reset", "connection reset");
    const first = run.start(1);
    await untilMoment(ripe.promise, first, run.signal);

    const before = await world.objects.jobOf(run.name);
    await first.kill();
    const firstLog = first.log();
    const had = splitLines(firstLog).length;
    emit({
      type: "incident",
      kind: "supervisor-killed",
      message: `supervisor 1 killed with SIGKILL after ${had} lines; the pod works on`,
    });
    run.tell("nobody supervises: the dead one's Lease runs out");

    void cutLog(plan.secondCutBytes, "clean", "a clean end, as if the container had finished");
    const second = run.start(2);
    emit({ type: "notice", message: WAITING });
    world.crew.prepare(3);
    const { result } = await untilResult(second, run.signal);
    emit({ type: "result", ...readResult(result) });

    const after = await world.objects.jobOf(run.name);
    const adopted = before !== null && before.uid === after?.uid && before.supervisor !== after.supervisor;
    const account = prove({
      truth: await world.objects.truthOf(run.name),
      recording: world.recording,
      firstLog,
      finalLog: second.log(),
      incidents: { logCuts, supervisorKills: 1, adoptions: adopted ? 1 : 0 },
      expectedIncidents: EXPECTED_INCIDENTS,
    });
    emit({ type: "account", ...account });
    return account;
  } finally {
    run.close();
  }
}
