import { readFileSync } from "node:fs";
import type { Container } from "../objects/types.ts";
import { parseRecord } from "./log-record.ts";

const fileLimitBytes = 4096;
const logLimitBytes = 2048;
const logLimitLines = 80;

/** What the container wrote to its termination message file, or the end of its log where the spec wants it. */
export function terminationMessage(
  file: string,
  spec: Container,
  failed: boolean,
  logPath: string | null,
): string {
  const written = read(file).subarray(0, fileLimitBytes).toString("utf8");
  if (written !== "" || !failed || spec.terminationMessagePolicy !== "FallbackToLogsOnError") return written;
  if (logPath === null) return "";
  const texts: Buffer[] = [];
  const bytes = read(logPath);
  let start = 0;
  for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
    const record = parseRecord(bytes.subarray(start, end + 1));
    if (record !== null) texts.push(record.text);
    start = end + 1;
  }
  const last = Buffer.concat(texts.slice(-logLimitLines));
  return last.subarray(Math.max(0, last.length - logLimitBytes)).toString("utf8");
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
