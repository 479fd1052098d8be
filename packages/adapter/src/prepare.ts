import { diagnose, type ExitLike } from "@claude-k8s/diagnostics";

import { type BundleReading, type Bundle, readBundle } from "./claude/bundle.ts";
import { type PodEnvironment, podEnvironment } from "./claude/environment.ts";
import { workingDirectoryOf } from "./claude/settings-spec.ts";
import { type SessionChoice, chooseSession } from "./claude/session.ts";
import type { Ending } from "./ending.ts";
import type { ExecutionContext } from "./host/contract.ts";
import { knownSecrets } from "./host/secrets.ts";
import { parseSettings } from "./settings/parse.ts";
import type { Settings } from "./settings/settings.ts";

/** Everything about a run that can be known without the cluster. */
export interface Prepared {
  readonly kind: "ready";
  readonly settings: Settings;
  readonly bundle: Bundle;
  readonly environment: PodEnvironment;
  readonly workingDirectory: string;
  readonly session: SessionChoice;
  readonly secrets: readonly string[];
  readonly warnings: readonly string[];
}

export async function prepare(
  host: ExecutionContext,
): Promise<Prepared | { readonly kind: "refused"; readonly ending: Ending }> {
  const parsed = parseSettings({ agent: host.config });
  if (parsed.kind === "invalid")
    return refused(host, { kind: "settings-invalid", problems: parsed.problems });
  const { settings } = parsed;
  const reading: BundleReading = await readBundle(host, settings);
  if (reading.kind === "skill-missing") {
    const { skill, message, available } = reading;
    return refused(host, { kind: "skill-not-found", skill, message, available });
  }
  const { bundle } = reading;
  const workingDirectory = workingDirectoryOf(settings);
  const session = chooseSession(host.runtime, bundle, workingDirectory);
  return {
    kind: "ready",
    settings,
    bundle,
    environment: podEnvironment(host, settings, workingDirectory),
    workingDirectory,
    session,
    secrets: knownSecrets(host, settings.env),
    warnings: [...parsed.warnings, ...bundle.warnings, ...(session.reason === null ? [] : [session.reason])],
  };
}

type Refusal = Extract<ExitLike, { readonly kind: "refused" }>["failure"];

function refused(
  host: ExecutionContext,
  failure: Refusal,
): { readonly kind: "refused"; readonly ending: Ending } {
  return { kind: "refused", ending: refusalOf(failure, host.config) };
}

/** The ending of a run that never became one. */
export function refusalOf(failure: Refusal, config: Readonly<Record<string, unknown>>): Ending {
  const exit: ExitLike = { kind: "refused", failure };
  return { exit, summary: null, diagnosis: diagnose({ exit, settings: config }), ref: null, evidence: null };
}
