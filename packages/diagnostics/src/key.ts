const longest = 160;

/**
 * Takes out of a message what differs between two runs with the same trouble: known names, ids, times, addresses, hashes,
 * numbers. "0/5 nodes are available: 2 Insufficient cpu" and "0/7 …: 3 …" become one.
 */
export function normalise(message: string, names: readonly string[] = []): string {
  let text = message.slice(0, 2000);
  for (const name of names) text = text.replaceAll(wholeName(name), "<name>");
  return text
    .replaceAll(/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, "<id>")
    .replaceAll(/\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)/g, "<time>")
    .replaceAll(/\b(?:sha256:)?[0-9a-f]{12,64}\b/gi, "<hash>")
    .replaceAll(/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, "<address>")
    .replaceAll(/\b(?:req|msg|toolu)_[A-Za-z0-9]{4,64}\b/g, "<id>")
    .replaceAll(/\b([a-z][a-z0-9-]{0,60})-[a-z0-9]{5}\b(?=["'\s,;:)]|$)/g, (whole, stem: string) =>
      /\d/.test(whole.slice(stem.length)) ? `${stem}-<n>` : whole,
    )
    .replaceAll(/\d+(?:\.\d+)?/g, "<n>")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();
}

/** The code, and the words that make it this trouble. */
export function groupingKey(code: string | null, detail: string | null, names: readonly string[]): string {
  const words = normalise(detail ?? "", names).slice(0, longest);
  return words === "" ? (code ?? "success") : `${code ?? "success"}: ${words}`;
}

/** Not inside a longer word, and with the suffix that the Job controller gives its pods. */
function wholeName(name: string): RegExp {
  const literal = name.replaceAll(/[$()*+.?[\\\]^{|}-]/g, String.raw`\$&`);
  return new RegExp(`(?<![A-Za-z0-9-])${literal}(?:-[a-z0-9]{5}|-(?![a-z0-9]))?(?![A-Za-z0-9-])`, "g");
}
