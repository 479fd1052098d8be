import type { RepositoryCheckout } from "../types/repository.ts";

const defaultClosingSeconds = 300;

/** How long the container that looks after a repository may take when the command has ended. */
export function closingSecondsOf({ closingSeconds }: RepositoryCheckout): number {
  return closingSeconds ?? defaultClosingSeconds;
}
