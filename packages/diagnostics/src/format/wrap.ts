const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\uFF01-\uFF60]/u;
const invisible = /^(?:\p{Mark}|[\u200B-\u200F])/u;

/** Columns that a text takes on a terminal. */
function columns(text: string): number {
  let sum = 0;
  for (const character of text) sum += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return sum;
}

/** Breaks at blanks. A word that is too long stays whole: a command or an address must be copied in one piece. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && columns(longer) > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
