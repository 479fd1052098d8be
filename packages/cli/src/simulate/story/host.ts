import { randomUUID } from "node:crypto";
import { closeSync, openSync, readFileSync, readSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createMeter, parseLine, type Spend } from "@claude-k8s/stream-parser";
import { createDelivery } from "./delivery.ts";
import type { DemoEvent } from "./events.ts";
import type { Crew } from "./crew.ts";
import type { Supervisor } from "./supervision.ts";
import type { FromSupervisor } from "./supervisor-messages.ts";

/** The host of one run: it starts supervisors, keeps the log that each of them writes, and tells what is new in it. */
export interface Host {
  start(number: number, context: Readonly<Record<string, unknown>>): HostedSupervisor;
  readonly lines: number;
  readonly elapsedSeconds: number;
  readonly spend: Spend;
}

export interface HostedSupervisor extends Supervisor {
  /** The log as it stands on disk. */
  readonly log: () => Buffer;
}

export interface HostOptions {
  readonly folder: string;
  readonly crew: Crew;
  readonly emit: (event: DemoEvent) => void;
  /** After every line that is delivered for the first time. */
  readonly onLine: (lines: number) => void;
}

export function createHost({ folder, crew, emit, onLine }: HostOptions): Host {
  const delivery = createDelivery();
  const meter = createMeter();
  const started = Date.now();

  function deliver(number: number, bytes: Buffer): void {
    for (const news of delivery.push(number, bytes)) {
      if (news.type === "replayed") {
        emit({ type: "replayed", supervisor: number, lines: news.lines, identical: news.identical });
        continue;
      }
      for (const event of parseLine(news.text)) meter.push(event);
      emit({ type: "output", supervisor: number, line: news.line, text: news.text });
      onLine(delivery.lines);
    }
  }

  function start(number: number, context: Readonly<Record<string, unknown>>): HostedSupervisor {
    const logPath = join(folder, `supervisor-${number}.log`);
    writeFileSync(logPath, "");
    const tail = createTail(logPath);
    function hear(message: FromSupervisor): void {
      if (message.type === "log") deliver(number, tail());
      else if (message.type === "status") {
        emit({ type: "status", supervisor: number, event: message.event, message: message.message });
      }
    }
    const idle = crew.take(number);
    emit({ type: "supervisor", number, pid: idle.pid });
    const supervisor = idle.begin({ runId: randomUUID(), context, logPath }, hear);
    // What was synced in its last moment, after the last word it could send.
    const ending = supervisor.ending.then((end) => {
      deliver(number, tail());
      return end;
    });
    return { ...supervisor, ending, log: () => readFileSync(logPath) };
  }

  return {
    start,
    get lines() {
      return delivery.lines;
    },
    get elapsedSeconds() {
      return (Date.now() - started) / 1000;
    },
    get spend() {
      return meter.reading;
    },
  };
}

/** Reads on from where it read last. */
function createTail(path: string): () => Buffer {
  let position = 0;
  return () => {
    const file = openSync(path, "r");
    try {
      const chunks: Buffer[] = [];
      for (;;) {
        const chunk = Buffer.alloc(64 * 1024);
        const read = readSync(file, chunk, 0, chunk.length, position);
        if (read === 0) return Buffer.concat(chunks);
        position += read;
        chunks.push(chunk.subarray(0, read));
      }
    } finally {
      closeSync(file);
    }
  };
}
