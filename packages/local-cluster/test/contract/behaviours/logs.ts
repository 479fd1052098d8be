import { expect, vi } from "vitest";

import type { Json } from "../http-client.ts";
import {
  isOver,
  isRunning,
  isTerminated,
  linesOf,
  sh,
  UNTIL_MILLISECONDS,
  UNTIL_TERM,
  waitsFor,
  type Behaviour,
  type Scene,
} from "../subject.ts";

const ended = (pod: Json): boolean => isOver(pod) && isTerminated(pod);
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}(?:Z|[+-]\d\d:\d\d) /;

/** Eight digits, a space and a thousand letters. */
const LINE_LENGTH = 1009;

async function run(scene: Scene, container: Json): Promise<void> {
  await scene.pod("p", container);
  await scene.until("pods", ended, "p");
}

/** The second of a line's timestamp, in a form that `sinceTime` takes. */
function secondOf(line: string, offset = 0): string {
  return new Date(
    Math.floor(Date.parse(line.slice(0, line.indexOf(" "))) / 1000 + offset) * 1000,
  ).toISOString();
}

export const logBehaviours: readonly Behaviour[] = [
  {
    name: "the log of a pod without a node: 204, empty",
    async show(scene) {
      await scene.pod("p", { ...sh("true"), resources: { requests: { cpu: "900" } } });
      expect(await scene.log("p")).toMatchObject({ status: 204, text: "" });
      expect(await scene.log("p", "?follow=true")).toMatchObject({ status: 204, text: "" });
    },
  },
  {
    name: "the log of a container whose image is missing: 400, waiting to start",
    async show(scene) {
      await scene.pod("p", { image: scene.missingImage, imagePullPolicy: "IfNotPresent" });
      await scene.until("pods", waitsFor("ImagePullBackOff"), "p");
      const read = await scene.log("p");
      expect(read.status).toBe(400);
      expect(read.json).toMatchObject({
        reason: "BadRequest",
        message: 'container "main" in pod "p" is waiting to start: trying and failing to pull image',
      });
      await scene.pod("q", { image: scene.missingImage, imagePullPolicy: "Never" });
      await scene.until("pods", waitsFor("ErrImageNeverPull"), "q");
      expect((await scene.log("q")).json.message).toBe(
        'container "main" in pod "q" is waiting to start: ErrImageNeverPull',
      );
    },
  },
  {
    name: "the log of a container with a configuration error: 400 with the reason",
    async show(scene) {
      await scene.pod("p", { ...sh("env"), envFrom: [{ secretRef: { name: "absent" } }] });
      await scene.until("pods", waitsFor("CreateContainerConfigError"), "p");
      const read = await scene.log("p", "?follow=true");
      expect(read).toMatchObject({
        status: 400,
        json: { message: 'container "main" in pod "p" is waiting to start: CreateContainerConfigError' },
      });
    },
  },
  {
    name: "the log of a main container while an init container runs: 400 PodInitializing; the init container's own can be read",
    async show(scene) {
      const init = { name: "prepare", image: scene.image, imagePullPolicy: "Never", ...UNTIL_TERM };
      await scene.pod("p", sh("true"), { pod: { initContainers: [init] } });
      await scene.until(
        "pods",
        (seen) => seen.status?.initContainerStatuses?.[0]?.state?.running !== undefined,
        "p",
      );
      expect((await scene.log("p", "?container=main")).json.message).toBe(
        'container "main" in pod "p" is waiting to start: PodInitializing',
      );
      const read = async (): Promise<string> => (await scene.log("p", "?container=prepare")).text;
      await vi.waitFor(async () => expect(await read()).toBe("started\n"), 15_000);
    },
  },
  {
    name: "the log of an absent pod: 404; of an absent container: 400",
    async show(scene) {
      const absent = await scene.log("absent");
      expect(absent).toMatchObject({
        status: 404,
        json: { reason: "NotFound", message: 'pods "absent" not found' },
      });
      await run(scene, sh("true"));
      const container = await scene.log("p", "?container=other");
      expect(container).toMatchObject({
        status: 400,
        json: { reason: "BadRequest", message: "container other is not valid for pod p" },
      });
    },
  },
  {
    name: "of several containers one must be named: 400",
    async show(scene) {
      const second = { name: "second", image: scene.image, imagePullPolicy: "Never", ...sh("echo two") };
      const main = { name: "main", image: scene.image, imagePullPolicy: "Never", ...sh("echo one") };
      await scene.create(scene.pods, {
        metadata: { name: "p" },
        spec: { restartPolicy: "Never", containers: [main, second] },
      });
      await scene.until("pods", isOver, "p");
      expect((await scene.log("p")).json.message).toBe(
        "a container name must be specified for pod p, choose one of: [main second]",
      );
      expect((await scene.log("p", "?container=second")).text).toBe("two\n");
    },
  },
  {
    name: "the log of a finished container, whole; an unterminated last line stays so",
    async show(scene) {
      await run(scene, sh("echo one; echo; echo three; printf four"));
      const read = await scene.log("p");
      expect(read).toMatchObject({ status: 200, text: "one\n\nthree\nfour" });
    },
  },
  {
    name: "timestamps have nine digits and rise",
    async show(scene) {
      await run(scene, sh("echo one; echo two; echo three"));
      const lines = (await scene.log("p", "?timestamps=true")).text.trimEnd().split("\n");
      expect(lines).toHaveLength(3);
      for (const line of lines) expect(line).toMatch(TIMESTAMP);
      expect(lines.toSorted()).toEqual(lines);
      expect(lines.map((line) => line.replace(TIMESTAMP, ""))).toEqual(["one", "two", "three"]);
    },
  },
  {
    name: "standard output and standard error are one log, of which each keeps its own order",
    async show(scene) {
      await run(scene, sh("echo out; sleep 0.2; echo err >&2; sleep 0.2; echo out again"));
      const lines = (await scene.log("p")).text.split("\n");
      expect(lines.toSorted()).toEqual(["", "err", "out", "out again"]);
      // The runtime reads two pipes: nobody promises which of them it finds readable first.
      expect(lines.filter((line) => line.startsWith("out"))).toEqual(["out", "out again"]);
    },
  },
  {
    name: "a carriage return before the newline is kept from the log",
    async show(scene) {
      await run(scene, { command: ["node", "-e", 'process.stdout.write("a\\r\\nb\\rc\\n")'] });
      expect((await scene.log("p")).text).toBe("a\nb\rc\n");
    },
  },
  {
    name: "bytes that are no UTF-8 pass",
    async show(scene) {
      await run(scene, {
        command: ["node", "-e", "process.stdout.write(Buffer.from([0xff, 0x41, 0xc3, 0x0a]))"],
      });
      const answer = await scene.client.open(`${scene.pods}/p/log`);
      const chunks: Buffer[] = [];
      for await (const chunk of answer.body) chunks.push(chunk);
      expect(Buffer.concat(chunks)).toEqual(Buffer.from([0xff, 0x41, 0xc3, 0x0a]));
    },
  },
  {
    name: "a line over 16 KiB comes whole, with one timestamp",
    async show(scene) {
      await run(scene, { command: ["node", "-e", 'console.log("a".repeat(50_000)); console.log("short")'] });
      const lines = (await scene.log("p", "?timestamps=true")).text.trimEnd().split("\n");
      expect(lines.map((line) => line.replace(TIMESTAMP, ""))).toEqual(["a".repeat(50_000), "short"]);
      expect(lines[0]).toMatch(TIMESTAMP);
    },
  },
  {
    name: "tailLines counts records of 16 KiB, not lines",
    async show(scene) {
      await run(scene, { command: ["node", "-e", 'console.log("a".repeat(20_000)); console.log("short")'] });
      expect((await scene.log("p", "?tailLines=1")).text).toBe("short\n");
      expect((await scene.log("p", "?tailLines=2")).text).toBe(`${"a".repeat(20_000 - 16_384)}\nshort\n`);
      expect((await scene.log("p", "?tailLines=0")).text).toBe("");
    },
  },
  {
    name: "limitBytes cuts in the middle of a line",
    async show(scene) {
      await run(scene, sh("echo one; echo two"));
      expect((await scene.log("p", "?limitBytes=6")).text).toBe("one\ntw");
    },
  },
  {
    name: "sinceTime counts whole seconds, and its second is included",
    async show(scene) {
      await run(scene, sh("echo one; sleep 2.1; echo two"));
      const [first = "", second = ""] = (await scene.log("p", "?timestamps=true")).text.split("\n");
      const within = secondOf(first).replace(".000Z", ".999Z");
      expect((await scene.log("p", `?sinceTime=${within}`)).text).toBe("one\ntwo\n");
      expect((await scene.log("p", `?sinceTime=${secondOf(first, 1)}`)).text).toBe("two\n");
      expect((await scene.log("p", `?sinceTime=${secondOf(second)}`)).text).toBe("two\n");
      expect((await scene.log("p", `?sinceTime=${secondOf(second, 1)}`)).text).toBe("");
      expect((await scene.log("p", `?sinceTime=${secondOf(second, 3600)}`)).text).toBe("");
    },
  },
  {
    name: "sinceTime between two parts of a long line: the rest comes without a timestamp",
    async show(scene) {
      // The first part is written once more than 16 KiB are there, which the runtime sees in steps of 4 KiB.
      const script =
        'process.stdout.write("a".repeat(24_000)); setTimeout(() => console.log("b".repeat(10)), 2_100)';
      await run(scene, { command: ["node", "-e", script] });
      const whole = (await scene.log("p", "?timestamps=true")).text;
      expect(whole.replace(TIMESTAMP, "")).toBe(`${"a".repeat(24_000)}${"b".repeat(10)}\n`);
      const rest = await scene.log("p", `?timestamps=true&sinceTime=${secondOf(whole, 1)}`);
      expect(rest.text).toBe(`${"a".repeat(24_000 - 16_384)}${"b".repeat(10)}\n`);
    },
  },
  {
    name: "parameters that cannot be are refused",
    async show(scene) {
      await run(scene, sh("true"));
      const both = await scene.log("p", "?sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z");
      expect(both.status).toBe(422);
      expect(both.json.message).toContain("at most one of `sinceTime` or `sinceSeconds` may be specified");
      expect((await scene.log("p", "?tailLines=-1")).status).toBe(422);
      expect((await scene.log("p", "?limitBytes=0")).status).toBe(422);
      expect((await scene.log("p", "?sinceSeconds=0")).status).toBe(422);
      expect((await scene.log("p", "?sinceTime=yesterday")).status).toBe(400);
      expect((await scene.log("p", "?tailLines=x")).status).toBe(400);
    },
  },
  {
    name: "previous without an earlier container: 400",
    async show(scene) {
      await run(scene, sh("true"));
      expect(await scene.log("p", "?previous=true")).toMatchObject({
        status: 400,
        json: { message: 'previous terminated container "main" in pod "p" not found' },
      });
    },
  },
  {
    name: "a follow brings what is there and what comes, and ends cleanly when the container has ended",
    async show(scene) {
      await scene.pod("p", sh("echo one; sleep 1; echo two; sleep 1; echo three"));
      await scene.until("pods", isRunning, "p");
      const answer = await scene.client.open(`${scene.pods}/p/log?follow=true`);
      const lines: string[] = [];
      for await (const line of linesOf(answer.body)) lines.push(line);
      expect(lines).toEqual(["one", "two", "three"]);
      expect((await scene.until("pods", ended, "p")).status.phase).toBe("Succeeded");
    },
  },
  {
    name: "a follow's lines arrive before the end, while the container runs",
    async show(scene) {
      await scene.pod(
        "p",
        sh("echo one; read -r _ < /dev/null; trap 'echo two; exit 0' TERM; sleep 600 & wait"),
      );
      await scene.until("pods", isRunning, "p");
      const answer = await scene.client.open(`${scene.pods}/p/log?follow=true`);
      const lines = linesOf(answer.body);
      expect(await lines.next()).toEqual({ done: false, value: "one" });
      expect(isRunning((await scene.client.get(`${scene.pods}/p`)).json)).toBe(true);
      await scene.client.delete(`${scene.pods}/p`);
      expect(await lines.next()).toEqual({ done: false, value: "two" });
      expect(await lines.next()).toMatchObject({ done: true });
    },
  },
  {
    name: "a follow of a finished container: everything, and the end",
    async show(scene) {
      await run(scene, sh("echo one; echo two"));
      expect(await scene.log("p", "?follow=true")).toMatchObject({ status: 200, text: "one\ntwo\n" });
      expect(await scene.log("p", "?follow=true&tailLines=1")).toMatchObject({ text: "two\n" });
    },
  },
  {
    name: "several follows of one container all get everything",
    async show(scene) {
      await scene.pod("p", sh("for i in 1 2 3 4 5; do echo line $i; sleep 0.8; done"));
      await scene.until("pods", isRunning, "p");
      const texts = await Promise.all(Array.from({ length: 5 }, () => scene.log("p", "?follow=true")));
      expect(new Set(texts.map((read) => read.text))).toEqual(
        new Set(["line 1\nline 2\nline 3\nline 4\nline 5\n"]),
      );
    },
  },
  {
    name: "a follow with limitBytes ends there though the container runs",
    async show(scene) {
      await scene.pod("p", UNTIL_TERM);
      await scene.until("pods", isRunning, "p");
      expect((await scene.log("p", "?follow=true&limitBytes=4")).text).toBe("star");
    },
  },
  {
    name: "rotation: a read has only the newest file; an open follow that keeps up misses nothing and repeats nothing",
    async show(scene) {
      const script = [
        "let count = 0;",
        'const line = () => `${String(count += 1).padStart(8, "0")} ${"x".repeat(1000)}\\n`;',
        "for (let index = 0; index < 11_000; index += 1) process.stdout.write(line());",
        "setInterval(() => process.stdout.write(line()), 100);",
      ].join("\n");
      await scene.pod("p", { command: ["node", "-e", script] });
      await scene.until("pods", isRunning, "p");
      const followed: number[] = [];
      const others: string[] = [];
      const answer = await scene.client.open(`${scene.pods}/p/log?follow=true`);
      let isOpen = true;
      const reading = (async () => {
        for await (const line of linesOf(answer.body)) {
          if (line.length === LINE_LENGTH) followed.push(Number(line.slice(0, 8)));
          else others.push(line);
        }
      })().finally(() => (isOpen = false));
      const patience = { timeout: UNTIL_MILLISECONDS, interval: 200 };
      const oldestLeft = await vi.waitFor(async () => {
        const { text } = await scene.log("p", "?limitBytes=8");
        expect(Number(text)).toBeGreaterThan(9_900);
        return Number(text);
      }, patience);
      const after = (line: number): boolean => line > Math.max(oldestLeft, 11_000) + 20;
      await vi.waitFor(
        () =>
          expect({ last: followed.at(-1), isOpen, others }).toEqual({
            last: expect.toSatisfy(after),
            isOpen: true,
            others: expect.any(Array),
          }),
        patience,
      );
      await scene.client.delete(`${scene.pods}/p`, { gracePeriodSeconds: 0 });
      await reading;
      // On a busy node the first rotation can come before the follow, which then begins with the newest file.
      const [first = 0] = followed;
      expect(followed).toEqual(Array.from({ length: followed.length }, (_, index) => first + index));
    },
  },
  {
    name: "an evicted pod's log is gone: 200 with the kubelet's own words, or 400 when even its container is forgotten",
    async show(scene) {
      const { container, afterStart } = scene.diskEviction();
      await scene.job("run", container);
      const { name } = (await scene.podOf("run", isRunning)).metadata;
      await afterStart(scene.namespace, name);
      const over = await scene.podOf("run", isOver);
      expect(over.status).toMatchObject({ phase: "Failed", reason: "Evicted" });
      const words = /^200 unable to retrieve container logs for containerd:\/\/[0-9a-f]{64}$/;
      const forgotten = new RegExp(`^400 .*container \\\\"main\\\\" in pod \\\\"${name}\\\\" is terminated`);
      const either = new RegExp(`${words.source}|${forgotten.source}`);
      const read = async (): Promise<string> => {
        const { status, text } = await scene.log(name);
        return `${status} ${text}`;
      };
      await vi.waitFor(async () => expect(await read()).toMatch(either), 20_000);
    },
  },
];
