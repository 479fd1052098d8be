import { settingFields } from "./fields.ts";
import { formerKeyNames } from "./former-keys.ts";

/** Keys that the host or its other adapters write. Some of them look like a slip of one of ours. */
const ofTheHost: ReadonlySet<string> = new Set(
  [
    "mode args command cmd engine provider showAdvanced cwd chrome agentCommand stateDir warmHandleIdleMs helloProbeTimeoutSec",
    "filesystemScope filesystemExtraPaths filesystemSandboxCommand networkScope networkAllowlist managedAiConnection managedMcpOnly",
    "instructionsRootPath instructionsEntryFile instructionsBundleMode bootstrapPromptTemplate paperclipSkillSync desiredState",
    "workspaceStrategy workspaceRuntime permissionMode nonInteractivePermissions terminalResultCleanupGraceMs",
    "acpAgentCommand acpMode acpStateDir acpPermissionMode acpNonInteractivePermissions acpWarmHandleIdleMs",
  ].flatMap((line) => line.split(" ")),
);

/** The known name that an unknown one is probably a slip of: one or two letters off, other case or dashes, or cut short. */
export function nearestName(unknown: string, known: readonly string[]): string | null {
  const plain = bare(unknown);
  if (plain.length < 3) return null;
  const most = plain.length <= 4 ? 1 : 2;
  const ranked = known
    .map((name) => ({
      name,
      distance: nearness(plain, bare(name)),
      // Several names may begin as the given one does.
      rest: Math.abs(plain.length - bare(name).length),
    }))
    .filter(({ distance }) => distance <= most)
    .sort((a, b) => a.distance - b.distance || a.rest - b.rest);
  return ranked[0]?.name ?? null;
}

/** The host has a few dozen keys of its own; a configuration of thousands is somebody's play with the server's time. */
const mostKeys = 100;

/** One warning for each key that is none of ours and looks like one. */
export function misspeltKeys(config: Readonly<Record<string, unknown>>): readonly string[] {
  return strangeKeys(config).flatMap(({ key, near }) =>
    near === null
      ? []
      : [`${shown(key)}: there is no setting of this name, and it is left alone; did you mean ${near}?`],
  );
}

/** Keys that neither we, nor the adapter before this one, nor the host are known to have. */
export function unknownKeys(config: Readonly<Record<string, unknown>>): readonly string[] {
  return strangeKeys(config).flatMap(({ key, near }) =>
    near === null && !formerKeyNames.has(key) ? [key] : [],
  );
}

interface StrangeKey {
  readonly key: string;
  /** The name of ours that it is probably a slip of. */
  readonly near: string | null;
}

function strangeKeys(config: Readonly<Record<string, unknown>>): readonly StrangeKey[] {
  const known = settingFields.flatMap(({ key, alias }) => (alias === undefined ? [key] : [key, alias]));
  const exact = new Set<string>([...known, "resources"]);
  return Object.keys(config)
    .filter((key) => !exact.has(key) && !ofTheHost.has(key) && !key.startsWith("resources."))
    .slice(0, mostKeys)
    .map((key) => ({ key, near: nearestName(key, known) }));
}

function shown(key: string): string {
  return JSON.stringify(key.slice(0, 80));
}

function bare(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(0, 60);
}

function nearness(given: string, name: string): number {
  // `serviceAccount` for `serviceAccountName`.
  if (given.length >= 5 && (name.startsWith(given) || given.startsWith(name)) && name.length >= 5) return 1;
  return Math.abs(given.length - name.length) > 2 ? Number.POSITIVE_INFINITY : editsBetween(given, name);
}

/** Insertions, deletions, replacements and swaps of neighbours that make one of the other. */
function editsBetween(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1];
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      current[j] = Math.min(
        (previous[j] ?? 0) + 1,
        (current[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}
