/** A log's prefix is short. */
const LONGEST = 300;

/**
 * What logs put before a line: the time, the pod or container, the stream, the level, colours. Each is taken out where it stands;
 * what is nothing but these and punctuation is no text.
 */
const DECORATIONS: readonly RegExp[] = [
  // oxlint-disable-next-line no-control-regex -- colours begin with ESC
  /\u001b\[[\d;]*[A-Za-z]/g,
  // ISO 8601 and its relatives, with a zone or without.
  /\d{4}[-/]\d\d[-/]\d\d(?:[T _,]{1,3}\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?)?(?: ?(?:Z|UTC|GMT|[+-]\d\d:?\d\d))?/g,
  // syslog and ctime.
  /\b(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? )?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) {1,2}\d{1,2}(?:,? \d\d:\d\d:\d\d)?(?: \d{4})?/g,
  /\b\d\d:\d\d:\d\d(?:[.,]\d{1,9})?\b/g,
  // Seconds or milliseconds since 1970.
  /\b1\d{9}(?:\d{3}|\.\d{1,9})?\b/g,
  // [pod/name/container], [12:00:01], <14>
  /\[[^[\]{}]*\]/g,
  /<\d{1,3}>/g,
  // docker compose: name-1  |
  /(?<![\w./-])[\w./-]+ *\|/g,
  /\b(?:stdout|stderr|data|out|err)\b(?: [FP]\b)?/g,
  /\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|trace|debug|info|notice|warn|warning)\b/g,
];
/** syslog: host program[pid]: */
const SYSLOG_ORIGIN = /^\s*(?:[\w.-]+ )?[\w./-]+\[\d+\]:/;
const HAS_WORDS = /[\p{L}\p{N}]/u;

/** What `kubectl logs`, containerd and syslog put before a line, as far as it can be told apart from the line's own words. */
const LINE_PREFIX =
  /^(?:\[pod\/[^\][{}]*\] )?(?:\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)? (?:stdout F )?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \S{1,253} [\w./-]{1,60}(?:\[\d{1,7}\])?: )?/;

export function withoutPrefix(line: string): string {
  return line.replace(LINE_PREFIX, "");
}

export function isDecoration(text: string): boolean {
  // A log that is truncated while it is written begins with as many NULs as were cut off.
  let left = text.replace(/^\0+/, "");
  if (left.length > LONGEST) return false;
  for (const decoration of DECORATIONS.slice(0, 5)) left = left.replaceAll(decoration, " ");
  left = left.replace(SYSLOG_ORIGIN, " ");
  for (const decoration of DECORATIONS.slice(5)) left = left.replaceAll(decoration, " ");
  return !HAS_WORDS.test(left);
}

/** Nothing, or the brackets and commas around the frames of a list. */
export function isBlank(text: string): boolean {
  return /^[\s[\],]*$/.test(withoutPrefix(text));
}
