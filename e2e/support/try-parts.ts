/** Starts what the tests need, once before all of them, so that what it cannot start is named and only that is skipped. */

import { execFileSync } from "node:child_process";
import { kubeconfigOfCluster, machine } from "./machine.ts";

/** `E2E_…_MISSING`, with the reason, for each part that is not there or does not start. */
export function tryParts(): Readonly<Record<string, string>> {
  const attempts = [
    ["E2E_CLUSTER", machine.cluster, () => void kubeconfigOfCluster()],
    [
      "E2E_PAPERCLIP",
      machine.paperclip,
      () =>
        execFileSync(machine.paperclip.path, ["install"], {
          env: { ...process.env, PC_ROOT: machine.paperclipRoot },
          stdio: ["ignore", "ignore", "pipe"],
        }),
    ],
    ["E2E_MESSAGES_API", machine.messagesApi, () => {}],
    ["E2E_CHROMIUM", machine.chromium, () => {}],
  ] as const;
  const reasons: Record<string, string> = {};
  for (const [variable, part, attempt] of attempts) {
    const reason = part.missing ?? failureOf(attempt);
    if (reason !== null) reasons[`${variable}_MISSING`] = reason;
  }
  return reasons;
}

function failureOf(attempt: () => void): string | null {
  try {
    attempt();
    return null;
  } catch (error) {
    const { stderr } = error as { readonly stderr?: Buffer | string };
    const words = String(stderr ?? "").trim() || (error instanceof Error ? error.message : String(error));
    return `it does not start: ${words.split("\n").slice(-3).join(" ").slice(0, 300)}`;
  }
}
