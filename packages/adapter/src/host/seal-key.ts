import { hkdfSync, randomBytes } from "node:crypto";
import { closeSync, constants, fstatSync, openSync, readSync, writeFileSync } from "node:fs";
import path from "node:path";

import type { SealKey } from "@claude-k8s/k8s-runner";

const keyBytes = 32;

/**
 * The keys with which the runner seals its Jobs, made of the secrets that the server has anyway: all its replicas have the
 * same, and they are there again after a restart. They are derived, so that whoever sees a seal learns nothing of the tokens
 * that the secrets sign. The first one seals; the other one is accepted, for a server that goes from one secret to the other.
 * A server without a secret makes one in `folder`, which its replicas must then share. `null`: there is neither, and Jobs are
 * told apart by their labels alone.
 */
export function sealKeysOf(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string | null,
): readonly SealKey[] | null {
  const given = [environment["PAPERCLIP_AGENT_JWT_SECRET"], environment["BETTER_AUTH_SECRET"]];
  const secrets = [...new Set(given.flatMap((secret) => secret?.trim() || []))];
  if (secrets.length > 0) return secrets.map(derived);
  const own = folder === null ? null : ownSecret(path.join(folder, "seal.key"));
  return own === null ? null : [derived(own)];
}

function derived(secret: string | Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync("sha256", secret, "", "claude-k8s/seal/1", keyBytes));
}

function ownSecret(file: string): Uint8Array | null {
  try {
    writeFileSync(file, randomBytes(keyBytes), { flag: "wx", mode: 0o600 });
  } catch {
    // It is there already, or cannot be made: reading shows which.
  }
  return readSecret(file);
}

/** No link is followed and no device is read: whoever could place one in the folder would otherwise choose the key. */
function readSecret(file: string): Uint8Array | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const bytes = Buffer.alloc(keyBytes);
    const whole = fstatSync(descriptor).isFile() && readSync(descriptor, bytes) === keyBytes;
    return whole ? bytes : null;
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
