/**
 * A container's log file and the kubelet that serves it, in memory, with every way in which the real ones surprise a reader:
 * parts of 16 KiB with timestamps of their own, rotation, `sinceTime` in whole seconds for each part, rests of lines without a
 * timestamp, answers cut at any byte with and without a sign, the kubelet's words in the body, files sent again, clocks that
 * are coarse or set back.
 */

import type { ContainerVerification } from "../../src/logs/follow/follow-context.ts";
import type { LogAnswer, LogRequest, LogSource } from "../../src/cluster/log-source.ts";
import type { OutputRecord } from "../../src/logs/record/output-record.ts";
import type { VirtualClock } from "./virtual-clock.ts";

export interface ModelConfig {
  readonly seed: number;
  readonly lines: number;
  /** Mean wait between two writes. */
  readonly pauseMilliseconds: number;
  /** Bytes at which the file is rotated; 0: never. */
  readonly rotateBytes: number;
  /** Rotates just before the exit, too. */
  readonly rotateAtExit: boolean;
  /** Timestamps are multiples of so many nanoseconds. */
  readonly clockNanoseconds: number;
  readonly offset: "Z" | "+05:30" | "-03:00";
  /** Of 100 lines, so many are blank or equal to others. */
  readonly duplicatePercent: number;
  /** Of 100 lines, so many have several parts. */
  readonly partialPercent: number;
  /** Of 100 lines, so many carry a timestamp some milliseconds before the line in front of them (stderr beside stdout). */
  readonly reorderPercent: number;
  /** Seconds by which the node's clock is set back in the middle; 0: never. */
  readonly clockStepSeconds: number;
  /** So many lines later it is set forward again; 0: it stays. */
  readonly clockReturnsAfterLines: number;
  /** Of 100 answers, so many are cut, refused, or spoken into. */
  readonly faultPercent: number;
  /** The node has no inotify instance for the first so many requests to follow. */
  readonly withoutFollow: number;
  readonly lastNewline: boolean;
  /** The output is in a file as well, whose reads break as often as those of the log. */
  readonly recorded?: boolean;
}

/** The log of a recorded output starts with it. */
export const header = "the log starts here";

export interface Model extends LogSource {
  /** Writes everything, then terminates. */
  start(): Promise<void>;
  verify(): Promise<ContainerVerification>;
  /** Calls back when the container has ended. */
  onTerminated(callback: () => void): void;
  readonly truth: readonly string[];
  readonly record: OutputRecord;
  readonly rotations: number;
  readonly faults: number;
  readonly requests: number;
  /** The lines of which a part is in the newest file. */
  newestLines(): string[];
}

interface Part {
  readonly nanoseconds: bigint;
  readonly text: string;
  readonly last: boolean;
  readonly line: number;
}

type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const never = new AbortController().signal;
const encoder = new TextEncoder();

export function createKubeletModel(config: ModelConfig, clock: VirtualClock): Model {
  const random = createRandom(config.seed);
  const truth: string[] = [];
  let file: Part[] = [];
  let fileBytes = 0;
  let rotatedAt = 0;
  let rotations = 0;
  let lastRotatedLine = -2;
  let faults = 0;
  let requests = 0;
  let follows = 0;
  let state: "waiting" | "running" | "terminated" = "waiting";
  let steppedMilliseconds = 0;
  let lastNanoseconds = 0n;
  let changed = Promise.withResolvers<void>();
  const callbacks: (() => void)[] = [];

  const chance = (percent: number): boolean => random() * 100 < percent;
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));

  function notify(): void {
    changed.resolve();
    changed = Promise.withResolvers<void>();
  }

  function stamp(): bigint {
    const raw = BigInt(Math.round((clock.now() - steppedMilliseconds) * 1e6));
    // A real clock has moved on by some hundred nanoseconds at the next call.
    const next = raw <= lastNanoseconds && lastNanoseconds - raw < 1_000_000n ? lastNanoseconds + 700n : raw;
    lastNanoseconds = next;
    const tick = BigInt(config.clockNanoseconds);
    return (next / tick) * tick;
  }

  function append(text: string, last: boolean, line: number): void {
    const early = chance(config.reorderPercent) ? BigInt(between(1, 9_000_000)) : 0n;
    file.push({ nanoseconds: stamp() - early, text, last, line });
    fileBytes += text.length + 45;
    notify();
  }

  function rotate(): void {
    rotations++;
    lastRotatedLine = file.at(-1)?.line ?? lastRotatedLine;
    rotatedAt = clock.now();
    file = [];
    fileBytes = 0;
    notify();
  }

  async function write(): Promise<void> {
    const stepAt = config.clockStepSeconds === 0 ? -1 : Math.floor(config.lines * (0.3 + random() * 0.4));
    const returnsAt = config.clockReturnsAfterLines === 0 ? -1 : stepAt + config.clockReturnsAfterLines;
    const exitRotation = config.rotateBytes > 0 && config.rotateAtExit ? config.lines - between(1, 20) : -1;
    await clock.sleep(between(0, 2000), never);
    state = "running";
    // Nobody can know of lines that were rotated away before the first request.
    rotatedAt = clock.now() + 12_000;
    if (config.recorded === true) {
      append(header, true, -1);
      rotatedAt = 0;
    }
    for (let index = 0; index < config.lines; index++) {
      // The kubelet looks at sizes every few seconds, not at every write.
      const due = clock.now() - rotatedAt >= 3000;
      const full = config.rotateBytes > 0 && fileBytes >= config.rotateBytes && due;
      if (full || (index === exitRotation && due)) {
        rotate();
        // The runtime is asked to reopen the file: two equal lines of one clock tick do not lie on both sides of it.
        await clock.sleep(5, never);
      }
      if (index === stepAt) steppedMilliseconds = config.clockStepSeconds * 1000;
      if (stepAt !== -1 && index === returnsAt) steppedMilliseconds = 0;
      const isLast = index === config.lines - 1;
      const long = chance(config.partialPercent);
      const text = long ? `${lineText(index)}${"y".repeat(between(4096, 6000))}${index}` : lineText(index);
      truth.push(text + (isLast && !config.lastNewline ? "" : "\n"));
      const parts = long ? split(text) : [text];
      for (const [position, part] of parts.entries()) {
        if (position > 0 && chance(50)) await clock.sleep(between(1, 3000), never);
        if (position > 0 && config.rotateBytes > 0 && chance(10) && clock.now() - rotatedAt >= 3000) rotate();
        append(part, position === parts.length - 1 && !(isLast && !config.lastNewline), index);
      }
      if (exitRotation !== -1 && index >= exitRotation) continue;
      if (chance(40)) await clock.sleep(random() * 2 * config.pauseMilliseconds, never);
      if (chance(0.5)) await clock.sleep(between(5000, 90_000), never);
    }
    await clock.sleep(between(0, 300), never);
    state = "terminated";
    notify();
    await clock.sleep(between(0, 1500), never);
    for (const callback of callbacks) callback();
  }

  function lineText(index: number): string {
    if (chance(config.duplicatePercent)) return random() < 0.5 ? "" : "dup";
    return `${index} ${"x".repeat(chance(5) ? between(0, 300) : between(0, 20))} é✓`;
  }

  function split(text: string): string[] {
    const parts: string[] = [];
    let rest = text;
    while (rest.length > 1 && parts.length < 3) {
      const cut = between(1, rest.length - 1);
      parts.push(rest.slice(0, cut));
      rest = rest.slice(cut);
    }
    return [...parts, rest];
  }

  function format(nanoseconds: bigint): string {
    const minutes = config.offset === "Z" ? 0 : config.offset === "+05:30" ? 330 : -180;
    const milliseconds = Number(nanoseconds / 1_000_000n) + minutes * 60_000;
    const whole = new Date(milliseconds).toISOString().slice(0, 19);
    return `${whole}.${(nanoseconds % 1_000_000_000n).toString().padStart(9, "0")}${config.offset}`;
  }

  /** As `ReadLogs` does: the filter is for each part, the timestamp only for a part that starts a line. */
  function createPrinter(since: number | undefined): (part: Part) => string {
    const from = since === undefined ? null : BigInt(since) * 1_000_000_000n;
    let newLine = true;
    return (part) => {
      const startsLine = newLine;
      newLine = part.last;
      if (from !== null && part.nanoseconds < from) return "";
      return `${startsLine ? `${format(part.nanoseconds)} ` : ""}${part.text}${part.last ? "\n" : ""}`;
    };
  }

  async function* follow(since: number | undefined, cancelled: () => boolean): AsyncGenerator<string> {
    const print = createPrinter(since);
    let reading = file;
    let index = 0;
    let again = -1;
    for (;;) {
      while (index < reading.length) {
        yield print(reading[index++] as Part);
        if (cancelled()) return;
        // In the middle of a line it would glue two lines together, which no reader can take apart.
        if (again > 1) again--;
        else if (again === 1 && reading[index - 1]?.last === true) {
          index = 0;
          again = -1;
        }
      }
      if (state === "terminated") return;
      if (reading === file) {
        await changed.promise;
        if (cancelled()) return;
        continue;
      }
      // It wakes up late, and returns at the end of the old file when the container has ended meanwhile.
      await clock.sleep(between(0, 400), never);
      if (cancelled() || (state as string) === "terminated") return;
      reading = file;
      index = 0;
      // A file that starts inside a line is sent again with that rest as a line; close in time, no reader can tell.
      const startsLine = reading[0] === undefined || reading[0].line !== lastRotatedLine;
      again = startsLine && chance(config.faultPercent / 2) ? between(1, 30) : -1;
    }
  }

  function* readOnce({ sinceSecond, tailRecords }: LogRequest): Generator<string> {
    const print = createPrinter(sinceSecond);
    for (const part of tailRecords === undefined ? file.slice() : file.slice(-tailRecords)) yield print(part);
  }

  function open(request: LogRequest, signal: AbortSignal): LogAnswer {
    requests++;
    if (state === "waiting") return { kind: "waiting", message: "waiting to start: ContainerCreating" };
    const faulty = chance(config.faultPercent);
    if (faulty) faults++;
    const fault = faulty ? between(0, request.follow ? 9 : 6) : -1;
    if (fault === 0)
      return { kind: "unavailable", message: "500 dial tcp: i/o timeout", retryAfterSeconds: null };
    if (fault === 1) return { kind: "not-found", message: 'pods "p" not found' };
    if (fault === 2) return speak("unable to retrieve container logs for containerd://0123");
    let cancelled = false;
    const cancel = (): void => {
      cancelled = true;
      notify();
    };
    signal.addEventListener("abort", cancel, { once: true });
    const source = request.follow ? follow(request.sinceSecond, () => cancelled) : readOnce(request);
    const cannotFollow = request.follow && ++follows <= config.withoutFollow;
    const atPart = fault === 5 && chance(50);
    const budget = fault === -1 ? Infinity : Math.floor(random() ** 3 * 20_000);
    return {
      kind: "stream",
      chunks: cannotFollow
        ? withoutInotify(request)
        : chunked(source, { budget, fault, atPart }, () => cancelled),
      cancel,
    };
  }

  async function* withoutInotify(request: LogRequest): AsyncGenerator<Uint8Array> {
    yield encoder.encode([...readOnce(request)].join(""));
    yield encoder.encode("failed to create fsnotify watcher: too many open files");
  }

  /** Cuts the answer at a byte: cleanly, with a reset, with the kubelet's words, or by falling silent. */
  async function* chunked(
    source: AsyncIterable<string> | Iterable<string>,
    { budget, fault, atPart }: { budget: number; fault: number; atPart: boolean },
    cancelled: () => boolean,
  ): AsyncGenerator<Uint8Array> {
    let left = budget;
    for await (const piece of source) {
      let bytes = encoder.encode(piece);
      while (bytes.length > 0) {
        // One kind of cut ends behind a part, as a kubelet that was asked to end does.
        const size =
          atPart && left < bytes.length
            ? bytes.length
            : Math.min(left, chance(10) ? between(1, bytes.length) : bytes.length);
        if (size > 0) yield bytes.slice(0, size);
        bytes = bytes.slice(size);
        left -= size;
        if (left > 0) continue;
        if (fault >= 8) {
          while (!cancelled()) await changed.promise;
          return;
        }
        if (fault === 7) yield encoder.encode("failed to watch file: rpc error");
        if (fault === 3 || fault === 4) throw new Error("ECONNRESET");
        return;
      }
    }
  }

  async function readRecord(
    from: number,
    take: (bytes: Uint8Array) => Promise<"stop" | undefined>,
    signal: AbortSignal,
  ): Promise<Awaited<ReturnType<OutputRecord["read"]>>> {
    await clock.sleep(between(1, 30), signal);
    const bytes = encoder.encode(truth.join("")).slice(from);
    const cut = chance(config.faultPercent) ? Math.floor(random() ** 2 * bytes.length) : bytes.length;
    for (let at = 0; at < cut;) {
      const size = Math.min(cut - at, between(1, 5000));
      if ((await take(bytes.slice(at, at + size))) === "stop") return { kind: "stopped" };
      at += size;
      if (chance(5)) await clock.sleep(between(1, 300), signal);
    }
    return cut < bytes.length ? { kind: "interrupted", message: "ECONNRESET" } : { kind: "end" };
  }

  function speak(words: string): LogAnswer {
    const chunks = (async function* say(): AsyncGenerator<Uint8Array> {
      yield encoder.encode(words);
    })();
    return { kind: "stream", chunks, cancel: () => undefined };
  }

  return {
    truth,
    get rotations() {
      return rotations;
    },
    get faults() {
      return faults;
    },
    get requests() {
      return requests;
    },
    start: write,
    async open(request, { signal }) {
      await clock.sleep(between(1, 30), signal);
      return open(request, signal);
    },
    async verify() {
      await clock.sleep(between(1, 30), never);
      if (chance(config.faultPercent / 2)) return "unknown";
      return state === "terminated" ? "terminated" : "running";
    },
    onTerminated: (callback) => void callbacks.push(callback),
    newestLines: () =>
      [...new Set(file.map((part) => part.line))]
        .filter((line) => line >= 0)
        .map((line) => truth[line] as string),
    record: {
      read: readRecord,
      size: () => (state === "terminated" ? encoder.encode(truth.join("")).length : null),
      release: () => undefined,
    },
  };
}
