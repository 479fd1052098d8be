import { lineEnd, quote, value, type Layout } from "./layout.ts";
import { words } from "./names.ts";
import { openMarks } from "./stores.ts";

const blanks = String.raw`(?:[ \t]|\\{1,7}t){1,40}`;
const named = String.raw`[\w.-]{0,40}(?:${words})[\w-]{0,16}`;
const string = String.raw`${quote}([^"'\n\\]{6,400})(?=\\{0,7}["'])`;
const user = String.raw`${quote}[^"'\n\\]{1,80}${quote}`;

function layout(label: string, least: 0 | 1 | 2, signs: readonly string[], pattern: string): Layout {
  return { pattern: new RegExp(pattern, pattern.includes(words) ? "gi" : "g"), signs, least, label };
}

/** Where single programs, files and printers put a value of which no name with a sign after it tells. */
export const programs: readonly Layout[] = [
  // Arguments and properties.
  layout(
    "password",
    1,
    ["ssh-keygen"],
    String.raw`(?<=ssh-keygen [^\n|;&]{0,200} )-[NP] ${quote}?(${value}{5,200})`,
  ),
  layout(
    "password",
    0,
    ["-pass"],
    String.raw`-pass(?:phrase|word|wd)?[ =]${quote}((?=\w[^"'\n\\]{0,100} \w)[^"'\n\\$]{6,200})(?=\\{0,7}["'])`,
  ),
  layout("token", 2, ["sonar.login"], String.raw`sonar\.login=(${value}{16,200})`),
  layout(
    "secret",
    1,
    ["variable="],
    String.raw`setvariable variable=${named}(?:;[\w=]{1,40}){0,6}\](${value}{6,400})`,
  ),
  layout(
    "password",
    1,
    ["REG_SZ"],
    String.raw`REG_SZ(?<=(?:${words})\w{0,16}(?: /t |${blanks})REG_SZ)(?: /d |${blanks})${quote}?(${value}{6,200})`,
  ),
  layout(
    "password",
    1,
    ["IDENTIFY", "identify"],
    String.raw`(?:NickServ|nickserv)[ :]{1,3}(?:IDENTIFY|identify) (?:[\w-]{1,30} (?=\S))?(${value}{6,200})`,
  ),
  layout(
    "password",
    1,
    ["LoginModule"],
    String.raw`\buser_[\w.-]{1,40}=${quote}([^"'\s\\]{6,200})(?<=LoginModule [^\n;]{0,600})`,
  ),
  layout(
    "password",
    1,
    [", --", "[--"],
    String.raw`-{2}(?<=\[[^\]\n"']{0,200})[\w-]{0,24}(?:${words}), (${value}{6,200}?)(?=[,\]])`,
  ),
  // Addresses, headers, forms.
  layout(
    "token",
    1,
    ["/t/"],
    String.raw`://[\w.-]{1,100}/t/((?:[a-z]{2}-)?[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?=/)`,
  ),
  layout("bearer", 1, ["bearer.authorization"], String.raw`bearer\.authorization\.k8s\.io\.([\w-]{16,4096})`),
  layout(
    "secret",
    1,
    ["form-data"],
    String.raw`form-data; name=\\{0,7}"${named}\\{0,7}"(?:${lineEnd}[\w-]{1,40}: [^\n\\]{1,100}){1,4}${lineEnd}${lineEnd}(${value}{6,4096})`,
  ),
  layout(
    "password",
    0,
    ["@tcp(", "@unix("],
    String.raw`(?<![\w.-])[\w.-]{1,40}:([^\s/:@"'\\<>$]{4,100})(?=@(?:tcp|unix)\()`,
  ),
  layout("password", 1, ["User:"], String.raw`User:[\w.@-]{1,60}:([^\s"'\\]{4,200})(?= Host:)`),
  layout(
    "cookie",
    1,
    ["<Cookie "],
    String.raw`<Cookie [\w.-]{0,40}(?:sess|sid|SESS|token|auth|csrf)[\w.-]{0,40}=(${value}{8,4096})(?= for )`,
  ),
  // Calls and the values that languages print.
  layout("password", 1, ["auth=(", "auth': ("], String.raw`\bauth\\{0,7}["']?(?:=|: ?)\(${user}, ?${string}`),
  layout("password", 1, ["Basic("], String.raw`\bBasic\(${user}, ?(?:Some\()?${string}`),
  layout(
    "password",
    1,
    ["ldap_"],
    String.raw`\bldap_bind\w{0,8}\([^,\n]{1,60}, ?${user}, ?(?:Object\(SensitiveParameterValue\)|${string})`,
  ),
  layout("password", 0, ["=["], String.raw`=\[(?<=(?:${words})\w{0,16}=\[)(\S(?:, \S){5,80})(?=\])`),
  layout(
    "hash",
    1,
    ["pbkdf2", "scrypt:"],
    String.raw`(?:pbkdf2:sha\d{1,3}(?::\d{1,8})?|scrypt:\d{1,8}:\d{1,3}:\d{1,3}|pbkdf2_sha\d{1,3}\$\d{1,8})\$[\w./+-]{1,64}\$([\w/+]{32,200}={0,2})`,
  ),
  // Of pydantic: the field's name has the line before.
  layout(
    "password",
    1,
    ["input_value="],
    String.raw`input_value=(?<=(?:${words})\w{0,16}${lineEnd} {2}[^\n\[]{1,200}\[type=\w{1,40}, input_value=)${quote}([^'"\n\\]{4,400})(?=\\{0,7}['"], input_type)`,
  ),
  // A value with blanks in a shell's trace stands in quotes with its name.
  layout(
    "password",
    0,
    ["+ '", "local '", "export '", "declare '", "env '"],
    String.raw`(?:\+|local|export|declare(?: -\w)?|env) '\w{0,40}(?:${words})=([^'\n\\$]{6,200})(?=')`,
  ),
  // Files.
  layout(
    "password",
    1,
    ["PSK ", "EAP ", "XAUTH ", "NTLM ", "PSK\t"],
    String.raw`(?<=(?:^|\n|n| ): ?)(?:PSK|EAP|XAUTH|NTLM|SHARED)${blanks}${string}`,
  ),
  layout(
    "password",
    1,
    ['"\t*', '" *', "t*"],
    String.raw`(?:^|\n|\\{1,7}n)[\w.@*\\-]{1,60}(?:\t|\\{1,7}t| {1,8})(?:[\w*-]{1,30})(?:\t|\\{1,7}t| {1,8})\\{0,7}"([^"\s\\]{6,100})(?=\\{0,7}"(?:\t|\\{1,7}t| {1,8})\*)`,
  ),
  layout(
    "key",
    1,
    ["OpenVPN"],
    String.raw`([\da-f]{32})(?<=OpenVPN Static key V1-{5}${lineEnd}(?:[\da-f]{32}${lineEnd}){0,31}[\da-f]{32})`,
  ),
  layout(
    "password",
    1,
    ["\nV ", "nV "],
    String.raw`(?:password|passphrase|passtoken)${lineEnd}V \d{1,4}${lineEnd}(${value}{6,400})`,
  ),
  layout(
    "password",
    1,
    [":\n----\n", "n----"],
    String.raw`:${lineEnd}-{4}(?<=(?:${words})[\w-]{0,16}:[^:]{2,16})${lineEnd}(${value}{6,4096})`,
  ),
  layout("password", 1, ["keyMaterial"], String.raw`<keyMaterial>([^<\n]{6,100})(?=</keyMaterial>)`),
  layout(
    "password",
    1,
    [": &"],
    String.raw`: &(?<=(?:${words})[\w-]{0,16}: &)[\w-]{1,40} ${quote}?(${value}{6,200})`,
  ),
  // "Password:" in Base64 is asked, and the answer is in Base64 as well.
  layout(
    "password",
    1,
    ["UGFzc3dvcmQ6"],
    String.raw`UGFzc3dvcmQ6${quote}?(?:[^\n\\]{0,20}(?:\\r)?${lineEnd})(?:send: b?|[<>=-]{0,3}[> ]{0,3})${quote}?([\w+/]{8,400}={0,2})`,
  ),
];

/** What ends a text whose next line is a value, where more than its last line tells so. */
export const asksInLines = new RegExp(
  [
    String.raw`(?:${words})[\w-]{0,16}:(?:\r?\n-{4})?`,
    String.raw`(?:^|\n)(?:password|passphrase|passtoken)(?:\r?\nV \d{1,4})?`,
    String.raw`(?:^|\n)[\w.]{0,60}(?:${words})\w{0,16}`,
    String.raw`form-data; name="${named}"(?:\r?\n[\w-]{1,40}: [^\n]{1,100}){0,4}(?:\r?\n)?`,
    String.raw`UGFzc3dvcmQ6[^\n]{0,20}`,
    String.raw`machine [\w.:-]{1,100}(?:\s{1,20}login [\w.@+-]{1,80})?`,
    openMarks,
  ]
    .map((line) => `${line}\\r?\\n?$`)
    .join("|"),
  "i",
);
