import { hkdfSync } from "node:crypto";

import type { SealKey } from "@claude-k8s/k8s-runner";

/**
 * The keys with which the runner seals its Jobs, made of the secrets that the server has anyway: all its replicas have the
 * same, and they are there again after a restart. They are derived, so that whoever sees a seal learns nothing of the tokens
 * that the secrets sign. The first one seals; the other one is accepted, for a server that goes from one secret to the other.
 * `null`: the server has none, and Jobs are told apart by their labels alone.
 */
export function sealKeysOf(
  environment: Readonly<Record<string, string | undefined>>,
): readonly SealKey[] | null {
  const secrets = [environment["PAPERCLIP_AGENT_JWT_SECRET"], environment["BETTER_AUTH_SECRET"]];
  const keys = [...new Set(secrets)].flatMap((secret) =>
    secret === undefined || secret.trim() === ""
      ? []
      : [new Uint8Array(hkdfSync("sha256", secret, "", "claude-k8s/seal/1", 32))],
  );
  return keys.length === 0 ? null : keys;
}
