import { accountOfFailure, type FailingRun } from "./proof.ts";
import { diagnosisOf, readResult } from "./result.ts";
import { stageRun, type Stage } from "./stage.ts";
import { untilMoment, untilResult } from "./waiting.ts";

const EXPECTED_CODE = "k8s_oom_killed";

/** The run that must fail, and must be told why. */
export async function playFailingRun(stage: Stage): Promise<FailingRun> {
  const { world, plan, emit } = stage;
  emit({ type: "act", act: "failing-run", title: "A run that takes more memory than it may" });
  const full = Promise.withResolvers<void>();
  const run = stageRun(stage, {
    name: "failing",
    ending: { kind: "out-of-memory", afterLines: plan.failAfterLines },
    onLine(lines) {
      if (lines >= plan.failAfterLines) full.resolve();
    },
  });

  try {
    const supervisor = run.start(3);
    await untilMoment(full.promise, supervisor, run.signal);
    emit({ type: "incident", kind: "out-of-memory", message: "the container takes memory beyond its limit" });
    await world.exhaustMemory(run.name);

    const { result } = await untilResult(supervisor, run.signal);
    const told = readResult(result);
    emit({ type: "result", ...told });
    emit({ type: "diagnosis", diagnosis: diagnosisOf(result), text: told.errorMessage ?? "no diagnosis" });
    const truth = await world.objects.truthOf(run.name);
    return accountOfFailure(told.errorCode, EXPECTED_CODE, truth, supervisor.log());
  } finally {
    run.close();
  }
}
