/** What names of secrets end with, in any case; what stands around them belongs to the name. */
export const words = [
  "pass(?:w(?:or)?d|wort|phrase|code|e(?<=mot[-_ ]?de[-_ ]?passe))?|pwd|pswr?d|pw(?:(?<![A-Za-z]pw)|(?<=(?:bind|root|user|admin|ldap|db|sa)pw))|kennwort|contrase.a|senha|creds|secret|token|credentials?|auth(?:orization|ident)?|saml(?:response|assertion|art)|bearer|jwt|mnemonic|phrase(?<=(?:seed|recovery|backup)[-_ ]?phrase)|psk|cookie|_pat|dockerconfigjson|key-data|verifier(?<=code[-_]?verifier)|assertion(?<=client[-_]?assertion)|salt(?<=(?:auth|logged_in|nonce)_salt)",
  // Of keys only those that open something: looked at after the word itself, which is rarer than their first letters.
  "key(?<=(?:api|access|account|private|pre-?shared|preshared|secret|sign(?:ing)?|encrypt(?:ion)?|decrypt(?:ion)?|master|deploy|license|service|auth|ssh|hmac|client|app|shared|consumer|admin|subscription|application|unseal|recovery|sas|storage|primary[-_]?access|user|integration|ingest(?:ion)?|write|webhook|publish|host|functions?|instrumentation|session|cookie|bot|storj|wallet|node|join|stored|certificate|crypt|cipher|aes|jwt|security|server|secure|vault|project|team|org|root)[-_. ]?key|\\w_key|[?&]key)|key content",
  "code(?<=[?&]code)",
  "sig(?:nature)?(?<=[?&-]\\w{3,9})",
].join("|");

/** The same in letters that are no Latin ones, which most texts have none of. */
export const foreignWords =
  "\u5BC6\u7801|\u53E3\u4EE4|\u30D1\u30B9\u30EF\u30FC\u30C9|\uBE44\uBC00\uBC88\uD638|\u041F\u0430\u0440\u043E\u043B\u044C|\u043F\u0430\u0440\u043E\u043B\u044C";

/** What may follow the word and leaves the name a secret's. */
export const endings = String.raw`(?:[-_.]?(?:key|phrase|value|base|string|text|data|header|base64|live|test|prod|dev|old|new|confirm(?:ation)?|hash|plain|id(?<=secret[-_]?id)|v?\d{1,3})| id(?<=secret id)){0,2}`;

/** Any other word after it; most of those name what is shown to everybody. */
export const anyEnding = String.raw`(?:[-_.][A-Za-z]\w{0,15}(?!\w))`;

/** Words that a secret's word makes into something that is shown to everybody, before it and after it. */
const harmlessBefore =
  /(?:page|next|continu\w{0,16}|cancel\w{0,16}|sync|stop|start|end|unexpected|public|by|com|sur|over|under|max)[-_]?$/i;
const harmlessAfter =
  /[-_.](?:ids?|uuid|names?|types?|counts?|ur[li]s?|endpoint|paths?|files?|dir|arn|version|ref|refs|policy|policies|length|size|len|limit|expir\w*|ttl|at|time|timestamp|date|algorithm|alg|method|mode|status|state|prefix|suffix|format|provider|store|manager|index|hint|label|title|class|style|field|input|icon|prop|param|regex|pattern|rotation|checksum|sha\d*|digest|fingerprint|usage|budget|rate|price|cost|map|list|set|json|js|ts|tsx|py|go|rs|md|txt|ya?ml|html?|css|svg|png|map|com|org|io|net|dev|get|post|length|slice|split|trim|test|spec|mjs|cjs|d)$/i;

/** Names whose values are secret even where they are words. */
const ofPasswords =
  /(?:pass(?:w(?:or)?d|wort|phrase|code)?|pwd|pswr?d|pw|kennwort|contrase.a|senha|mnemonic|phrase|psk|[\u0400-\uFFFF])s?(?:[-_.]?(?:value|old|new|confirm(?:ation)?|plain|v?\d{1,3}))?$/i;

export function isHarmless(before: string, ending: string): boolean {
  return (before !== "" && harmlessBefore.test(before)) || (ending !== "" && harmlessAfter.test(ending));
}

export function isOfPassword(name: string): boolean {
  return ofPasswords.test(name);
}
