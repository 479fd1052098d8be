const placeholder =
  /^(?:[$%<[*#@~.…^?]|\{(?!AQAA)|x{3,}|your|example|change|replace|redacted|placeholder|dummy|todo|insert|(?:null|none|nil|undefined|true|false|string|number|bool|await|new)\b|(?:process|os|env|this|self|config|options)\.|(?:base(?!64:)|utf|sha|md|aes|[hre]s|http|x)-?\d+|\w+:\/\/|[a-z]:[\\/]|\.?\.?\/(?:[\w.-]+\/|[^/]{0,15}$))/i;
/** A name of the field itself, as forms and code write it. */
const ownName =
  /^[\w-]{0,100}(?:pass|pwd|secret|token|key|auth|credential|cookie|bearer|basic)[A-Za-z_-]{0,100}$/i;
/** A sign without which the next pattern matches nothing, found faster. */
const codeSign = /[()[?>${:.&|]/;
const code = /[()]|\w\[|\?[.?]|=>|\$\{|\{\{|::|\.\w+\.|&&|\|\||^[A-Za-z_$]+(?:\.[A-Za-z_$]+)+$/;
/** The same in quotes. */
const quotedCode = /\s|\$\{|\{\{/;

/** Of letters alone, as Apple and Google make passwords for one program. */
const groups = /^[a-z]{4}(?:-[a-z]{4}){3}$/;

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
  if (isRandom(value.slice(0, 64)) || isBasic(value)) return 2;
  if (groups.test(value)) return 1;
  return value.length >= 6 &&
    /[A-Za-z]/.test(value) &&
    /[\d!@#$%^&*+=?~]/.test(value) &&
    !/^v?\d+\./.test(value)
    ? 1
    : 0;
}

const neither = 0;
const letter = 1;
const digit = 3;

/** Letters and digits change places too often for words with a number, or stand together for too long. */
export function isRandom(value: string): boolean {
  let digits = 0;
  let changes = 0;
  let before = neither;
  // In one pass: patterns that count make a list of what they find, for each value of a text that is nothing but names.
  for (let at = 0; at < value.length; at += 1) {
    const kind = kindOf(value.charCodeAt(at));
    if (kind === digit) digits += 1;
    if (kind + before === digit + letter) changes += 1;
    before = kind;
  }
  return (
    (digits > 2 && changes > 2 && value.length > 9) ||
    (digits > 3 && changes > 0 && /[A-Za-z0-9]{16}/.test(value))
  );
}

/** What kind of character this is, as a number: `digit`, `letter` or `neither`. */
function kindOf(character: number): number {
  if (character >= 48 && character <= 57) return digit;
  return (character >= 65 && character <= 90) || (character >= 97 && character <= 122) ? letter : neither;
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
