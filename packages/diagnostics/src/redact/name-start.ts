/** More characters belong to no name. */
const longestName = 64;

/** Where the name begins that goes up to a place: of letters, digits, `_`, `.` and `-`. A pattern would look for it from every place before. */
export function nameStart(text: string, end: number): number {
  let start = end;
  while (end - start < longestName && isNameCharacter(text.charCodeAt(start - 1))) start -= 1;
  return start;
}

/** Of the place before a text, which is `NaN`, it is not true. */
function isNameCharacter(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === 46 ||
    code === 45
  );
}
