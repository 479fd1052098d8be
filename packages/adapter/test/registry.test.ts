import { expect, test } from "vitest";

import type { Ask } from "../src/environment-test/checks.ts";
import { askRegistry, readImageName } from "../src/environment-test/registry.ts";

test("names of images, as container runtimes read them", () => {
  const rows: readonly [string, string | null][] = [
    ["claude", "docker.io library/claude latest"],
    ["acme/claude:2", "docker.io acme/claude 2"],
    ["ghcr.io/acme/claude:2.1.330", "ghcr.io acme/claude 2.1.330"],
    ["registry.test:5000/claude", "registry.test:5000 claude latest"],
    ["localhost/claude:1", "localhost claude 1"],
    ["index.docker.io/acme/claude:2", "docker.io acme/claude 2"],
    ["quay.io/a/b/c:1@sha256:0123", "quay.io a/b/c sha256:0123"],
    ["Acme/Claude", null],
    ["ghcr.io/../claude:1", null],
    ["ghcr.io/acme/claude:a/b", null],
    ["", null],
  ];
  for (const [image, expected] of rows) {
    const name = readImageName(image);
    const shown = name === null ? null : `${name.registry} ${name.repository} ${name.reference}`;
    expect([image, shown]).toEqual([image, expected]);
  }
});

/** A registry as the large ones are: a token first, then an answer. */
function registry(status: number, realm: string, urls: string[]): Ask {
  return async (url, init) => {
    urls.push(url);
    if (url.startsWith("https://auth.docker.io/token")) return Response.json({ token: "anonymous" });
    if (new Headers(init.headers).get("authorization") === "Bearer anonymous")
      return new Response(null, { status });
    const challenge = `Bearer realm="${realm}",service="registry.docker.io"`;
    return new Response(null, { status: 401, headers: { "www-authenticate": challenge } });
  };
}

test("a tag that a public registry does not have, and what it does not tell", async () => {
  const realm = "https://auth.docker.io/token";
  const urls: string[] = [];
  const ask = (status: number) => askRegistry("acme/claude:typo", registry(status, realm, urls));
  expect(await ask(404)).toEqual({ kind: "absent", registry: "docker.io" });
  expect(urls).toEqual([
    "https://registry-1.docker.io/v2/acme/claude/manifests/typo",
    `${realm}?service=registry.docker.io&scope=repository%3Aacme%2Fclaude%3Apull`,
    "https://registry-1.docker.io/v2/acme/claude/manifests/typo",
  ]);
  expect(await ask(200)).toEqual({ kind: "present" });
  expect(await ask(401)).toEqual({ kind: "unknown" });
  expect(await ask(503)).toEqual({ kind: "unknown" });
  const nobody: Ask = async () => {
    throw new TypeError("fetch failed");
  };
  expect(await askRegistry("acme/claude:typo", nobody)).toEqual({ kind: "unknown" });
});

test("no server is asked that an image or a registry's answer names", async () => {
  const urls: string[] = [];
  for (const image of [
    "169.254.169.254/latest/meta-data:1",
    "localhost:3100/api:1",
    "evil.test/x:1",
    "constructor/x:1",
  ])
    expect(await askRegistry(image, registry(404, "https://auth.docker.io/token", urls))).toMatchObject({});
  expect(
    urls.filter(
      (url) => !url.startsWith("https://registry-1.docker.io/") && !url.startsWith("https://auth.docker.io/"),
    ),
  ).toEqual([]);
  const elsewhere: string[] = [];
  await askRegistry("acme/claude:1", registry(404, "https://169.254.169.254/token", elsewhere));
  expect(elsewhere).toEqual(["https://registry-1.docker.io/v2/acme/claude/manifests/1"]);
});
