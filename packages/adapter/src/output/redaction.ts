import { type Redactor, createMask, createRedactor } from "@claude-k8s/diagnostics";

/** Values by the names that stand in their place. */
export type NamedSecrets = Readonly<Record<string, string>>;

/** What one run, or one command, must not show. Everything that leaves goes through it. */
export interface Redaction {
  /** More became known: of the operator's settings, or of a Job that is taken over. */
  learn(secrets: NamedSecrets): void;
  secrets(): NamedSecrets;
  /** For a text that comes in chunks; it knows what is known now. */
  redactor(): Redactor;
  /** A copy with every secret in its strings masked. */
  readonly mask: <Value>(value: Value) => Value;
}

export function createRedaction(first: NamedSecrets = {}): Redaction {
  let known = first;
  let mask = createMask(known);
  return {
    learn(secrets) {
      if (Object.keys(secrets).length === 0) return;
      // Of two values of one name both are kept: the run that was taken over had tokens of its own.
      const others = Object.entries(secrets).map(([name, value]) => [
        known[name] === undefined || known[name] === value ? name : `${name}.${Object.keys(known).length}`,
        value,
      ]);
      known = { ...known, ...(Object.fromEntries(others) as NamedSecrets) };
      mask = createMask(known);
    },
    secrets: () => known,
    redactor: () => createRedactor(known),
    mask: (value) => mask(value),
  };
}
