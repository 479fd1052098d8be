import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { stringify } from "yaml";
import { createDemoObjects } from "../../src/simulate/story/objects.ts";
import { readKubeconfig } from "../../src/simulate/story/target.ts";

const none = { context: null, namespace: null };
const credential = ["s3cret", "value"].join("-");

function kubeconfig(changes: Readonly<Record<string, unknown>> = {}): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
    users: [{ name: "u", user: { token: credential } }],
    contexts: [
      { name: "one", context: { cluster: "c", user: "u", namespace: "agents" } },
      { name: "two", context: { cluster: "c", user: "u" } },
      { name: "broken", context: { cluster: "gone", user: "u" } },
    ],
    "current-context": "one",
    ...changes,
  });
}

describe("a kubeconfig", () => {
  let folder = "";
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "demo-target-"))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function file(content: string): string {
    const path = join(folder, "kubeconfig");
    writeFileSync(path, content);
    return path;
  }

  test("gives its current context with server and namespace", async () => {
    const target = await readKubeconfig(file(kubeconfig()), none);
    expect(target).toMatchObject({ server: "https://127.0.0.1:1", namespace: "agents" });
  });

  test("another context and namespace when asked for", async () => {
    const path = file(kubeconfig());
    expect((await readKubeconfig(path, { context: "two", namespace: null })).namespace).toBe("default");
    const both = await readKubeconfig(path, { context: "two", namespace: "elsewhere" });
    expect(both.namespace).toBe("elsewhere");
    expect(both.kubeconfig).toContain('"current-context":"two"');
  });

  test("a credential plugin is asked once, and only its token goes on", async () => {
    const command = join(folder, "login");
    const answer = {
      apiVersion: "client.authentication.k8s.io/v1",
      kind: "ExecCredential",
      status: { token: credential },
    };
    writeFileSync(command, `#!/bin/sh\necho '${JSON.stringify(answer)}'\n`, { mode: 0o755 });
    const exec = { apiVersion: "client.authentication.k8s.io/v1", command, interactiveMode: "Never" };
    const target = await readKubeconfig(file(kubeconfig({ users: [{ name: "u", user: { exec } }] })), none);
    expect(target.kubeconfig).toContain(credential);
    expect(target.kubeconfig).not.toContain("login");
  });

  test.each([
    ["that is missing", "/nowhere/kubeconfig", none, "cannot read the kubeconfig: ENOENT: no such file"],
    ["that is a folder", tmpdir(), none, "cannot read the kubeconfig: EISDIR"],
  ])("%s is an error that says so", async (_name, path, wanted, message) => {
    await expect(readKubeconfig(path, wanted)).rejects.toThrow(message);
  });

  test.each([
    ["no YAML", `token: [${credential}`, none, "is no kubeconfig: it cannot be parsed"],
    ["something else", "hello", none, "has no current context; it has none at all"],
    [
      "without the context",
      kubeconfig(),
      { context: "x", namespace: null },
      'no context "x"; it has one, two, broken',
    ],
    [
      "with a context that leads nowhere",
      kubeconfig(),
      { context: "broken", namespace: null },
      "has no cluster for its context",
    ],
  ])(
    "that is %s is an error that says so and quotes no credential",
    async (_name, content, wanted, message) => {
      const error: unknown = await readKubeconfig(file(content), wanted).catch((caught: unknown) => caught);
      expect(String(error)).toContain(message);
      expect(String(error)).not.toContain(credential);
    },
  );

  test("of a server that does not answer: what was tried, and why it failed", async () => {
    const { config, namespace } = await readKubeconfig(file(kubeconfig()), none);
    const objects = createDemoObjects({ config, namespace, id: "test" });
    await expect(objects.check()).rejects.toThrow(
      /^cannot list Jobs in namespace agents: .*(?:ECONNREFUSED|bad port)/u,
    );
  });
});
