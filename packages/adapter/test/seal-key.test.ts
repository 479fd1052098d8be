/** Where the keys come from by which a server knows its Jobs. */

import { mkdtempSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

import { sealKeysOf } from "../src/host/seal-key.ts";

const secret = "a-secret-that-all-replicas-share";

const keysOf = (...given: Parameters<typeof sealKeysOf>) => sealKeysOf(...given) ?? [];

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), "seal-"));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

test("replicas with the same secret have the same key, which is not the secret", () => {
  const [one] = keysOf({ PAPERCLIP_AGENT_JWT_SECRET: secret }, folder());
  const [two] = keysOf({ PAPERCLIP_AGENT_JWT_SECRET: ` ${secret}\n` }, null);
  expect(one).toEqual(two);
  expect(one).toHaveLength(32);
  expect(Buffer.from(one ?? "").includes(secret.slice(0, 8))).toBe(false);
  expect(keysOf({ PAPERCLIP_AGENT_JWT_SECRET: `${secret}2` }, null)).not.toContainEqual(one);
});

test("both of the server's secrets are accepted, the token's first", () => {
  const jwt = keysOf({ PAPERCLIP_AGENT_JWT_SECRET: secret }, null);
  const auth = keysOf({ BETTER_AUTH_SECRET: "another-secret" }, null);
  const both = { PAPERCLIP_AGENT_JWT_SECRET: secret, BETTER_AUTH_SECRET: "another-secret" };
  expect(keysOf(both, null)).toEqual([...jwt, ...auth]);
  expect(keysOf({ ...both, BETTER_AUTH_SECRET: secret }, null)).toEqual(jwt);
});

test("without a secret the server makes one for itself, once, and for nobody else to read", () => {
  const own = folder();
  const [made] = keysOf({ BETTER_AUTH_SECRET: " " }, own);
  expect(keysOf({}, own)).toEqual([made]);
  expect(keysOf({}, folder())).not.toEqual([made]);
  expect(statSync(path.join(own, "seal.key")).mode & 0o777).toBe(0o600);
});

test.each<[string, (file: string) => void]>([
  ["is too short", (file) => writeFileSync(file, "short")],
  ["is a folder", (file) => mkdirSync(file)],
  ["leads elsewhere", (file) => symlinkSync("/dev/zero", file)],
])("a key file that %s is no key", (_name, make) => {
  const own = folder();
  make(path.join(own, "seal.key"));
  expect(keysOf({}, own)).toEqual([]);
});

test("without a secret and a folder there is no key", () => {
  expect(keysOf({}, null)).toEqual([]);
});
