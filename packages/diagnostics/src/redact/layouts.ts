import { asks, exchanges } from "./exchanges.ts";
import { column, findIn, lineEnd, quote, value, type Layout } from "./layout.ts";
import { looksOf } from "./looks.ts";
import type { Has } from "./occurrence.ts";
import type { Range } from "./range.ts";
import { asksInLines, programs } from "./programs.ts";
import { asksStore, stores } from "./stores.ts";

/** Values that only the layout of a file or of an answer names; each is the last thing that its pattern finds, and its group. */
const layouts: readonly Layout[] = [
  // `.pgpass`: host, port, database, user, password.
  {
    pattern: new RegExp(
      String.raw`:(?:54\d\d|6432|26257|\*):[\w*.-]{1,64}:[\w*.@-]{1,64}:(${value}{6,256})`,
      "g",
    ),
    signs: [":"],
    least: 1,
    label: "password",
  },
  // A cookie jar of Netscape, which curl and browsers write.
  {
    pattern: new RegExp(
      String.raw`(?:TRUE|FALSE)${column}/[^\s\\]{0,200}${column}(?:TRUE|FALSE)${column}\d{1,15}${column}[^\s\\]{1,100}${column}(${value}{6,4096})`,
      "g",
    ),
    signs: ["E"],
    least: 1,
    label: "cookie",
  },
  // Columns of the AWS command line, and its file of a new key: the secret follows its key.
  {
    pattern: new RegExp(
      String.raw`A[KS]IA[A-Z\d]{16}(?:[ ,|]|${column}|${lineEnd}){1,12}(?:\d{4}-[\dT:.Z+-]{6,30}(?:[ ,|]|${column}|${lineEnd}){1,12})?([A-Za-z\d/+]{40}(?![A-Za-z\d/+])(?:(?:[ ,|]|${column}|${lineEnd}){1,12}[A-Za-z\d/+=]{100,4096})?)`,
      "g",
    ),
    signs: ["IA"],
    least: 1,
    label: "key",
  },
  // `.netrc`, whose password may be a word.
  {
    pattern: new RegExp(
      String.raw`machine [\w.:-]{1,100}(?:\s|\\{1,7}[nrt]){1,20}login(?:\s|\\{1,7}[nrt]){1,8}[\w.@+-]{1,80}(?:\s|\\{1,7}[nrt]){1,20}password[ \t]{1,8}(?![$<{%[])(${value}{4,256})`,
      "g",
    ),
    signs: ["machine "],
    least: 0,
    label: "password",
  },
  // Tokens by the host that they open, as Composer's file has them.
  {
    pattern: new RegExp(
      String.raw`(?:-oauth|-token)${quote}\s{0,8}:\s{0,8}\{(?:\s|\\{1,7}[nrt]){0,40}${quote}[\w.-]{1,100}${quote}\s{0,8}:\s{0,8}${quote}(${value}{16,400})`,
      "g",
    ),
    signs: ["-oauth", "-token"],
    least: 1,
    label: "token",
  },
  // A map of servers of mail to users.
  {
    pattern: new RegExp(
      String.raw`\[[\w.-]{3,100}\](?::\d{1,5})?[ \t]{1,16}[\w.@+-]{1,80}:(${value}{6,256})`,
      "g",
    ),
    signs: ["]"],
    least: 2,
    label: "password",
  },
  // The private parts of a web key.
  {
    pattern: new RegExp(
      String.raw`${quote}(?:d|k|p|q|dp|dq|qi)${quote}\s{0,8}:\s{0,8}${quote}([\w-]{22,1400}={0,2})(?=${quote})`,
      "g",
    ),
    signs: ["kty"],
    least: 1,
    label: "private-key",
  },
  // A key of PuTTY.
  {
    pattern: new RegExp(
      String.raw`Private-Lines: \d{1,3}((?:${lineEnd}[\w+/=]{1,64}(?![\w:-])){1,400})`,
      "g",
    ),
    signs: ["Private-Lines"],
    least: 0,
    label: "private-key",
  },
  {
    pattern: /Private-(?:MAC|Hash): ([a-f\d]{40,64})/g,
    signs: ["Private-MAC", "Private-Hash"],
    least: 0,
    label: "private-key",
  },
  // Of OpenVPN, in its settings.
  {
    pattern: new RegExp(String.raw`<auth-user-pass>${lineEnd}[^\s\\]{1,100}${lineEnd}(${value}{5,256})`, "g"),
    signs: ["<auth-user-pass>"],
    least: 1,
    label: "password",
  },
  // Basic authentication, whatever stands in front of it.
  {
    pattern: /Basic ([A-Za-z\d+/]{8,400}={0,2})(?![\w+/=])/g,
    signs: ["Basic "],
    least: 2,
    label: "authorization",
  },
  // The usual letters of a flag for a password, of whatever program; files and addresses have a dot, a slash or a colon.
  {
    pattern: / -(?:[pPwWkK]|pw|pass) (?<!mkdir -p )\\{0,7}["']?([^\0- "'\\./:]{10,256})(?=["'\\\s]|$)/g,
    signs: [" -"],
    least: 2,
    label: "password",
  },
  // Sessions of common servers.
  {
    pattern: new RegExp(
      String.raw`(?:JSESSIONID|PHPSESSID|ASP\.NET_SessionId|connect\.sid|laravel_session|_csrf)=(${value}{16,4096})`,
      "g",
    ),
    signs: ["="],
    least: 1,
    label: "cookie",
  },
];

/** A list of cookies, in an archive of requests or the state of a browser; the value of each is secret. */
const cookieList = /ookies\\{0,7}"\s{0,8}:(?:\s|\\{1,7}[nrt]){0,40}\[/g;
const cookieObject = /(?:[\s,]|\\{1,7}[nrt]){0,60}\{[^{}]{1,6000}\}/y;
const cookieValue = /value(?<=(\\{0,7})"value)\1"\s{0,4}:\s{0,4}\1"([^"\n\\]{6,4096})(?=\1")/;

/** Finds values in files and answers that print no name beside them. */
export function findLayouts(text: string, has: Has): readonly Range[] {
  const ranges: Range[] = [
    ...findIn(layouts, text, has),
    ...findIn(stores, text, has),
    ...findIn(exchanges, text, has),
    ...findIn(programs, text, has),
  ];
  for (const { index, 0: begin } of has("ookies") ? text.matchAll(cookieList) : [])
    ranges.push(...cookiesFrom(text, index + begin.length));
  return ranges;
}

/** Where the last lines begin if what they ask for may be in the next one; the length of the text: nowhere. */
export function openQuestion(lines: string): number {
  const end = lines.slice(-400);
  const textEnd = end.trimEnd().length;
  const last = end.slice(end.lastIndexOf("\n", textEnd - 1) + 1);
  const inLines = asksInLines.exec(end);
  if (inLines !== null) return lines.length - end.length + end.lastIndexOf("\n", inLines.index) + 1;
  return lines.length - (asks.test(last) || asksStore.test(last) ? last.length : 0);
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
