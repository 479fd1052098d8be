import type { IncomingMessage, OutgoingHttpHeaders } from "node:http";

import { createFaultyBody, isBodyFault, throughStages, type BodyStage, type Step } from "./body.ts";
import type { Exchange } from "./context.ts";
import type { LostReplyFault } from "./faults.ts";
import { sendAnswer, sendHeaders } from "./listener.ts";
import { createOutlet, type Outlet } from "./outlet.ts";
import type { Reservation } from "./rules.ts";
import { statusAnswer } from "./status.ts";
import { aborted, after, delay } from "./waiting.ts";
import { createFaultyWatch, isWatchFault } from "./watch.ts";

/** Brings the server's answer to the client, through the faults set aside for it. */
export async function pipeAnswer(under: Exchange, answer: IncomingMessage): Promise<void> {
  const lost = find(under, "lost-reply");
  if (lost !== null) {
    await readWhole(answer);
    under.happened(lost.reservation, 0);
    await loseReply(under, lost.fault);
    return;
  }
  if (under.context.memory.remembers(under.request)) {
    await answerFromMemory(under, answer);
    return;
  }
  await pipeBody(under, answer, answer as AsyncIterable<Buffer>);
}

async function loseReply(under: Exchange, fault: LostReplyFault): Promise<void> {
  switch (fault.instead) {
    case "reset":
    case "disconnect":
      under.context.listener.finish(under.response, fault.instead);
      return;
    case "gateway-timeout":
      sendAnswer(under.response, statusAnswer({ code: 504 }));
      return;
    case "silence":
      await aborted(under.signal);
      return;
    default:
      return fault.instead satisfies never;
  }
}

async function answerFromMemory(under: Exchange, answer: IncomingMessage): Promise<void> {
  const { memory } = under.context;
  const body = await readWhole(answer);
  const headers = { "content-type": answer.headers["content-type"] ?? "application/json" };
  memory.keep(under.request, { code: answer.statusCode ?? 200, headers, body: body.toString("utf8") });
  const stale = find(under, "stale");
  const earlier = stale === null ? null : memory.earlier(under.request, stale.fault.back ?? 1);
  if (stale === null || earlier === null) {
    await pipeBody(under, answer, [body]);
    return;
  }
  under.happened(stale.reservation, Buffer.byteLength(earlier.body));
  sendAnswer(under.response, earlier);
}

async function pipeBody(
  under: Exchange,
  answer: IncomingMessage,
  source: AsyncIterable<Buffer> | readonly Buffer[],
): Promise<void> {
  const { context, response, signal } = under;
  await holdBackHeaders(under);
  if (signal.aborted) return;
  const outlet: Outlet = createOutlet(
    response,
    context.listener,
    (reservation) => under.happened(reservation, outlet.bytesPassed),
    signal,
  );
  const stages = stagesOf(under, (steps) => void outlet.run(steps));
  sendHeaders(response, answer.statusCode ?? 502, clientHeaders(answer, stages.length > 0));
  const body = throughStages(stages);
  await outlet.run(body.begin());
  try {
    for await (const chunk of source) await outlet.run(body.push(chunk));
  } catch {
    await outlet.finish("reset");
    return;
  }
  await outlet.run(body.end());
  await outlet.finish("clean");
  if (outlet.mute) await aborted(signal);
}

async function holdBackHeaders(under: Exchange): Promise<void> {
  for (const reservation of under.reservations) {
    const { fault } = reservation;
    if (fault.kind !== "silence" || fault.beforeHeaders !== true) continue;
    under.happened(reservation, 0);
    await (fault.forMilliseconds === undefined
      ? aborted(under.signal)
      : delay(fault.forMilliseconds, under.signal));
  }
}

/** Watch events are edited before bytes are counted. */
function stagesOf(under: Exchange, run: (steps: readonly Step[]) => void): readonly BodyStage[] {
  const watchStages: BodyStage[] = [];
  const byteStages: BodyStage[] = [];
  for (const reservation of under.reservations) {
    const { fault } = reservation;
    if (isWatchFault(fault)) watchStages.push(createFaultyWatch(reservation, fault));
    if (!isBodyFault(fault) || (fault.kind === "silence" && fault.beforeHeaders === true)) continue;
    const stage = createFaultyBody(reservation, fault);
    byteStages.push(stage);
    if (fault.afterMilliseconds === undefined) continue;
    const remaining = under.arrivedAt + fault.afterMilliseconds - performance.now();
    after(Math.max(0, remaining), under.signal, () => run(stage.fire()));
  }
  return [...watchStages, ...byteStages];
}

/** A body that faults may shorten has no length: a clean end must look like the end of a whole answer. */
function clientHeaders(answer: IncomingMessage, isFaulty: boolean): OutgoingHttpHeaders {
  const headers: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (HOP_BY_HOP.has(name) || (isFaulty && name === "content-length")) continue;
    headers[name] = value;
  }
  return headers;
}

const HOP_BY_HOP: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

function find<Kind extends Reservation["fault"]["kind"]>(
  under: Exchange,
  kind: Kind,
): {
  readonly reservation: Reservation;
  readonly fault: Extract<Reservation["fault"], { kind: Kind }>;
} | null {
  const reservation = under.reservations.find(({ fault }) => fault.kind === kind);
  return reservation === undefined
    ? null
    : { reservation, fault: reservation.fault as Extract<Reservation["fault"], { kind: Kind }> };
}

async function readWhole(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
