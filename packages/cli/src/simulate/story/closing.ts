import type { Colors } from "./colors.ts";
import type { RunResult } from "./events.ts";
import type { Account, Proof } from "./proof.ts";

/** The lines with which a run and the demo end. */

export function resultLines(result: RunResult, colors: Colors): readonly string[] {
  const succeeded = result.outcome === "succeeded";
  const head = succeeded
    ? colors.green(colors.bold("succeeded"))
    : colors.red(colors.bold(`failed: ${result.errorCode ?? "no code"}`));
  const facts = [
    result.exitCode === null ? null : `exit ${result.exitCode}`,
    tokenText(result),
    result.costUsd === null ? null : `$${result.costUsd.toFixed(4)}`,
  ];
  const session = [result.model, result.sessionId === null ? null : `session ${result.sessionId}`];
  const joined = (parts: readonly (string | null)[]) => parts.filter((part) => part !== null).join(" · ");
  return [
    "",
    `${colors.bold("result")}  ${head} ${colors.dim(`· ${joined(facts)}`)}`,
    `        ${colors.dim(joined(session))}`,
  ];
}

export function accountLines(account: Account, colors: Colors): readonly string[] {
  const { container, delivered, firstSupervisor, incidents } = account;
  const row = (label: string, lines: number, bytes: number, digest: string) =>
    `  ${label.padEnd(34)} ${count(lines)} lines ${count(bytes)} bytes  ${colors.dim(`sha256 ${digest.slice(0, 16)}…`)}`;
  return [
    "",
    colors.bold("proof"),
    container === null
      ? `  ${colors.red("the container's own count is missing")}`
      : row("the container counted", container.lines, container.bytes, container.sha256),
    row("delivered in the end", delivered.lines, delivered.bytes, delivered.sha256),
    `  ${"supervisor 1 had, when it died".padEnd(34)} ${count(firstSupervisor.lines)} lines ${count(firstSupervisor.bytes)} bytes  ${
      firstSupervisor.isTruePrefix ? colors.dim("a true beginning") : colors.red("not a true beginning")
    }`,
    `  ${colors.bold(zero("lost", account.lost, colors))}, ${colors.bold(zero("repeated", account.repeated, colors))} ${colors.dim(
      `· through ${incidents.logCuts} cut log streams, ${incidents.supervisorKills} killed supervisor, ${incidents.adoptions} adoption`,
    )}`,
    ...account.failures.map((failure) => `  ${colors.red(`✘ ${failure}`)}`),
  ];
}

export function conclusionLines(proof: Proof, colors: Colors): readonly string[] {
  if (proof.holds) {
    return [
      "",
      colors.green(
        colors.bold(
          `✔ The proof holds: ${proof.delivered.lines} lines written, ${proof.delivered.lines} delivered, lost ${proof.lost}, repeated ${proof.repeated}; the failure was explained.`,
        ),
      ),
    ];
  }
  return [
    "",
    colors.red(colors.bold("✘ The proof does not hold:")),
    ...proof.failures.map((failure) => `  ${failure}`),
  ];
}

function zero(word: string, value: number, colors: Colors): string {
  return value === 0 ? colors.green(`${word} 0`) : colors.red(`${word} ${value}`);
}

function tokenText(result: RunResult): string | null {
  if (result.inputTokens === null || result.outputTokens === null) return null;
  const cached = result.cachedInputTokens ?? 0;
  return `${count(result.inputTokens + cached).trim()} tokens in (${count(cached).trim()} cached), ${count(result.outputTokens).trim()} out`;
}

function count(value: number): string {
  return value.toLocaleString("en-US").padStart(7);
}
