import type { NamedSecrets } from "paperclip-adapter-claude-k8s/cli-parts";

/** What a command reads and writes. Given in, so that commands can be run within a test. */
export interface Streams {
  readonly input: AsyncIterable<Uint8Array>;
  readonly output: Sink;
  readonly errors: Sink;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Nobody pipes anything in: whoever reads it would wait for a person to type. */
  readonly inputIsTerminal?: boolean;
  /** Where a run stands, at the foot of a terminal. */
  readonly status?: { set(text: string | null): void };
  /** Waits for one of these keys; `null`: Ctrl-C. Not given: there is nobody to ask. */
  readonly ask?: (keys: string) => Promise<string | null>;
  /** From here on these values are masked, too. */
  readonly learn?: (secrets: NamedSecrets) => void;
}

export interface Sink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** Colours are for terminals; NO_COLOR and FORCE_COLOR have the last word (https://no-color.org). */
export function wantsColor(sink: Sink, environment: Streams["environment"]): boolean {
  if (environment["NO_COLOR"]) return false;
  if (environment["FORCE_COLOR"]) return true;
  return sink.isTTY === true && environment["TERM"] !== "dumb";
}

/** Columns, at most 120: longer lines are hard to read. */
export function widthOf(sink: Sink): number {
  return Math.min(sink.columns ?? 80, 120);
}

/** Columns of a table: as many as the terminal has. `null`: no terminal, and whoever reads it wants every cell whole. */
export function tableWidthOf(sink: Sink): number | null {
  return sink.isTTY === true ? (sink.columns ?? 80) : null;
}

export async function readAll(input: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of input) chunks.push(chunk);
  return Buffer.concat(chunks);
}
