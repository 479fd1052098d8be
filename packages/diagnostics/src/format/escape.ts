/** Foreign text as text: no emphasis, link, HTML, mention or reference to an issue comes of it. */
export function escape(text: string): string {
  return text
    .replaceAll(/[\\`*_[\]~|]/g, String.raw`\$&`)
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("@", "&#64;")
    .replaceAll("#", "&#35;")
    .replaceAll("://", "&#58;//");
}

/** Our own fixes: code stays code and a setting's stars stay, the names within cannot break out. */
export function escapeAroundCode(fix: string): string {
  return fix
    .split("`")
    .map((part, index) =>
      index % 2 === 1
        ? `\`${part}\``
        : part
            .replaceAll("<", "&lt;")
            .replaceAll("@", "&#64;")
            .replaceAll(/[[\]_|]/g, String.raw`\$&`),
    )
    .join("");
}
