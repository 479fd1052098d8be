/** A user's credential plugin, as written in the kubeconfig; what kubectl refuses is refused with the field and what to write. */

import { InvalidKubeconfigError } from "../../errors.ts";
import { flagOf, isFields, quote, textOf, textsOf, wrongType } from "./fields.ts";
import type { Entry } from "./fields.ts";
import type { ExecPlugin } from "./kubeconfig.ts";

const group = "client.authentication.k8s.io";
const versions: ReadonlySet<string> = new Set([`${group}/v1`, `${group}/v1beta1`]);
const modes: ReadonlySet<string> = new Set(["Never", "IfAvailable", "Always"]);

export function execOf(entry: Entry): ExecPlugin | null {
  const found = entry.fields["exec"] ?? null;
  if (found === null) return null;
  if (!isFields(found)) throw wrongType(entry, "exec", "a mapping");
  const inside: Entry = { ...entry, fields: found };
  const command = textOf(inside, "command");
  if (command === null) throw wrongType(entry, "exec", "a mapping with a command");
  const apiVersion = versionOf(inside, command);
  refuseMode(inside, command, apiVersion);
  return {
    apiVersion,
    command,
    args: textsOf(inside, "args"),
    env: environmentOf(inside),
    installHint: textOf(inside, "installHint"),
    provideClusterInfo: flagOf(inside, "provideClusterInfo"),
  };
}

function versionOf(inside: Entry, command: string): string {
  const apiVersion = textOf(inside, "apiVersion");
  if (apiVersion === null)
    throw refusal(inside, command, `names no apiVersion; add the one that it speaks, as ${group}/v1`);
  if (!versions.has(apiVersion))
    throw refusal(
      inside,
      command,
      `speaks ${quote(apiVersion)}, which kubectl dropped in 1.24; v1 and v1beta1 are supported: update the plugin and write the kubeconfig anew`,
    );
  return apiVersion;
}

/** v1 demands the mode, v1beta1 takes `IfAvailable` for none. Without a terminal the two others are the same. */
function refuseMode(inside: Entry, command: string, apiVersion: string): void {
  const mode = textOf(inside, "interactiveMode");
  if (mode === null && apiVersion === `${group}/v1`)
    throw refusal(
      inside,
      command,
      "has no interactiveMode, which v1 demands; add interactiveMode: Never, or IfAvailable",
    );
  if (mode !== null && !modes.has(mode))
    throw refusal(inside, command, "has an unknown interactiveMode; write Never, or IfAvailable");
  if (mode === "Always")
    throw refusal(
      inside,
      command,
      "asks for a terminal (interactiveMode: Always), and there is none; write Never where it can do without, or use a token",
    );
}

function refusal({ name }: Entry, command: string, why: string): InvalidKubeconfigError {
  return new InvalidKubeconfigError(
    "exec",
    `the credential plugin ${quote(command)} of user ${quote(name)} ${why}`,
  );
}

function environmentOf(entry: Entry): Readonly<Record<string, string>> {
  const found = entry.fields["env"] ?? [];
  if (!Array.isArray(found)) throw wrongType(entry, "env", "a list");
  const variables = found.map((variable: unknown) => {
    const { name, value } = isFields(variable) ? variable : {};
    // A variable without a value is an empty one.
    if (typeof name !== "string" || name === "" || typeof (value ?? "") !== "string")
      throw wrongType(entry, "env", "a list of names and values");
    return [name, (value ?? "") as string] as const;
  });
  return Object.fromEntries(variables);
}
