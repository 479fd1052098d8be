import { lineEnd, lineValue, quote, value, type Layout } from "./layout.ts";

/** A line that a secret is the answer to. */
export const asks =
  /assword[^\n]{0,100}(?:\.|:\*?["'])\s*$|expect[^\n]{0,60}(?:assword|assphrase)|334 UGFzc3dvcmQ/;

/** What one side of a protocol, or of a conversation in a terminal, says to the other. */
export const exchanges: readonly Layout[] = [
  // A scheme that signs a request: the signature is among its parameters.
  {
    pattern: new RegExp(
      String.raw`[aA]uthorization\W{1,8}(?:Digest|Hawk|OAuth|Signature|MAC|AWS4-[\w-]{4,20}|GOOG4-[\w-]{4,20}|TC3-[\w-]{4,20}|ACS3-[\w-]{4,20}|SDK-[\w-]{4,20}|EG1-[\w-]{4,20})[ \t][^\n]{0,600}?(?:response|mac|oauth_signature|[sS]ignature)=(?:${quote})?(${value}{16,1000})`,
      "g",
    ),
    signs: ["uthorization"],
    least: 1,
    label: "signature",
  },
  // What a monitor of Redis shows.
  {
    pattern: new RegExp(
      String.raw`(?:AUTH|auth)(?<=["'](?:AUTH|auth))${quote}(?: ${quote}[\w.-]{1,60}${quote})? ${quote}(${value}{5,256})`,
      "g",
    ),
    signs: ["AUTH", "auth"],
    least: 1,
    label: "password",
  },
  // "Password:" in base64, as servers of mail ask for it, and the answer.
  {
    pattern: new RegExp(
      String.raw`334 (?:UGFzc3dvcmQ6|UGFzc3dvcmQA)[^\n\\]{0,8}${lineEnd}[^\w\n]{0,8}(?:C: ?)?([\w+/]{4,400}={0,2})`,
      "g",
    ),
    signs: ["334 UGFzc3dvcmQ"],
    least: 0,
    label: "password",
  },
  // User, password, and the rest in one string, as mail and chat servers take it in base64.
  {
    pattern: new RegExp(
      String.raw`PLAIN\b[^\n]{0,200}?[>"' =](A[C-H][A-Za-z\d+/]{10,400}={0,2})(?![\w+/=])`,
      "g",
    ),
    signs: ["PLAIN"],
    least: 1,
    label: "password",
  },
  // Servers of files and of mail.
  {
    pattern: new RegExp(
      String.raw`(?:>|C:|- ) ?PASS (?![^\s]{0,100}[/.])(${value}{4,256})(?=[ \t]{0,4}(?:[\r\n"]|\\{1,7}[rn"]|$))`,
      "g",
    ),
    signs: [" PASS "],
    least: 1,
    label: "password",
  },
  // Answers that a script gives at a prompt.
  {
    pattern: new RegExp(
      String.raw`expect[^\n]{0,60}(?:assword|assphrase)[^\n]{0,20}${lineEnd}[ \t]{0,16}send(?: --)? ${quote}(${value}{5,256})`,
      "g",
    ),
    signs: ["xpect "],
    least: 1,
    label: "password",
  },
  // An answer of two lines: what it is about, and what is new.
  {
    pattern: new RegExp(
      String.raw`assword(?=[^\n]{0,100}${lineEnd}[ \t]{0,8}New value)[^\n]{0,100}${lineEnd}[ \t]{0,8}New value: ?${lineValue}`,
      "g",
    ),
    signs: ["New value"],
    least: 1,
    label: "password",
  },
  {
    pattern: new RegExp(
      String.raw`:(?=[ \t]{0,4}${lineEnd})(?<=(?:[pP]assword|[pP]assphrase|[sS]ecret|[tT]oken|(?:API|[aA]ccess|[rR]ecovery|[lL]icense) [kK]ey)(?:[ \t][^\n:\\"']{0,100})?:)(?:[ \t]{0,4}${lineEnd}){1,3}${lineValue}`,
      "g",
    ),
    signs: [":\n", ":\r\n", ":\\", ": \n", ":\t\n"],
    least: 2,
    label: "password",
  },
  // A password that a program has made for itself, at the end of a sentence about it.
  {
    pattern: new RegExp(
      String.raw`(?:[tT]emporary|[iI]nitial|[gG]enerated|[dD]efault|[rR]andom|[bB]ootstrap|[nN]ew|[rR]oot|[aA]dmin\w{0,9})[ _-](?:\w{1,20}[ _-]){0,2}[pP]assw(?:or)?d(?: [\w@.'"-]{1,40}){0,6}(?<! (?:user|account|email|login)): ${lineValue}`,
      "g",
    ),
    signs: ["assw"],
    least: 1,
    label: "password",
  },
  // Hashes by which a domain lets one in.
  {
    pattern: /(?:NTLM|[nN]t_?[hH]ash)[ \t]{0,8}[:=][ \t]{0,8}([a-fA-F\d]{32})(?![\w])/g,
    signs: ["NTLM", "ash"],
    least: 1,
    label: "hash",
  },
  {
    pattern: /:\d{1,10}:[a-fA-F\d]{32}:([a-fA-F\d]{32})(?=:::)/g,
    signs: [":::"],
    least: 1,
    label: "hash",
  },
];
