import { count, type Fields, fields, flag, isPresent, list, number, text, texts, words } from "./read.ts";

export interface ResultFacts {
  readonly subtype: string;
  readonly isError: boolean;
  readonly contradicted: boolean;
  readonly terminalReason: string | null;
  readonly stopReason: string | null;
  readonly apiErrorStatus: number | null;
  readonly apiErrorType: string | null;
  readonly apiError: string | null;
  readonly error: string | null;
  readonly startupFailureReason: string | null;
  readonly text: string | null;
  readonly errors: readonly string[];
  readonly numTurns: number | null;
}

/** What the stream said, with `null` for what is not known. */
export interface StreamFacts {
  readonly frames: number | null;
  readonly inits: number | null;
  /** A finished block of the model; text that only streamed in part is none. */
  readonly contentSeen: boolean | null;
  readonly lastLineCut: boolean;
  readonly noise: readonly string[];
  readonly cliVersion: string | null;
  readonly model: string | null;
  readonly lastTimestamp: string | null;
  readonly failedMcpServers: readonly { readonly name: string; readonly status: string }[];
  readonly assistant: {
    readonly error: string | null;
    readonly apiErrorStatus: number | null;
    readonly apiError: string | null;
    readonly text: string | null;
  } | null;
  readonly result: ResultFacts | null;
  /** What in the stream speaks against one of its results, by name. */
  readonly contradictions: readonly string[];
  readonly turns: number;
  readonly structuredOutput: boolean;
  readonly structuredOutputRequested: boolean;
  readonly retries: { readonly count: number; readonly last: string | null };
  readonly rejectedUntil: readonly { readonly window: string | null; readonly resetsAt: number }[];
  readonly permissionDenials: { readonly count: number; readonly tools: readonly string[] };
  readonly hookStops: readonly { readonly promptBlocked: boolean; readonly reason: string | null }[];
  readonly compactions: number;
  readonly openTools: readonly string[];
  readonly refusal: string | null;
  readonly sessionWritesLost: { readonly errorCode: string | null; readonly lost: number } | null;
}

const failedServerStatus = new Set(["failed", "needs-auth", "error", "disabled-by-error"]);

/** `null`: nothing is known of the stream, which is not the same as a stream that said nothing. */
export function readStream(value: unknown): StreamFacts | null {
  if (!isPresent(value)) return null;
  const summary = fields(value);
  const result = readResult(summary["result"]);
  return {
    frames: number(summary["frames"]),
    inits: number(summary["inits"]),
    contentSeen: readContentSeen(summary),
    lastLineCut: flag(summary["lastLineCut"]) ?? false,
    noise: texts(summary["noise"]).filter((line) => line.trim() !== ""),
    cliVersion: words(summary["cliVersion"]),
    model: words(summary["model"]),
    lastTimestamp: words(summary["lastTimestamp"]),
    failedMcpServers: list(summary["mcpServers"])
      .map((server) => ({
        name: text(fields(server)["name"]) ?? "?",
        status: text(fields(server)["status"]) ?? "",
      }))
      .filter(({ status }) => failedServerStatus.has(status)),
    assistant: readAssistant(summary["lastAssistant"]),
    result,
    contradictions: texts(summary["contradictions"]),
    turns: count(summary["turns"]),
    structuredOutput:
      isPresent(summary["structuredOutput"]) ||
      flag(fields(summary["result"])["hasStructuredOutput"]) === true,
    structuredOutputRequested: flag(summary["structuredOutputRequested"]) ?? false,
    retries: readRetries(summary["retries"]),
    rejectedUntil: list(summary["rateLimits"]).flatMap((limit) => {
      const resetsAt = number(fields(limit)["resetsAt"]);
      return text(fields(limit)["status"]) === "rejected" && resetsAt !== null
        ? [{ window: words(fields(limit)["window"]), resetsAt }]
        : [];
    }),
    permissionDenials: {
      count: count(fields(summary["permissionDenials"])["count"]),
      tools: [
        ...new Set(
          list(fields(summary["permissionDenials"])["last"]).flatMap(
            (denial) => words(fields(denial)["toolName"]) ?? [],
          ),
        ),
      ],
    },
    hookStops: list(fields(summary["hooks"])["stops"]).map((stop) => ({
      promptBlocked: flag(fields(stop)["promptBlocked"]) ?? false,
      reason: words(fields(stop)["reason"]),
    })),
    compactions: count(fields(summary["compactions"])["count"]),
    openTools: list(fields(summary["tools"])["open"]).flatMap((tool) => words(fields(tool)["name"]) ?? []),
    refusal:
      list(fields(summary["refusals"])["last"])
        .map((refusal) => words(fields(refusal)["explanation"]) ?? words(fields(refusal)["category"]))
        .findLast((explanation) => explanation !== null) ?? null,
    sessionWritesLost: isPresent(summary["sessionWritesLost"])
      ? {
          errorCode: words(fields(summary["sessionWritesLost"])["errorCode"]),
          lost: count(fields(summary["sessionWritesLost"])["lost"]),
        }
      : null,
  };
}

/** Partial messages count as content in the summary; a run killed in its first one has finished nothing yet. */
function readContentSeen(summary: Fields): boolean | null {
  const seen = flag(summary["contentSeen"]);
  return seen === true && summary["lastAssistant"] === null ? false : seen;
}

function readResult(value: unknown): ResultFacts | null {
  if (!isPresent(value)) return null;
  const result = fields(value);
  const subtype = words(result["subtype"]) ?? "unknown";
  return {
    subtype,
    isError: flag(result["isError"]) ?? subtype !== "success",
    contradicted: flag(result["contradicted"]) ?? false,
    terminalReason: words(result["terminalReason"]),
    stopReason: words(result["stopReason"]),
    apiErrorStatus: number(result["apiErrorStatus"]),
    apiErrorType: words(result["apiErrorType"]),
    apiError: words(result["apiError"]),
    error: words(result["error"]),
    startupFailureReason: words(result["startupFailureReason"]),
    text: text(result["text"]),
    errors: texts(result["errors"]),
    numTurns: number(result["numTurns"]),
  };
}

function readAssistant(value: unknown): StreamFacts["assistant"] {
  if (!isPresent(value)) return null;
  const assistant = fields(value);
  return {
    error: words(assistant["error"]),
    apiErrorStatus: number(assistant["apiErrorStatus"]),
    apiError: words(assistant["apiError"]),
    text: words(assistant["text"]),
  };
}

function readRetries(value: unknown): StreamFacts["retries"] {
  const last = fields(list(fields(value)["last"]).at(-1));
  const status = number(last["errorStatus"]);
  const error = words(last["error"]);
  const told = [status === null ? null : `HTTP ${status}`, error === "unknown" ? null : error].filter(
    (word) => word !== null,
  );
  const silent = last["errorStatus"] === null ? "no response" : null;
  return { count: count(fields(value)["count"]), last: told.length === 0 ? silent : told.join(" ") };
}
