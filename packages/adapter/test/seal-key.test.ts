import { expect, test } from "vitest";

import { sealKeysOf } from "../src/host/seal-key.ts";

const secret = ["server", "secret", "0123456789abcdef"].join("-");
const hex = (keys: ReturnType<typeof sealKeysOf>) =>
  (keys ?? []).map((key) => Buffer.from(key).toString("hex"));

test("keys are made of the server's secrets and never equal to them", () => {
  const keys = sealKeysOf({ PAPERCLIP_AGENT_JWT_SECRET: secret, BETTER_AUTH_SECRET: `${secret}-2` });
  expect(keys).toHaveLength(2);
  for (const key of keys ?? []) {
    expect(key).toHaveLength(32);
    expect(Buffer.from(key).includes(secret.slice(0, 8))).toBe(false);
  }
  expect(new Set(hex(keys)).size).toBe(2);
});

test("every process of a server has the same, another server another", () => {
  const one = { PAPERCLIP_AGENT_JWT_SECRET: secret };
  expect(hex(sealKeysOf(one))).toEqual(hex(sealKeysOf({ ...one })));
  expect(hex(sealKeysOf(one))).not.toEqual(hex(sealKeysOf({ PAPERCLIP_AGENT_JWT_SECRET: `${secret}x` })));
});

test("without a secret there is none, never one of nothing", () => {
  expect(sealKeysOf({})).toBeNull();
  expect(sealKeysOf({ PAPERCLIP_AGENT_JWT_SECRET: " ", BETTER_AUTH_SECRET: "" })).toBeNull();
});
