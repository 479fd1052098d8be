import { startsSubagent } from "./tasks.ts";

/** A shorter line is parsed in no time. */
const SHORTEST_CHARACTERS = 1024;

/**
 * A frame's line without the bulk that a summary does not need, still valid JSON; `null` where there is none or where the line
 * does not look exactly as Claude Code writes it. What makes searching for marks right, without looking at the text in between: a
 * quote within a JSON string is always escaped, so `,"` followed by a name cannot stand within one.
 */
export function withoutBulk(line: string): string | null {
  if (line.length < SHORTEST_CHARACTERS) return null;
  if (line.startsWith(RESULT_FRAME)) return withoutToolOutput(line);
  if (line.startsWith('{"type":"assistant","message":{')) return withoutToolInput(line);
  if (line.startsWith('{"type":"system","subtype":"init",')) return withoutLists(line);
  return null;
}

/** Where the id comes after the output, the output cannot be left out without it. */
const RESULT_FRAME = '{"type":"user","message":{"role":"user","content":[{"tool_use_id":"';
const OUTPUT_START = '"type":"tool_result","content":"';
const OUTPUT_END = '}]},"parent_tool_use_id":';
const STRUCTURED_START = ',"tool_use_result":';
const STRUCTURED_END = ',"tool_result_meta":[';

/** One tool's result: its text, and the same again in structured form. */
function withoutToolOutput(line: string): string | null {
  const start = line.indexOf(OUTPUT_START) + OUTPUT_START.length;
  if (start < OUTPUT_START.length || start > SHORTEST_CHARACTERS) return null;
  const end = line.indexOf(OUTPUT_END, start);
  if (end === -1 || hasSecondBlock(line, start, end)) return null;
  const flag = flagBefore(line, end);
  const head = `${line.slice(0, start)}"${flag}`;
  const structured = line.indexOf(STRUCTURED_START, end);
  const meta = line.lastIndexOf(STRUCTURED_END);
  if (structured === -1 || meta < structured) return head + line.slice(end);
  return head + line.slice(end, structured) + line.slice(meta);
}

/** The `is_error` that stands between the text and `end`. */
function flagBefore(line: string, end: number): string {
  for (const flag of [',"is_error":false', ',"is_error":true']) if (line.endsWith(flag, end)) return flag;
  return "";
}

const INPUT_START = '"type":"tool_use","name":"';
const INPUT_END = '}],"stop_reason":';

/** One tool's call: its input, but not of a call that starts a sub-agent, which says what the sub-agent is for. */
function withoutToolInput(line: string): string | null {
  const tool = line.indexOf(INPUT_START) + INPUT_START.length;
  if (tool < INPUT_START.length || tool > SHORTEST_CHARACTERS) return null;
  const start = line.indexOf('","input":{', tool);
  const end = line.lastIndexOf(INPUT_END);
  if (start === -1 || end < start || startsSubagent(line.slice(tool, start))) return null;
  if (hasSecondBlock(line, start, end)) return null;
  return `${line.slice(0, start)}","input":{}${line.slice(end)}`;
}

/** Another block of the same message starts with this; so may a list of objects within a block. */
function hasSecondBlock(line: string, start: number, end: number): boolean {
  const next = line.indexOf('},{"', start);
  return next !== -1 && next < end;
}

/** In the order in which they stand; one that stands elsewhere is only parsed. */
const LISTS = [',"slash_commands":["', ',"skills":["', ',"capabilities":["'];
const LIST_END = '"],"';

/** The names of everything a person could call. */
function withoutLists(line: string): string | null {
  let short = "";
  let from = 0;
  for (const list of LISTS) {
    const start = line.indexOf(list, from);
    const end = start === -1 ? -1 : line.indexOf(LIST_END, start);
    if (end === -1) continue;
    // Up to the list's bracket, and on with it.
    short += line.slice(from, start + list.length - 1);
    from = end + 1;
  }
  return from === 0 ? null : short + line.slice(from);
}
