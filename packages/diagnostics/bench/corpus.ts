import { readFileSync, readdirSync } from "node:fs";

const recordings = new URL("../../stream-parser/test/fixtures/recordings/", import.meta.url);

/** Recorded output of Claude Code, again and again. */
export function cleanTranscript(length: number): string {
  const once = readdirSync(recordings)
    .filter((name) => name.endsWith(".ndjson"))
    .toSorted()
    .map((name) => readFileSync(new URL(name, recordings), "utf8"))
    .join("");
  return once.repeat(Math.ceil(length / once.length)).slice(0, length);
}

/** Beginnings of every pattern, so that each is begun as often as a text allows and comes to nothing. */
const pieces = [
  "-eyJ",
  "eyJaaaaaaaaaaaa.",
  "sk-ant-a ",
  "Bearer aaaaaaaaaaaaaaaaaaaaaaaaaa",
  "://a:b@",
  "-----BEGIN PRIVATE KEY-----",
  "-----BEGIN PRIVATE KEY-----aaaaaaaaaaaaaaaa",
  "A_TOKEN=a",
  "TOKEN=a\\n",
  "a_key=",
  '\\"password\\":',
  "password=\\\\",
  "cookie: a=bbbbbbbbbb;",
  "token='",
  'token="',
  "\\",
  "\0TOKEN=",
  "curl -u a:",
  "_aaaaaaaaaaaaaaaaaaaa1a1a1",
  "login a password ",
  "password: >\n a\n",
  "password: |\\n ",
  "TOKEN | a1b2c3\n",
];

/** Each piece over and over, as text and as a frame that never ends. */
export function* hostileCorpus(length: number): Generator<{ readonly piece: string; readonly text: string }> {
  const each = Math.ceil(length / pieces.length / 2);
  for (const piece of pieces)
    for (const before of ["", '{"a":"'])
      yield { piece, text: before + piece.repeat(Math.ceil(each / piece.length)).slice(0, each) };
}
