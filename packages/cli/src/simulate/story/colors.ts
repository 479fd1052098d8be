import { createColors } from "picocolors";

export type Colors = ReturnType<typeof createColors>;

/** Colours are for terminals. NO_COLOR turns them off (no-color.org), FORCE_COLOR on; what is set but empty is not set. */
export function wantsColors(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): boolean {
  const { NO_COLOR: never, FORCE_COLOR: always, TERM: terminal } = environment;
  if (never !== undefined && never !== "") return false;
  if (always !== undefined && always !== "" && always !== "0") return true;
  return isTerminal && terminal !== "dumb";
}

export function colorsFor(
  isTerminal: boolean,
  environment: Readonly<Record<string, string | undefined>>,
): Colors {
  return createColors(wantsColors(isTerminal, environment));
}
