import { lineEnd, lineValue, quote, value, type Layout } from "./layout.ts";

/** The rest of an object up to the field that holds the value. */
const within = String.raw`[^{}]{0,400}?`;
const blank = String.raw`(?:\s|\\{1,7}[nrt]){0,40}`;
const colon = String.raw`${quote}${blank}:${blank}`;
const string = String.raw`${quote}([^"'\n\\]{6,4096})`;
/** What says of an object that its value is secret, in the answers of stores, clouds and pipelines. */
const marks = [
  String.raw`(?:ensitive|[sS]ecret|secured|ncrypted)${colon}true`,
  String.raw`ype${colon}${quote}(?:SecureString|encrypted|sensitive|CONCEALED)${quote}`,
  String.raw`ype${colon}${quote}random_password${quote}[^{}]{0,200}\{`,
  String.raw`ey_?[nN]ame${colon}${quote}[\w.-]{1,60}${quote}`,
  String.raw`id${colon}${quote}https://[\w.-]{1,100}/secrets/[^"'\\\s]{1,200}${quote}`,
].join("|");

/** Commands whose whole answer is a secret, in a shell's log. */
const commands = [
  String.raw`(?:kubectl|oc) [^\n|]{0,80}get secrets? [^\n]{0,120}(?:jsonpath|template)`,
  String.raw`vault (?:kv get|read) [^\n]{0,80}-field`,
  String.raw`(?:secretsmanager get-secret-value|ssm get-parameter) [^\n]{0,200} text`,
  String.raw`gcloud (?:secrets versions access|auth (?:application-default )?print-(?:access|identity)-token)`,
  String.raw`az (?:keyvault secret show|account get-access-token|acr credential show) [^\n]{0,200}tsv`,
  String.raw`(?:cat|head|tail) [^\n|;&]{0,120}(?:/secrets?/|token|passw(?:or)?d|\.secret|\.key)[\w.-]{0,40}`,
  String.raw`(?:echo|printenv) \\{0,7}["']?\$?\{?\w{0,40}(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|CREDENTIALS?)\w{0,20}`,
  String.raw`(?:kubectl|oc) [^\n|;&]{0,120}(?:create token|whoami (?:-t|--show-token)|token new)`,
  String.raw`aws (?:ecr get-login-password|configure get \w*secret\w*|codeartifact get-authorization-token)`,
  String.raw`(?:heroku|fly|flyctl|doctl|vault|netlify|az|gcloud|vercel) [^\n|;&]{0,60}(?:auth:token|auth token|config:get|print token|token create)`,
  String.raw`(?:wg gen(?:key|psk)|consul keygen|pwgen|mkpasswd|rails secret|rake secret|mix phx\.gen\.secret|php artisan key:generate --show|(?:gopass|lpass) show|[^\n|]{0,60}/dev/u?random)(?![\w-])`,
  String.raw`(?:gh auth token|op read|pass show|security find-\w{7,8}-password|terraform output -raw|bw get password|openssl rand|kubeadm token create)(?![\w-])`,
].join("|");

/** A line whose next one is a secret. */
export const asksStore = new RegExp(`[$#>+] (?:${commands})`);

/** What ends a text in the middle of an object that has such a mark: its value may be in the next line. */
export const openMarks = `(?:${marks})[^{}]{0,400}`;

/** What stores of secrets print and take: objects that are marked as secret, commands, and the answers of those. */
export const stores: readonly Layout[] = [
  {
    pattern: new RegExp(String.raw`(?:${marks})${within}${quote}(?:[vV]alue|result)${colon}${string}`, "g"),
    signs: ["alue"],
    least: 1,
    label: "secret",
  },
  // The same in the other order.
  {
    pattern: new RegExp(
      String.raw`value(?=${colon}${quote}[^"'\n\\]{6,400}${quote}[^{}]{0,400}(?:masked|[sS]ecret|ensitive)${colon}true)${colon}${string}`,
      "g",
    ),
    signs: ["masked", "sSecret"],
    least: 1,
    label: "secret",
  },
  // Keys of services of Azure, of which there are two each.
  {
    pattern: new RegExp(
      String.raw`(?:[pP]rimary|[sS]econdary)(?:[mM]aster|[rR]ead[oO]nly(?:[mM]aster)?)?_?[kK]ey${colon}${quote}(${value}{28,200})`,
      "g",
    ),
    signs: ["rimary", "econdary"],
    least: 2,
    label: "key",
  },
  // A value that a command puts into a store.
  {
    pattern: new RegExp(
      String.raw`(?:SecureString|keyvault secret set|secrets? (?:set|create|put)|create-secret|put-secret-value)[^\n|;&]{0,200}?--(?:value|body|secret-string)[ =]${quote}?(${value}{6,400})`,
      "g",
    ),
    signs: ["SecureString", "secret"],
    least: 1,
    label: "secret",
  },
  {
    pattern: new RegExp(
      String.raw`--value[ =](?=[^\n|;&]{0,400}SecureString)${quote}?(${value}{6,400})`,
      "g",
    ),
    signs: ["SecureString"],
    least: 1,
    label: "secret",
  },
  {
    pattern: new RegExp(String.raw`[$#>+] (?:${commands})[^\n]{0,200}?${lineEnd}${lineValue}`, "g"),
    signs: ["$ ", "# ", "> ", "+ "],
    least: 2,
    label: "secret",
  },
  // What pipelines are asked to hide.
  {
    pattern: new RegExp(String.raw`(?:;is[sS]ecret=true[\w=;]{0,60}\]|::add-mask::)(${value}{6,4096})`, "g"),
    signs: ["::add-mask", "##vso"],
    least: 1,
    label: "secret",
  },
];
