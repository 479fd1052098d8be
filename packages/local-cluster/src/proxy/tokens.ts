import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";

/** The tokens that the proxy accepts from its clients. They open the proxy only, never the server behind it. */
export interface TokenKeeper {
  readonly current: string;
  accepts(authorization: string | undefined): boolean;
  /** Refuses the current token from now on; a new one is made after so long, or, with `null`, only by `issue`. */
  revoke(renewAfterMilliseconds: number | null): void;
  /** Makes a new token the only one, and writes it to the token file where there is one. */
  issue(): string;
  close(): void;
}

export function createTokenKeeper(tokenFile: string | null): TokenKeeper {
  let current = "";
  let valid = false;
  let renewal: NodeJS.Timeout | undefined;

  function issue(): string {
    clearTimeout(renewal);
    current = randomUUID();
    valid = true;
    if (tokenFile !== null) writeFileSync(tokenFile, current, { mode: 0o600 });
    return current;
  }

  issue();
  return {
    get current() {
      return current;
    },
    accepts: (authorization) => valid && authorization === `Bearer ${current}`,
    revoke(renewAfterMilliseconds) {
      valid = false;
      clearTimeout(renewal);
      if (renewAfterMilliseconds !== null) renewal = setTimeout(issue, renewAfterMilliseconds);
    },
    issue,
    close: () => clearTimeout(renewal),
  };
}
