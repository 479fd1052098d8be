import { looksOf } from "./looks.ts";
import type { Range } from "./range.ts";

/** A line end or a tab, escaped or not. */
const lineEnd = String.raw`(?:\r?\n|\\{1,7}r\\{1,7}n|\\{1,7}n)`;
const column = String.raw`(?:\t|\\{1,7}t)`;
const value = String.raw`[^\0- "'\\]`;

interface Layout {
  readonly pattern: RegExp;
  /** What is in no text without it. */
  readonly sign: string;
  readonly least: 1 | 2;
  readonly label: string;
}

/** Values that only the layout of a file or of an answer names; each is the last thing that its pattern finds, and its group. */
const layouts: readonly Layout[] = [
  // `.pgpass`: host, port, database, user, password.
  {
    pattern: new RegExp(
      String.raw`:(?:54\d\d|6432|26257|\*):[\w*.-]{1,64}:[\w*.@-]{1,64}:(${value}{6,256})`,
      "g",
    ),
    sign: ":",
    least: 1,
    label: "password",
  },
  // A cookie jar of Netscape, which curl and browsers write.
  {
    pattern: new RegExp(
      String.raw`(?:TRUE|FALSE)${column}/[^\s\\]{0,200}${column}(?:TRUE|FALSE)${column}\d{1,15}${column}[^\s\\]{1,100}${column}(${value}{6,4096})`,
      "g",
    ),
    sign: "E",
    least: 1,
    label: "cookie",
  },
  // Columns of the AWS command line, and its file of a new key: the secret follows its key.
  {
    pattern: new RegExp(
      String.raw`A[KS]IA[A-Z\d]{16}(?:[ ,|]|${column}|${lineEnd}){1,12}(?:\d{4}-[\dT:.Z+-]{6,30}(?:[ ,|]|${column}|${lineEnd}){1,12})?([A-Za-z\d/+]{40}(?![A-Za-z\d/+])(?:(?:[ ,|]|${column}|${lineEnd}){1,12}[A-Za-z\d/+=]{100,4096})?)`,
      "g",
    ),
    sign: "IA",
    least: 1,
    label: "key",
  },
  // The answer of a program whose last words before a line end say what the next line is.
  {
    pattern: new RegExp(
      String.raw`:(?=[ \t]{0,4}${lineEnd})(?<=(?:[pP]assword|[pP]assphrase|[sS]ecret|[tT]oken|(?:API|[aA]ccess|[rR]ecovery|[lL]icense) [kK]ey)(?:[ \t][^\n:\\"']{0,100})?:)[ \t]{0,4}${lineEnd}[ \t]{0,16}(${value}{8,256})(?=[ \t]{0,4}(?:[\r\n\0"\u001B]|\\{1,7}[nru"]|$))`,
      "g",
    ),
    sign: ":",
    least: 2,
    label: "password",
  },
  // Of OpenVPN, in its settings.
  {
    pattern: new RegExp(String.raw`<auth-user-pass>${lineEnd}[^\s\\]{1,100}${lineEnd}(${value}{5,256})`, "g"),
    sign: "<auth-user-pass>",
    least: 1,
    label: "password",
  },
  // Basic authentication, whatever stands in front of it.
  {
    pattern: /Basic ([A-Za-z\d+/]{8,400}={0,2})(?![\w+/=])/g,
    sign: "Basic ",
    least: 2,
    label: "authorization",
  },
  // The usual letters of a flag for a password, of whatever program; files and addresses have a dot, a slash or a colon.
  {
    pattern: / -(?:[pPwWkK]|pw|pass) (?<!mkdir -p )\\{0,7}["']?([^\0- "'\\./:]{10,256})(?=["'\\\s]|$)/g,
    sign: " -",
    least: 2,
    label: "password",
  },
  // Sessions of common servers.
  {
    pattern: new RegExp(
      String.raw`(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|laravel_session|_csrf)=(${value}{16,4096})`,
      "g",
    ),
    sign: "=",
    least: 1,
    label: "cookie",
  },
];

/** A list of cookies, in an archive of requests or the state of a browser; the value of each is secret. */
const cookieList = /ookies\\{0,7}"\s{0,8}:(?:\s|\\{1,7}[nrt]){0,40}\[/g;
const cookieObject = /(?:[\s,]|\\{1,7}[nrt]){0,60}\{[^{}]{1,6000}\}/y;
const cookieValue = /value(?<=(\\{0,7})"value)\1"\s{0,4}:\s{0,4}\1"([^"\n\\]{6,4096})(?=\1")/;

/** Finds values in files and answers that print no name beside them. */
export function findLayouts(text: string): readonly Range[] {
  const ranges: Range[] = [];
  for (const { pattern, sign, least, label } of layouts)
    for (const { index, 0: whole, 1: found = "" } of text.includes(sign) ? text.matchAll(pattern) : []) {
      const end = index + whole.length;
      // Two secrets may stand side by side; the first of them tells.
      if (looksOf(found.slice(0, 40), true) >= least) ranges.push({ start: end - found.length, end, label });
    }
  for (const { index, 0: begin } of text.includes("ookies") ? text.matchAll(cookieList) : [])
    ranges.push(...cookiesFrom(text, index + begin.length));
  return ranges;
}

function cookiesFrom(text: string, begin: number): readonly Range[] {
  const ranges: Range[] = [];
  cookieObject.lastIndex = begin;
  for (let found = cookieObject.exec(text); found !== null; found = cookieObject.exec(text)) {
    const cookie = cookieValue.exec(found[0]);
    if (cookie === null || looksOf(cookie[2] ?? "", true) === 0) continue;
    const end = found.index + cookie.index + cookie[0].length;
    ranges.push({ start: end - (cookie[2]?.length ?? 0), end, label: "cookie" });
  }
  return ranges;
}
