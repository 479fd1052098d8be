/** A command and its screen, as Markdown. */
export function block(args: readonly string[], screen: string): string {
  return `\`\`\`console\n$ claude-k8s ${args.join(" ")}\n${screen}\n\`\`\``;
}
