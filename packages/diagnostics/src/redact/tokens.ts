import { escape } from "./escapes.ts";
import { isMixed, isRandom } from "./looks.ts";
import type { Has } from "./occurrence.ts";
import type { Range } from "./range.ts";

/** Where a token begins, looked at after its first letters: those are rarer. */
const begin = (head: string): string => String.raw`(?<=(?:(?<!\w)|${escape})${head})`;
/** What tokens begin with, up to the separator that is looked for. */
const heads = [
  "(?:[sc]?sk(?:-ant|-or-v1|-lf|-[a-z]{4,8})?|gl[a-z]{2,7}|xapp|xox[a-z]|pplx|PMAK|NR(?:AK|II|JS|RA|IQ)|nvapi|tvly|tskey-[a-z]+|key|pul|xai|GOCSPX|pypi|xkeysib|xsmtpsib|sq0[a-z]{3}|HRKU|pat-[a-z]{2}\\d|bedrock-api-key|p8e|BBDC|dnkey|FLWSECK(?:_TEST)?|fio-u|ico|s-s4t2(?:ud|af)|API|tk-[a-z]{2}|CFPAT|fc|access-(?:sandbox|production|development)|v1\\.0|A3-[A-Z\\d]{6}|u\\+|pa|csk|m0|ctx7sk|[SPT]G?T-\\d{1,9})-",
  "(?:gh[a-z]|github_pat|npm|dckr_[op]at|do[opr]_v1|lin_(?:api|oauth)|[sr]k(?:_(?:live|test|prod))?|ntn|sbp|gsk|rubygems|shp[a-z]{2}|pscale_[a-z]+|sntry[su]|figd|lsv2_[a-z]{2}|apify_api|re|r8|hf|api_org|secret|whsec|gls?[ac]|nf[pcoubt]|rnd|sgp|bkua|CCIPAT|ph[csxr]|ops|f[mo]\\d|CLOJARS|pnu|rdme|sm_[aps]at|sq[upa]|tfp|jina|fw|e2b|waka|tk|aio|rpa|vc[pairk]|ddapp|ddapi|ES|zpka|bfl|hl|rw|pcsk|cpk|crsr|tgp_v1)_",
  // Whoever it is from: a word that says what it is, after the name of a service.
  "[A-Za-z][A-Za-z\\d]{0,14}[-_](?:live|test|prod|production|dev|sandbox|pat|key|secret|token|to?kn?|api|sk|svc|oauth|v\\d)[-_]",
  String.raw`(?:ya29|hv[sbr]|dt0[cs]\d\d|SG|AQ|k8s-aws-v1|dp\.[a-z]{2}(?:\.[\w-]{2,30})?|atlasv1|sl(?:\.u)?|sk|mlsn|mfa|t1|s(?=\.[A-Za-z\d]{24}(?![\w.]))|pat[A-Za-z\d]{14}|v[1-4]\.(?:local|public)|amzn1\.oa2-cs\.v1|amzn\.mws|acc-[a-z\d-]{10,32})\.`,
].join("|");
/** Without a separator, or with a rarer one. */
const others = [
  String.raw`A(?:[KSB]I|CC)A[A-Z\d]{16}(?!\w)|AIza[\w-]{35}|IQoJb3JpZ2lu[\w+/=]{60,}|AGE-SECRET-KEY-1[A-Z\d]{50,}|ABSK[\w+/=]{80,}|AT[AC]TT3[\w=-]{28,}|ATBB[A-Za-z\d]{32}|AKCp[A-Za-z\d]{60,}|AQVN[\w-]{35,38}|AAAA[\w-]{7}:APA91b[\w-]{130,}|Atz[ar]\|[\w+/=-]{40,}`,
  String.raw`dapi[a-f\d]{32}`,
  String.raw`1//0[\w-]{35,}|2/\d{10,20}/\d{10,20}:[a-f\d]{32}|K10[a-f\d]{64}::[\w.:-]{8,}|GR1348941[\w-]{20}|LTAI[A-Za-z\d]{20}|EZ[AT]K[A-Za-z\d]{54}|EAA[A-Z][A-Za-z\d]{56,}|SK[a-f\d]{32}(?!\w)|YC[A-Z][\w-]{37}(?![\w-])|LS0tLS1CRUdJTi(?!BDRVJ|BQVUJM|BDSUZ)[\w+/=]{20,}`,
  String.raw`slack\.com/\w+/[\w/]{20,}|eyJ${begin("(?<!-)eyJ")}(?:[\w-]{12,}\.[\w-]{0,}\.[\w-]{8,}(?:\.[\w-]{8,}){0,2}|rIjoi[A-Za-z\d+/=]{60,})`,
].join("|");
/** The separator is looked for first and its head afterwards, which skips most of a text. */
const shape = new RegExp(
  String.raw`[-_.](?=[\w-]{15})${begin(`(?<head>${heads})`)}[\w.-]{15,}|(?:${others})`,
  "g",
);
/** Known by a rare sign in them: what is before it, the sign, and what is after it. The sign is looked for first. */
const marked: readonly (readonly [sign: string, pattern: RegExp])[] = [
  // What passwords are stored as: it is found out by trying.
  [
    "",
    "$",
    String.raw`(?:1|2[abxy]|5|6|7|y|apr1|argon2\w{1,2}|pbkdf2[\w-]{0,10}|scrypt|bcrypt-sha256)\$[\w./$=,+-]{20,400}`,
  ],
  ["", "SCRAM-SHA-", String.raw`(?:1|256|512)\$\d{1,7}:[\w+/=]{8,400}\$[\w+/=:]{20,400}`],
  ["", "sha256~", String.raw`[\w-]{43}`],
  ["", "dose", String.raw`[a-f\d]{32}(?!\w)`],
  ["", "cmVmd", String.raw`[A-Za-z\d]{59}(?!\w)`],
  ["", "cio", String.raw`[A-Za-z\d]{32}(?!\w)`],
  ["", "oy2", String.raw`[a-z\d]{43}(?!\w)`],
  ["", "4b1d", String.raw`[A-Za-z\d]{38}(?!\w)`],
  [String.raw`[\w~.]{3}\d`, "Q~", String.raw`[\w~.-]{31,34}(?![\w~-])`],
  [String.raw`\d{8,10}`, ":AA", String.raw`[\w-]{33}(?![\w-])`],
  [String.raw`[A-Za-z\d]{6}_[A-Za-z\d]{29}`, "_mmk", String.raw`(?!\w)`],
  [String.raw`[a-f\d]{36}`, "NRAL", String.raw`(?!\w)`],
  [String.raw`[a-f\d]{32}`, "-us", String.raw`\d{1,2}(?!\w)`],
  [String.raw`[A-Za-z\d]{76}`, "AZDO", String.raw`[A-Za-z\d]{4}(?!\w)`],
  [String.raw`[A-Za-z\d/]{42}`, "+A", String.raw`(?:CR|SE|RM|EG)\w{6}(?!\w)`],
  [String.raw`(?:ver:\d-hint:\d{1,20}-)?`, "ETMsDg", String.raw`[\w+/=-]{40,400}`],
  // A bot of Discord: its number in base64, whose letters repeat themselves.
  [
    String.raw`(?:[MNO][DTjz][AEIMQUYcgk][w-z0-5]){5,6}[A-Za-z]{0,3}`,
    ".",
    String.raw`[\w-]{6,7}\.[\w-]{27,40}(?!\w)`,
  ],
].map(([before = "", sign = "", after = ""]) => {
  const literal = sign.replaceAll(/[.$+]/g, String.raw`\$&`);
  const ahead = `(?<=(?:(?<![\\w-])|${escape})(?<before>${before})${literal})`;
  return [sign, new RegExp(`${literal}(?=${after})${ahead}${after}`, "g")] as const;
});

/** Finds keys and tokens of known forms. */
export function findTokens(text: string, has: Has): readonly Range[] {
  const ranges: Range[] = [];
  for (const { index, 0: token, groups } of text.matchAll(shape)) {
    const head = groups?.["head"];
    const start = index - (head === undefined ? 0 : head.length - 1);
    const body = token.slice(0, 60);
    if (head === undefined ? isRandom(body) : isMixed(body))
      ranges.push({ start, end: index + token.length, label: "token" });
  }
  for (const [sign, pattern] of marked)
    for (const { index, 0: token, groups } of has(sign) ? text.matchAll(pattern) : [])
      ranges.push({
        start: index - (groups?.["before"]?.length ?? 0),
        end: index + token.length,
        label: "token",
      });
  return ranges;
}
