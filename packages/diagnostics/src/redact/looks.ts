const placeholder =
  /^(?:\$(?!\w{1,12}\$)|[%<[~.…?]|\^\d|[*#@](?![^\n]{0,100}[!#$%^&*+=?~])|\{(?!AQAA)|x{3,}|your|example|change|replace|redacted|placeholder|dummy|todo|insert|(?:null|none|nil|undefined|true|false|string|number|bool|await|new|function|typeof|void)\b|!+[A-Za-z_$][\w.$]*$|\/[*/]|\d{4}-\d\d-\d\d|\d{1,2}:\d\d|(?:process|os|env|this|self|config|options)\.|(?:b(?:ase)?64_?(?:de|en)c|(?:base(?!64:)|utf|sha|md|aes|[hre]s|http|x)-?\d+(?![A-Za-z\d]))|\w+:\/\/|[a-z]:[\\/]|\.?\.?\/(?:[\w.-]+\/|[^/]{0,15}$))/i;
/** A name of the field itself, as forms and code write it. */
const ownName =
  /^[A-Za-z_-]{0,100}(?:pass|pwd|secret|token|key|auth|credential|cookie|bearer|basic)[A-Za-z_-]{0,100}$/i;
/** A sign without which the next pattern matches nothing, found faster. */
const codeSign = /[()[?>${:.&|]/;
const code = /[()]|[\w=]\[|\?[.?]|=>|\$\{|\{\{|::|\.[A-Za-z_$]+\d*\.|&&|\|\||^[A-Za-z_$]+(?:\.[A-Za-z_$]+)+$/;
/** The same in quotes. */
const quotedCode = /\s|\$\{|\{\{/;

/** Of letters alone, as Apple and Google make passwords for one program. */
const groups = /^[a-z]{4}(?:-[a-z]{4}){3}$/;

/** Words that make a sentence of what stands between quotes, in the languages of programs' messages. */
const sentence =
  /(?:^|\s)(?:the|an?|is|are|be|of|to|for|your|must|not|and|or|in|with|on|at|no|if|this|that|has|was|will|can|should|please|enter|type|use|by|from|pass\w*|token|secret|key|user\w*|invalid|missing|required|optional|characters?)(?=[\s.,:!?]|$)/i;
/** Words that fields have for values. */
const ofFields =
  /^(?:required|optional|hidden|invalid|missing|disabled|enabled|unchanged|default|plain|plaintext|encrypted|hashed|masked|forgotten|forgot|expired|prompt|manual|random|generated|always|never|ignore|inherit|value|values|format|input|field|test\w*|sample|foobar|foo|bar|baz|username|email|admin|login|basic|bearer|oauth\w*|saml|ldap|keyboard|reset|update|create|delete|remove|confirm\w*|current|repeat)$/;

/** A word in small letters, as people make passwords of. */
export function isWord(value: string): boolean {
  return /^[a-z]{6,40}$/.test(value) && !ofFields.test(value) && !isPlaceholder(value);
}

/** Words with blanks between them that are no sentence. */
export function isPhrase(value: string): boolean {
  return (
    /^[\w!#$%&*+./:=?@^~-]{2,30}(?: [\w!#$%&*+./:=?@^~-]{1,30}){1,23}$/.test(value) &&
    (/\d/.test(value) || /^[a-z]+(?: [a-z]+){2,}$/.test(value)) &&
    !/^[A-Z][a-z]/.test(value) &&
    !sentence.test(value) &&
    !isReference(value)
  );
}

/** What stands for a value: a variable, a type, an example. */
export function isReference(value: string): boolean {
  return value === "" || placeholder.test(value);
}

/** A reference, a placeholder, a path, or a word of code. */
export function isPlaceholder(value: string): boolean {
  return isReference(value) || ownName.test(value.slice(0, 100));
}

/** How much a value looks like a secret, from 0: certainly not, to 2: letters and digits at random. */
export function looksOf(value: string, isQuoted: boolean): number {
  if (isPlaceholder(value) || (isQuoted ? quotedCode.test(value) : codeSign.test(value) && code.test(value)))
    return 0;
  if (isMixed(value.slice(0, 64)) || isBasic(value)) return 2;
  if (groups.test(value)) return 1;
  const isOfWords = !/[\d!@#$%^&*+=?~]/.test(value);
  return value.length >= 6 &&
    /[A-Za-z]/.test(value) &&
    (isOfWords ? isJumbled(value) : !/^v?\d+\./.test(value))
    ? 1
    : 0;
}

const neither = 0;
const small = 1;
const digit = 4;
/** What kind of character each of ASCII is: a small letter, a capital one (2), a digit or neither. */
const kinds = /* @__PURE__ */ Uint8Array.from({ length: 128 }, (_, character) => {
  if (character >= 48 && character <= 57) return digit;
  if (character >= 65 && character <= 90) return 2;
  return character >= 97 && character <= 122 ? small : neither;
});

/** What is counted in one pass: patterns that count make a list of what they find, for each value of a text that is nothing but names. */
function countsOf(value: string): { digits: number; changes: number; shifts: number; run: number } {
  const counts = { digits: 0, changes: 0, shifts: 0, run: 0 };
  let run = 0;
  let before = neither;
  for (let at = 0; at < value.length; at += 1) {
    const kind = kinds[value.charCodeAt(at)] ?? neither;
    if (kind === neither) run = 0;
    else {
      run += 1;
      if (run > counts.run) counts.run = run;
      if (kind === digit) counts.digits += 1;
      if (before !== neither && kind !== before) {
        counts.shifts += 1;
        if (kind === digit || before === digit) counts.changes += 1;
      }
    }
    before = kind;
  }
  return counts;
}

/** Letters and digits change places too often for words with a number, or stand together for too long. */
export function isRandom(value: string): boolean {
  const { digits, changes, run } = countsOf(value);
  return (digits > 2 && changes > 2 && value.length > 9) || (digits > 3 && changes > 0 && run >= 16);
}

/** The same, or small letters, capitals and digits change places as often as only chance makes them: in joined words they do not. */
export function isMixed(value: string): boolean {
  const { digits, changes, shifts, run } = countsOf(value);
  return (
    (digits > 2 && changes > 2 && value.length > 9) ||
    (digits > 3 && changes > 0 && run >= 16) ||
    (value.length >= 16 && shifts >= value.length * 0.42)
  );
}

/** Letters alone, small and capital ones as no words that are joined have them. */
function isJumbled(value: string): boolean {
  return value.length >= 10 && /^[A-Za-z]{1,64}$/.test(value) && countsOf(value).shifts >= value.length / 2;
}

/** `user:password`, as Basic authentication and registries' files carry it. */
function isBasic(value: string): boolean {
  return (
    value.length % 4 === 0 &&
    /^[\w+/]{8,}={0,2}$/.test(value) &&
    !value.includes("_") &&
    /^[ -~]+:[ -~]+$/.test(atob(value))
  );
}
