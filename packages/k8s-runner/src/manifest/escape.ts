/**
 * Kubernetes expands `$(NAME)` and collapses `$$` in commands, arguments and values of environment variables. Doubling
 * every `$` gives each byte back as it was written.
 */
export function escapeDollars(text: string): string {
  return text.replaceAll("$", "$$$$");
}
