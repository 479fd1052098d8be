import { readdirSync, readFileSync } from "node:fs";

const FOLDER = new URL("fixtures/recordings/", import.meta.url);

/** What the recorder noted of a run. */
export interface RecordedFacts {
  readonly exit_code: number | null;
  readonly stdout_bytes: number;
  readonly stdout_ends_with_newline: boolean;
  readonly lines: number;
  readonly non_json_lines: number;
  readonly last_result: {
    readonly subtype: string;
    readonly is_error: boolean;
    readonly terminal_reason?: string | null;
    readonly stop_reason?: string | null;
    readonly api_error_status?: number | null;
    readonly num_turns: number;
  } | null;
}

export const recordingNames: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".ndjson"))
  .map((name) => name.slice(0, -".ndjson".length))
  .sort();

export function recording(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`${name}.ndjson`, FOLDER)));
}

export function recordedFacts(name: string): RecordedFacts {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as RecordedFacts;
}
