/**
 * `$(NAME)` as Kubernetes expands it: known names are replaced, unknown ones stay as they are, `$$` is a `$` that starts
 * nothing, and any other `$` is itself.
 */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  let result = "";
  let index = 0;
  while (index < text.length) {
    const character = text[index] ?? "";
    const next = text[index + 1];
    if (character !== "$" || next === undefined) {
      result += character;
      index += 1;
    } else if (next === "$") {
      result += "$";
      index += 2;
    } else if (next === "(") {
      const end = text.indexOf(")", index + 2);
      if (end === -1) {
        result += "$(";
        index += 2;
      } else {
        const name = text.slice(index + 2, end);
        result += Object.hasOwn(variables, name) ? variables[name] : `$(${name})`;
        index = end + 1;
      }
    } else {
      // "$x" is not an operator: both characters are literal.
      result += character + next;
      index += 2;
    }
  }
  return result;
}
