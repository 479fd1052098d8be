/** A chore about an orphan that one of many processes does. */

import { expect, test } from "vitest";
import { makeFolder, startSupervisor } from "./supervisor.ts";
import { counting, describeWorlds, drain, runOf, shell, specOf } from "./world.ts";

describeWorlds("a reservation of a run", (world) => {
  test("one of five processes gets it, and the next one when that process is gone", async ({
    onTestFinished,
  }) => {
    const spoolFolder = await makeFolder(onTestFinished);
    const spec = specOf(world(), { command: shell(counting(60, 1)), labels: { "example.com/agent": "a1" } });
    const first = startSupervisor(
      { kubeconfig: world().kubeconfig, spec, spoolFolder, cleanUp: false },
      onTestFinished,
    );
    await first.news("output", () => first.output().includes("line 1\n"));
    await first.kill();
    const runners = Array.from({ length: 5 }, () => world().runner({}));
    const [listed] = await runners[0]!.list({ namespace: spec.namespace });
    expect(listed).toMatchObject({ concludedAt: null, labels: { "example.com/agent": "a1" } });
    const { ref } = listed!;
    const answers = await Promise.all(runners.map((runner) => runner.reserve(ref)));
    expect(answers.filter(Boolean)).toHaveLength(1);
    const winner = runners[answers.indexOf(true)]!;
    const loser = runners[answers.indexOf(false)]!;
    expect(await winner.reserve(ref)).toBe(true);
    expect(await loser.reserve(ref)).toBe(false);
    // It removes its Lease: nobody has to wait for it to expire.
    await winner.close();
    expect(await loser.reserve(ref)).toBe(true);
    expect(await loser.reserve({ ...ref, jobUid: "of-an-earlier-job" })).toBe(false);
    const adopted = await loser.start({ ...spec, runId: "second" }, { waitSeconds: 40 });
    const run = runOf(adopted);
    void run.stop({ reason: "enough", graceSeconds: 1 });
    await drain(run);
    await run.cleanUp({ keepJobSeconds: 0 });
    expect(await loser.reserve(ref)).toBe(false);
  });

  test("a run that is kept after its end says that it was taken", async () => {
    const spec = specOf(world(), { command: shell("echo done") });
    const runner = world().runner({});
    const run = runOf(await runner.start(spec));
    await drain(run);
    const before = await runner.list({ namespace: spec.namespace });
    expect(before.find(({ ref }) => ref.jobUid === run.ref.jobUid)?.concludedAt).toBeNull();
    await run.cleanUp({ keepJobSeconds: 3600, note: "three tokens" });
    const after = await runner.list({ namespace: spec.namespace });
    const kept = after.find(({ ref }) => ref.jobUid === run.ref.jobUid);
    expect(kept?.concludedAt).toMatch(/^\d{4}-/);
    expect(kept?.note).toBe("three tokens");
    // Half a note is none, and the one that is there stays.
    await run.cleanUp({ keepJobSeconds: 3600, note: "x".repeat(4097) });
    const again = await runner.list({ namespace: spec.namespace });
    expect(again.find(({ ref }) => ref.jobUid === run.ref.jobUid)?.note).toBe("three tokens");
  });
});
