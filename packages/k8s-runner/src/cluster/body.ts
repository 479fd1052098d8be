/** What an API server answers, in memory: bounded, as whoever can name the server may send without an end. */

/** The largest list pages of a busy namespace have some 30 MiB. */
export const mostAnswerBytes = 67_108_864;
/** A `Status` has a few KiB; of a proxy's page of HTML the beginning is enough. */
const mostErrorBytes = 262_144;
/** An object of etcd has at most 1.5 MiB; a watch wraps one. */
export const mostLineBytes = 16_777_216;

/** An answer that is larger than anything that was asked for can be. */
export class TooLargeError extends Error {
  override readonly name = "TooLargeError";
  readonly code = "ANSWER_TOO_LARGE";

  constructor(what: string, bytes: number) {
    super(`${what} has more than ${bytes} bytes`);
  }
}

/** Five objects of etcd. The questions of a preflight are asked all at once, so that their bounds add up. */
const mostObjectBytes = 8_388_608;

export type Answered = "list" | "object";

/** Rejects with a `TooLargeError`. */
export async function readBody(body: AsyncIterable<Uint8Array>, answered: Answered): Promise<string> {
  const most = answered === "list" ? mostAnswerBytes : mostObjectBytes;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    // Leaving the loop destroys the stream.
    if (bytes > most) throw new TooLargeError("the API server's answer", most);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The beginning of it is enough; the rest is not waited for. */
export async function readErrorBody(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= mostErrorBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, mostErrorBytes).toString("utf8");
}
