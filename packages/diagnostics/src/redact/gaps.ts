/** A line end, escaped or not, and whatever is blank. */
const anyBlank = String.raw`(?:\s|\\{1,7}[nrt])`;
const quotation = String.raw`(?:&quot;|&#(?:34|39|x22|x27);)`;

/** What stands between a name and its value where both are data, tried in this order. */
const strict = [
  // In a URL's parameter that holds JSON.
  String.raw`%3[ADad](?:%20|\+)?(?:%2[27])?`,
  // What languages print around a value: `Some("…")`, `string(12) "…"`, `(string) (len=12) "…"`.
  String.raw`[ \t]{0,8}(?:=>|[:=])${anyBlank}{0,12}(?:(?:Some|Just|Optional|Secret(?:Str|String)?|String|NSString|const)\(${anyBlank}{0,12}|string\(\d{1,6}\) |\(\w{1,16}\) \(len=\d{1,6}\) )(?=\\{0,7}["'])`,
  // PHP's own form: a name, the length of its value, the value.
  String.raw`;s:\d{1,6}:(?=\\{0,7}")`,
  // An output of Terraform, a message of protocol buffers.
  String.raw`\s{0,8}:?\s{0,8}\{[^{}]{0,200}?\\{0,7}"?value\\{0,7}"?\s{0,8}:\s{0,8}(?=\\{0,7}")`,
  // The next reply in a list of Redis, the first item of a vector of R.
  String.raw`(?:\r?\n|\\{1,7}n)[ \t]{0,8}(?:\d{1,4}\)|\[1\]) (?=\\{0,7}["'])`,
  // A list: of a header's values, of keys.
  String.raw`[ \t]{0,8}(?:=>|[:=])${anyBlank}{0,4}\[${anyBlank}{0,40}`,
  // The type between a name and its value.
  String.raw`\??:[ \t]?(?:string|str|&str|String)(?:[ \t]?\|[ \t]?\w{1,20})?[ \t]{1,4}=[ \t]{1,4}`,
  // An assignment in any language, but no comparison; in Markdown between asterisks.
  String.raw`(?:\*{2})?[ \t]{0,24}(?::=|=>|[:=])(?![=~])(?:\*{2})?[ \t]{0,40}`,
  // `- name: DB_PASSWORD`, `value: …` of a pod, over the line end; `ParameterValue` of others.
  String.raw`\\{0,7}["']?,?${anyBlank}{0,40}\\{0,7}["']?(?:[\w.#]{1,24}\.)?\w{0,16}value\\{0,7}["']?[ \t]{0,4}[:=][ \t]{0,4}`,
  // The next element of XML.
  String.raw`</[\w:.-]{1,40}>${anyBlank}{0,40}<[\w:.-]{1,40}>`,
  // An element in it that is named as a value.
  String.raw`>${anyBlank}{0,40}<[vV]alue>`,
  // The content of an element that is marked as text, or has attributes.
  String.raw`><!\[CDATA\[`,
  String.raw`(?:[ \t]{1,4}[\w:.-]{1,40}=\\{0,7}["'][^"'<>\n]{0,100}["']){1,6}>`,
  // Entities of HTML in place of quotes; binaries of Erlang.
  String.raw`${quotation}[ \t]{0,4}(?::|=|=&gt;|,)[ \t]{0,4}${quotation}`,
  String.raw`>>,[ \t]{0,4}<<(?=\\{0,7}")`,
  String.raw`,[ \t]{0,4}(?=\\{0,7}["'])`,
  // A column of a table.
  String.raw`[ \t]{0,40}[|\u2502\u2503][ \t]{1,40}`,
  String.raw`(?:[ \t]|\\{1,7}t){1,40}(?:is:?[ \t]{1,4})?|>`,
].join("|");

/** Nothing of it: what stands there instead may still be looked through. */
export const separator = `${strict}|(?=[^\\w\\s])`;

const signs = String.raw`[^\w\s\\,;]`;
const escaped = String.raw`\\{1,7}["'/]`;
const nextLine = String.raw`(?:(?<=[:>"])[ \t]{0,4}(?:\r?\n|\\{1,7}r\\{1,7}n|\\{1,7}n){1,2})`;
const linking =
  "(?:is|was|are|set|to|as|of|has|been|now|equals|value|string|str|text|type|hidden|input|len|some|optional|changed|from|using|with|generated|created|found|received|sent|send|got|invalid|expired|rejected|leaked|wrong|bad|unknown|quot|gt|lt)(?!\\w)";
const ofWhom = String.raw`for [\w@.'"-]{1,40}(?: [\w@.'"-]{1,40})?(?= ?(?:[:=]|is|was|set))`;

/**
 * Anything that may link a name to a value in a sentence, a call, a table, a dump or a page: signs, and words that say nothing else. Only
 * a value that looks random counts behind it.
 */
export const anyGap = new RegExp(
  String.raw`(?![^\w\s]{0,4}[ \t]{0,4}[!=]=)\\{0,7}["'\x60]?(?:${signs}|${escaped}|[ \t]|${nextLine}|,[ \t]|${linking}|${ofWhom}|(?<==)\d{1,6}(?=\))){1,24}(?=[A-Za-z\d+/_])`,
  "iy",
);
