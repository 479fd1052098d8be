import { escape } from "./escapes.ts";
import { isMixed, isPlaceholder, isRandom, isReference, looksOf } from "./looks.ts";
import type { Has } from "./occurrence.ts";
import type { Range } from "./range.ts";
import { findTokens } from "./tokens.ts";

/** `https://user:password@host`, `https://token@host`; a password may hold `@` itself. */
const address = /:\/\/([^\s/:@"'`\\<>]{0,128})(?::([^\s/"'`\\<>]{1,256}))?@(?=[A-Za-z0-9[])/g;
/** The same without its scheme, which a port tells from an address of mail; looked for from its rarest sign. */
const bareAddress =
  /@(?=[A-Za-z][\w.-]{0,100}:\d{2,5}(?!\w))(?<=[\s"'`=][\w.-]{2,40}:([^\s/:@"'`\\<>]{5,100})@)/dg;
/** The same with a slash between user and password, as Oracle's clients write it; a package with its version has no port. */
const slashAddress =
  /@(?=\/\/[A-Za-z\d]|[A-Za-z][\w.-]{0,100}:\d{2,5}(?!\w))(?<=[\s"'`=:][\w$]{1,40}\/([^\s/:@"'`\\<>]{6,100})@)/dg;
/** A user and a password as the arguments of a call, as PHP's traces have them too. */
const call =
  /(?:Credentials\((?:\\{0,7}["'][^"'\n\\]{1,80}\\{0,7}["'],[ \t]{0,4}){2}|\((?=\\{0,7}["']AC[a-f\d]{32}\\{0,7}["'])|(?:[lL]og_?[iI]n|\bconnect|simple_bind\w{0,4}|[aA]dd_?[uU]ser|[cC]reate_?[uU]ser|[sS]et_?[cC]redentials|PasswordAuthentication|[sS]ign_?[iI]n|uthenticate|asic_?[aA]uth|igestAuth|Credentials?|\bauth=?)(?!\w)\\{0,7}["'`]?(?: with args: ?)?\()[ \t]{0,4}(\\{0,7}["'])[^"'\n\\]{1,80}\1,[ \t]{0,4}(\\{0,7}["'])([^"'\s\\]{5,200})\2/dg;
/** A call whose third argument nothing but a password can be. */
const connection =
  /(?:PDO->__construct|new PDO|mysqli(?:_connect|->__construct)|pymysql\.connect|DriverManager\.getConnection)\((?:[^\n,()]{1,200},[ \t]{0,4})(\\{0,7}["'])[^"'\n\\]{1,80}\1,[ \t]{0,4}(\\{0,7}["'])([^"'\s\\$]{4,200})\2/dg;
/** What web tokens are signed with stands after what is signed. */
const signing =
  /jwt\.(?:sign|verify|encode|decode)\([^\n"'`{}]{0,100}(?:\{[^{}\n]{0,200}\})?,[ \t]{0,4}(\\{0,7}["'`])([^"'`\s\\]{6,200})\1/dg;
/** A function that is named as a password: of SQL, of builders. */
const passwordCall =
  /(?:assword|PASSWORD|asswd|assphrase)\([ \t]{0,4}(\\{0,7}["'])([^"'\s\\]{6,200})\1[ \t]{0,4}\)/dg;
const soleArgument = /\bauth\([ \t]{0,4}(\\{0,7}["'])([^"'\s\\]{8,200})\1[ \t]{0,4}\)/dg;
/** A value for a program that stores secrets, given to it by another. */
const piped =
  /(?:printf|echo)(?: -n)?[ \t]{1,4}(?:'%s' )?(\\{0,7}["']?)([^"'\s\\|]{8,400})\1[ \t]{1,4}\|[^\n|]{1,120}(?:secret|password|passwd|sudo -S|kinit|cryptsetup|token|env add|_KEY)/dg;
/** Each with what is in no text without it, the group that is the value, and how much it must look like one. */
const unnamed = [
  [bareAddress, "@", 1, 1],
  [slashAddress, "@", 1, 1],
  [passwordCall, "(", 2, 1],
  [call, "(", 3, 1],
  [connection, "(", 3, 0],
  [signing, "jwt.", 2, 1],
  [soleArgument, "auth(", 2, 2],
  [piped, " | ", 2, 1],
] as const;
/** An address that whoever knows it may post to: the hosts of chats, and what follows a hook in any other path. */
const hook =
  /(?:\/services\/T\w{5,20}\/B\w{5,20}\/|\/api\/webhooks\/\d{12,25}\/|api\.telegram\.org\/bot|\/IncomingWebhook\/|hooks?\.(?:slack|zapier)\.com\/(?!services)[\w/-]{1,60}?\/|maker\.ifttt\.com\/trigger\/[\w-]{1,60}\/(?:json\/)?with\/key\/|hc-ping\.com\/|rtmps?:\/\/[^\s/]{1,100}\/\w{1,40}\/|(?:\.alchemy\.com|\.alchemyapi\.io|\.infura\.io|exchangerate-api\.com)(?:\/ws|\/nft)?\/v\d\/|\.quiknode\.pro\/|\.ankr\.com\/(?:\w{2,30}\/){1,2}|loggly\.com\/(?:inputs|bulk)\/|\/ical\/[^\s/]{3,120}\/private-|\/(?:web)?hooks?\/(?:[\w-]{1,40}\/){0,3})([\w:-]{16,200}(?:\/[\w-]{20,100})?)/g;
/** What databases and mail servers are told. */
const statement =
  /(?:IDENTIFIED (?:WITH [\w"'`]{1,40} )?BY (?:PASSWORD )?|PASSWORD (?:AS |FOR [\w"'`@%.]{1,80} ?= ?(?:PASSWORD\()?)?)'([^'\n\\]{3,200})'|openssl enc [^\n|;&]{0,200}? -(?:k |K |pass pass:)([^\s"'\\]{5,256})|AUTH (?:PLAIN|LOGIN)(?: \w{4,12}:)? '?([\w+/]{8,400}={0,2})/gi;
/** A body ends at the next header, too: of many headers each is read only to the one after it. */
const privateKey = new RegExp(
  String.raw`-{4,5} ?BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}(?:(?:[^"()-]|-(?!---)|(?<=Comment: \\{0,7})"[^"\n]{0,100}"){0,20000}-{4,5} ?END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)? ?-{4,5}|(?:(?:[\s>|#*]|${escape}){0,40}[A-Za-z0-9+/=]{16,400}){0,400})`,
  "g",
);

/** Without one of these words there is none, and they are found faster. */
const ofStatements = [
  "IDENTIFIED",
  "identified",
  "PASSWORD",
  "password '",
  "openssl enc",
  "AUTH P",
  "AUTH L",
];
const ofHooks = [
  "hook",
  "ifttt.com",
  "hc-ping.com",
  "rtmp",
  "/services/T",
  "api.telegram.org",
  "alchemy",
  "infura.io",
  "quiknode",
  "ankr.com",
  "loggly.com",
  "xchangerate-api",
  "/private-",
];

const uuid = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/i;

/** Finds keys and tokens of known forms, and passwords in addresses. */
export function findShapes(text: string, has: Has): readonly Range[] {
  const ranges: Range[] = [...findTokens(text, has)];
  const add = (start: number, length: number, label: string): void => {
    if (length > 0) ranges.push({ start, end: start + length, label });
  };
  for (const [pattern, sign, group, least] of unnamed)
    for (const { indices } of has(sign) ? text.matchAll(pattern) : []) {
      const [from, to] = indices?.[group] ?? [0, 0];
      const value = text.slice(from, to);
      if (looksOf(value, true) >= least && !isReference(value)) add(from, to - from, "password");
    }
  if (has("@"))
    for (const { index, 0: whole, 1: user = "", 2: password = "" } of text.matchAll(address)) {
      if (isRandom(user)) add(index + 3, user.length, "url-user");
      if (!isPlaceholder(password))
        add(index + whole.length - 1 - password.length, password.length, "url-password");
    }
  for (const { index, 0: whole, 1: token = "" } of ofHooks.some(has) ? text.matchAll(hook) : [])
    if (isMixed(token.slice(0, 60)) || uuid.test(token))
      add(index + whole.length - token.length, token.length, "webhook");
  for (const { index, 0: whole, 1: quoted, 2: flag, 3: encoded = "" } of ofStatements.some(has)
    ? text.matchAll(statement)
    : []) {
    const value = quoted ?? flag ?? encoded;
    const from = index + whole.lastIndexOf(value);
    if (quoted === undefined ? looksOf(value, false) > 0 : !isPlaceholder(value))
      add(from, value.length, "password");
  }
  if (has("PRIVATE KEY"))
    for (const { index, 0: key } of text.matchAll(privateKey)) add(index, key.length, "private-key");
  return ranges;
}

/** How keys begin and end. */
const bounds: readonly (readonly [begin: string, end: RegExp])[] = [
  ["-----BEGIN ", /-----END [^-]{0,60}-----/],
  ["---- BEGIN SSH2 ", /---- END [^-]{0,60}----/],
  ["Private-Lines:", /Private-(?:MAC|Hash):/],
];

/** Where a key begins whose end has not come yet; the length of the text: nowhere. */
export function openKey(text: string): number {
  if (!["PRIVATE KEY", "Private-Lines:", "Static key"].some((sign) => text.includes(sign)))
    return text.length;
  const starts = bounds.map(([begin, end]) => {
    const start = text.lastIndexOf(begin);
    return start >= 0 && text.length - start < 20_000 && !end.test(text.slice(start)) ? start : text.length;
  });
  return Math.min(...starts);
}
