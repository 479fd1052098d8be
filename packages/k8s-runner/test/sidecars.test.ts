/** Native sidecars, as service meshes and secret agents are injected: only a real kubelet knows how they come and go. */

import { expect, test } from "vitest";
import { describeReal, drain, execute, failureOf, runOf, shell, specOf } from "./world.ts";

const forEver = "trap 'exit 143' TERM; while :; do sleep 0.2; done";

function sidecar(script: string, more: object = {}) {
  return {
    name: "proxy",
    image: "lab/base:1",
    imagePullPolicy: "Never",
    restartPolicy: "Always",
    command: shell(script),
    securityContext: { runAsUser: 1000 },
    ...more,
  };
}

describeReal("native sidecars", (world) => {
  test.concurrent.each([0, 3])("beside a command that ends with %i", async (exitCode) => {
    const command = shell(`echo hello; exit ${exitCode}`);
    const ended = await execute(
      world().runner(),
      specOf(world(), { command, initContainers: [sidecar(forEver)] }),
    );
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode });
    expect(ended.output).toBe("hello\n");
    const [proxy] = ended.exit.evidence.pod?.containers ?? [];
    expect(proxy).toMatchObject({ name: "proxy", init: true, restartPolicy: "Always" });
  });

  test.concurrent("one that falls over while the command works", async () => {
    const command = shell("for i in 1 2 3 4 5 6 7 8; do echo $i; sleep 1; done");
    const initContainers = [sidecar("sleep 2; exit 1")];
    const ended = await execute(world().runner(), specOf(world(), { command, initContainers }));
    expect(ended.exit).toMatchObject({ kind: "exited", exitCode: 0 });
    expect(ended.output).toBe("1\n2\n3\n4\n5\n6\n7\n8\n");
    expect(ended.events.map(({ type }) => type)).not.toContain("init-container-finished");
  });

  test.concurrent("one that fell over is no ending for a process that comes later", async () => {
    const first = world().runner();
    const command = shell("sleep 4; exit 5");
    const run = runOf(
      await first.start(specOf(world(), { command, initContainers: [sidecar("sleep 1; exit 1")] })),
    );
    await run.exit;
    await first.close();
    const late = runOf(await world().runner().attach(run.ref, { observe: true }));
    expect((await drain(late)).exit).toMatchObject({ kind: "exited", exitCode: 5 });
  });

  test.concurrent("one that runs does not hide that the image is missing", async () => {
    const spec = specOf(world(), { image: "lab/absent:9", initContainers: [sidecar(forEver)] });
    const ended = await execute(world().runner(), spec);
    expect(failureOf(ended.exit)).toMatchObject({ kind: "image-invalid", reason: "ErrImageNeverPull" });
  });

  test.concurrent("one whose own image is missing holds up the start", async () => {
    const initContainers = [sidecar(forEver, { image: "lab/absent:9" })];
    const ended = await execute(world().runner(), specOf(world(), { initContainers }));
    expect(failureOf(ended.exit)).toMatchObject({ kind: "image-invalid", image: "lab/absent:9" });
  });

  test.concurrent("a stop ends it, too", async () => {
    const spec = specOf(world(), {
      command: shell("echo up; sleep 300"),
      initContainers: [sidecar(forEver)],
    });
    const run = runOf(await world().runner().start(spec));
    const ended = await drain(run, () => void run.stop({ reason: "enough" }));
    expect(ended.exit).toMatchObject({ kind: "stopped", started: true });
    expect(ended.exit.evidence.pod?.containers.map(({ state }) => state.kind)).toEqual([
      "terminated",
      "terminated",
    ]);
  });
});
