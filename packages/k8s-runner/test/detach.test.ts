/** A run that is let go of goes on, and somebody else may have it at once. */

import { expect, test } from "vitest";
import { RunDetachedError } from "../src/index.ts";
import { makeFolder } from "./supervisor.ts";
import { counting, describeWorlds, drain, lines, runOf, shell, specOf } from "./world.ts";

describeWorlds("a run that is let go of", (world) => {
  test("rejects with a reason, goes on, and another living process takes it over whole", async ({
    onTestFinished,
  }) => {
    const spoolFolder = await makeFolder(onTestFinished);
    const spec = specOf(world(), { command: shell(counting(20, 0.2)) });
    const first = world().runner({ spoolFolder });
    const run = runOf(await first.start(spec));
    const reading = (async () => {
      for await (const _ of run.output) await run.detach();
    })();
    await expect(reading).rejects.toSatisfy((error) => RunDetachedError.isInstance(error));
    await expect(run.exit).rejects.toSatisfy((error) => RunDetachedError.isInstance(error));
    const start = await world()
      .runner({ spoolFolder })
      .start({ ...spec, runId: "second" });
    expect(start.kind).toBe("adopted");
    const ended = await drain(runOf(start));
    expect(ended.output).toBe(lines(20));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await ended.run.cleanUp({ keepJobSeconds: 0 });
  });

  test("after the end there is nothing to let go of", async () => {
    const spec = specOf(world(), { command: shell("echo done") });
    const { run, exit } = await drain(runOf(await world().runner({}).start(spec)));
    await run.detach();
    expect(exit).toMatchObject({ kind: "exited", exitCode: 0 });
    await run.cleanUp({ keepJobSeconds: 0 });
  });
});
