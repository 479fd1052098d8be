/** Sessions that break: refused, or cut after some bytes of either direction; and a process that dies in the middle of one. */

import type { ExecSession, ExecSource } from "../../src/cluster/exec-source.ts";
import type { Random } from "../random.ts";

export interface ExecBreaks {
  readonly random: Random;
  /** Of a session to be refused or cut. */
  readonly probability: number;
  readonly count: (kind: ExecKind) => void;
  /** Called at each chunk that comes or goes. */
  readonly step: () => void;
}

export const execKinds = ["exec refused", "exec cut"] as const;
export type ExecKind = (typeof execKinds)[number];

/** Most sessions carry little, some carry folders. */
const mostBytes = 40_000;

export function breakingExec(exec: ExecSource, breaks: ExecBreaks): ExecSource {
  const { random, probability, count } = breaks;
  return {
    async open(request, options) {
      const draw = random();
      const limit = Math.floor(random() ** 3 * mostBytes);
      if (draw < probability / 4) {
        count("exec refused");
        return { kind: "error", error: refusal };
      }
      const answer = await exec.open(request, options);
      if (answer.kind === "error") return answer;
      const cutAfter = draw < probability ? limit : Infinity;
      return { kind: "session", session: breaking(answer.session, cutAfter, breaks) };
    },
  };
}

const refusal = {
  kind: "unavailable",
  httpStatus: 502,
  reason: null,
  message: "error dialing backend: EOF",
  causes: [],
  retryAfterSeconds: null,
} as const;

function breaking(session: ExecSession, cutAfter: number, { count, step }: ExecBreaks): ExecSession {
  let bytes = 0;
  /** False: the session is cut here. */
  const pass = (chunk: Uint8Array): boolean => {
    step();
    const before = bytes;
    bytes += chunk.length;
    if (bytes <= cutAfter) return true;
    if (before <= cutAfter) count("exec cut");
    session.cancel("cut by the soak");
    return false;
  };
  async function* output(): AsyncGenerator<Uint8Array> {
    for await (const chunk of session.output) {
      if (!pass(chunk)) return;
      yield chunk;
    }
  }
  return {
    ...session,
    output: output(),
    write: async (chunk) => {
      if (!pass(chunk)) throw new Error("cut by the soak");
      await session.write(chunk);
    },
  };
}
