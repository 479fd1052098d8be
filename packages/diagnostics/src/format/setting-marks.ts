/**
 * Fixes mark a setting's name with stars (`*Memory limit*`). A name begins with a letter; stars of foreign words, as in a glob
 * or a schedule, stand in code or alone.
 */
const marked = /(?<![\w*`])\*(\p{L}[^*`\n]{0,80})\*(?![\w*`])/gu;

/** The line with each setting's name in another form; code between backticks stays as it is. */
export function withSettings(line: string, form: (name: string) => string): string {
  return line
    .split("`")
    .map((part, index) =>
      index % 2 === 1 ? part : part.replaceAll(marked, (_whole, name: string) => form(name)),
    )
    .join("`");
}
