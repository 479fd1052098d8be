import { stripVTControlCharacters } from "node:util";
import { formatText } from "@claude-k8s/diagnostics";
import type { Colors } from "./colors.ts";
import type { DemoEvent, Progress } from "./events.ts";
import { accountLines, conclusionLines, resultLines } from "./closing.ts";

export interface ScreenOptions {
  readonly write: (text: string) => void;
  readonly colors: Colors;
  readonly width: number;
  /** A terminal: the last line is the progress line, rewritten in place. */
  readonly live: boolean;
  /** One line of the transcript → what a person sees of it; none for bookkeeping. */
  readonly drawTranscriptLine: (line: string) => readonly string[];
}

export interface Screen {
  readonly show: (event: DemoEvent) => void;
  /** Takes the progress line away. */
  readonly close: () => void;
}

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const DETAILS: ReadonlySet<string> = new Set([
  "k8s.job-released",
  "k8s.job-adopted",
  "k8s.pod-created",
  "k8s.pod-scheduled",
  "k8s.log-connected",
]);
const CLEAR_LINE = "\r\u001B[2K";

export function createScreen(options: ScreenOptions): Screen {
  const { colors, width } = options;
  let progressShown = false;

  function show(event: DemoEvent): void {
    if (event.type === "progress") return drawProgress(event);
    for (const line of linesFor(event)) print(line);
  }

  function linesFor(event: Exclude<DemoEvent, { type: "progress" }>): readonly string[] {
    switch (event.type) {
      case "world":
        return worldLines(event, colors);
      case "act":
        return ["", rule(event.title), ""];
      case "supervisor":
        return [colors.cyan(`▶ supervisor ${event.number}, process ${event.pid}, calls execute()`)];
      case "status":
        if (!isNews(event.event)) return [];
        return [colors.dim(`  · ${fit(event.message, width - 4)}`)];
      case "incident":
        return incidentLines(event, colors);
      case "output":
        return options.drawTranscriptLine(event.text);
      case "replayed":
        return [
          colors.cyan(
            `▶ supervisor ${event.supervisor} read the ${event.lines} lines above again, into a fresh log: ${
              event.identical ? "byte for byte the same" : colors.red("they differ")
            }`,
          ),
        ];
      case "result":
        return resultLines(event, colors);
      case "account":
        return accountLines(event, colors);
      case "diagnosis":
        return ["", ...diagnosisLines(event)];
      case "notice":
        return [colors.cyan(clean(event.message))];
      case "error":
        return event.message
          .split("\n")
          .map((line, index) => (index === 0 ? `${colors.red("error:")} ` : "") + clean(line));
      case "proof":
        return conclusionLines(event, colors);
      default:
        return event satisfies never;
    }
  }

  function diagnosisLines(event: Extract<DemoEvent, { type: "diagnosis" }>): readonly string[] {
    if (event.diagnosis === null) return event.text.split("\n").map(clean);
    const color = colors.isColorSupported;
    return formatText(event.diagnosis, { width, color }).trimEnd().split("\n");
  }

  function rule(title: string): string {
    return `${colors.bold(title)} ${colors.dim("─".repeat(Math.max(3, width - title.length - 2)))}`;
  }

  function drawProgress(event: Progress): void {
    if (!options.live) return;
    options.write(CLEAR_LINE + colors.inverse(fit(` ${progressText(event)} `, width - 1)));
    progressShown = true;
  }

  function print(line: string): void {
    close();
    options.write(`${line}\n`);
  }

  function close(): void {
    if (progressShown) options.write(CLEAR_LINE);
    progressShown = false;
  }

  return { show, close };
}

function worldLines(
  event: Extract<DemoEvent, { type: "world" }>,
  colors: ScreenOptions["colors"],
): readonly string[] {
  const where = event.cluster === "local" ? "a small Kubernetes in this process" : "a real Kubernetes";
  const row = (label: string, value: string) => `  ${colors.dim(label.padEnd(12))} ${value}`;
  return [
    `${colors.bold("claude-k8s demo")}: one run of Claude Code as a Kubernetes Job, with trouble on the way`,
    "",
    row("cluster", `${where}, ${event.server}, namespace ${event.namespace}`),
    row("in between", `a proxy that breaks things, ${event.proxy}, seed ${event.seed}`),
    row(
      "container",
      `replays ${event.recordedLines} recorded lines, ${number(event.recordedBytes)} bytes, and counts them itself`,
    ),
  ];
}

function incidentLines(
  event: Extract<DemoEvent, { type: "incident" }>,
  colors: ScreenOptions["colors"],
): readonly string[] {
  const good = event.kind === "run-adopted";
  const mark = good ? colors.green("✔") : colors.yellow("⚡");
  return [`${mark} ${good ? colors.green(event.message) : colors.yellow(event.message)}`];
}

/** Progress repeats what the events say, and the small steps between them interest nobody here. */
function isNews(event: string): boolean {
  return !event.startsWith("progress.") && !DETAILS.has(event);
}

export function progressText(event: Progress): string {
  const cost = event.costUsd === null ? "" : ` · $${event.costUsd.toFixed(4)}`;
  const tokens = `${number(event.inputTokens)} tokens in, ${number(event.outputTokens)} out`;
  return `${event.elapsedSeconds.toFixed(0)} s · ${event.lines}/${event.ofLines} lines · ${tokens}${cost} · ${event.activity}`;
}

/** One line of at most `width` characters, without control characters: a transcript may hold any. */
export function fit(text: string, width: number): string {
  const characters = Array.from(graphemes.segment(clean(text)), ({ segment }) => segment);
  return characters.length <= width ? characters.join("") : `${characters.slice(0, width - 1).join("")}…`;
}

function clean(text: string): string {
  // eslint-disable-next-line no-control-regex -- they are what is looked for
  return stripVTControlCharacters(text).replaceAll(/[\u0000-\u001F\u007F-\u009F]+/gu, " ");
}

function number(value: number): string {
  return value.toLocaleString("en-US");
}
