/** Frames in another form: an array, indented, behind time stamps or prefixes, in colours, within a string or a table, in UTF-16 or as numbers. */
export function looksLikeFrames(line: string): boolean {
  return (
    /["\\]{1,4}(?:type|subtype|session_id|uuid)["\\]{1,4}[^\w"]{0,24}:|^\s*[[{]\s*$/.test(
      line.replaceAll(colours, ""),
    ) ||
    /\[\s*123,\s*34,|\{\s{0,4}&(?:quot|#34|#x22);/i.test(line) ||
    line.includes("{\u0000") ||
    line.includes("\u0000{")
  );
}

// oxlint-disable-next-line no-control-regex -- colours begin with ESC
const colours = /\u001b\[[\d;]*m/g;
