/** How long Claude takes before each line of a transcript, so that a replay looks like the run it was recorded from. */

/** Milliseconds, before scaling. Reading speed for text, short waits for tools: what a person at the terminal expects. */
const START = 500;
const TEXT_BASE = 350;
const TEXT_PER_CHARACTER = 4;
const TEXT_LIMIT = 1_500;
const TOOL_CALL = 220;
const TOOL_RESULT = 420;
const BOOKKEEPING = 60;

/**
 * Milliseconds before each line. `totalMilliseconds` is what the whole replay takes at speed 1; the proportions stay.
 */
export function paceOf(
  recording: Uint8Array,
  options: { readonly totalMilliseconds: number; readonly speed: number },
): readonly number[] {
  const lines = Buffer.from(recording).toString("utf8").split("\n").slice(0, -1);
  const natural = lines.map((line, index) => (index === 0 ? START : naturalDelay(line)));
  const total = natural.reduce((sum, delay) => sum + delay, 0);
  const scale = options.totalMilliseconds / (total * options.speed);
  return natural.map((delay) => Math.round(delay * scale));
}

function naturalDelay(line: string): number {
  const frame = parseFrame(line);
  const block = frame.message?.content?.[0];
  if (frame.type === "result") return TEXT_BASE;
  if (block === undefined) return BOOKKEEPING;
  switch (block.type) {
    case "text":
      return textDelay(block.text ?? "");
    case "thinking":
      return textDelay(block.thinking ?? "");
    case "tool_use":
      return TOOL_CALL;
    case "tool_result":
      return TOOL_RESULT;
    default:
      return BOOKKEEPING;
  }
}

function textDelay(text: string): number {
  return Math.min(TEXT_LIMIT, TEXT_BASE + text.length * TEXT_PER_CHARACTER);
}

interface Frame {
  readonly type?: string;
  readonly message?: {
    readonly content?: readonly {
      readonly type: string;
      readonly text?: string;
      readonly thinking?: string;
    }[];
  };
}

function parseFrame(line: string): Frame {
  try {
    return JSON.parse(line) as Frame;
  } catch {
    return {};
  }
}
