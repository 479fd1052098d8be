/** From the README to a green Test: the packed adapter in a real server, with the Role that the documentation shows. */

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentedRole, kubeconfigOfAccount } from "../support/access.ts";
import { type Board, createBoard, installAdapter } from "../support/board.ts";
import { machine, missing } from "../support/machine.ts";
import { installPacked } from "../support/packed.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi");

describe.skipIf(reason !== "")(`installing as the README says${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  const config = (more: Record<string, unknown> = {}) => ({
    image: `lab/claude:${machine.claudeVersion}`,
    namespace: world.namespace,
    "resources.requests.cpu": "10m",
    "resources.requests.memory": "64Mi",
    env: {
      ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
      ANTHROPIC_BASE_URL: "http://gateway",
    },
    paperclipApiUrl: `http://${machine.addressForPods}:${new URL(world.paperclip.origin).port}`,
    ...more,
  });

  beforeAll(async () => {
    world = await openWorld({
      name: "install",
      adapterFolder: null,
      clusters: async (admin, namespace) => {
        const withoutRole = await kubeconfigOfAccount(admin, namespace, "nobody", null);
        const withoutJobs = documentedRole(namespace);
        withoutJobs.rules = withoutJobs.rules!.filter(({ apiGroups }) => !apiGroups?.includes("batch"));
        return {
          admin: admin.exportConfig(),
          "without-role": withoutRole,
          "without-jobs": await kubeconfigOfAccount(admin, namespace, "jobless", withoutJobs),
          "wrong-address": withoutRole.replace(admin.getCurrentCluster()!.server, "https://127.0.0.1:1"),
        };
      },
    });
  }, 600_000);
  afterAll(() => world?.close(), 600_000);

  test("the packed adapter is loaded from its folder, and serves its settings", async () => {
    const folder = await installPacked();
    await installAdapter(world.paperclip, folder);
    board = await createBoard(world.paperclip);
    const adapter = await world.paperclip.api("GET", "/adapters/claude_k8s");
    const { version } = JSON.parse(
      readFileSync(path.join(machine.root, "packages/adapter/package.json"), "utf8"),
    );
    expect(adapter).toMatchObject({ type: "claude_k8s", source: "external", loaded: true, version });
    const { fields } = await world.paperclip.api("GET", "/adapters/claude_k8s/config-schema");
    const keys = fields.map(({ key }: { key: string }) => key);
    expect(keys).toEqual(expect.arrayContaining(["image", "namespace", "paperclipApiUrl", "timeoutSec"]));
    expect(new Set(keys).size).toBe(keys.length);
    const page = await world.paperclip.api("GET", "/adapters/claude_k8s/ui-parser.js").catch(String);
    expect(String(page)).not.toContain("answered 4");
  });

  test("Test passes with the documented Role and nothing more", async () => {
    const answer = await board.test(config());
    expect(answer.checks.filter(({ level }) => level !== "info")).toEqual([]);
    expect(answer.status).toBe("pass");
  });

  test.each([
    [
      "a namespace that does not exist",
      { kubeconfig: "admin", namespace: "e2e-absent" },
      /no namespace e2e-absent/,
    ],
    [
      "a namespace of others",
      { namespace: "kube-system" },
      /Nothing that a run needs is allowed in namespace kube-system/,
    ],
    [
      "an address where no cluster is",
      { kubeconfig: "wrong-address" },
      /127\.0\.0\.1:1 does not answer: .*ECONNREFUSED/,
    ],
    ["an account without any right", { kubeconfig: "without-role" }, /Nothing that a run needs is allowed/],
    [
      "an account that may not make Jobs",
      { kubeconfig: "without-jobs" },
      /create jobs, .*patch jobs.*: not allowed/,
    ],
    [
      "a cluster that the operator does not name",
      { kubeconfig: "/etc/passwd" },
      /kubeconfig.*is not allowed/,
    ],
    [
      "an address of Paperclip that is not its own",
      { paperclipApiUrl: "http://elsewhere.test:3100" },
      /paperclipApiUrl/,
    ],
    ["an image that cannot be one", { image: "lab/claude: 2" }, /image/],
    [
      "a memory limit that is no quantity",
      { "resources.limits.memory": "4 GB" },
      /resources\.limits\.memory/,
    ],
    ["a privileged pod", { podTemplate: { spec: { hostNetwork: true } } }, /hostNetwork/],
  ])("Test fails and names it: %s", async (_name, faulty, words) => {
    const answer = await board.test(config(faulty));
    expect(answer.status).toBe("fail");
    const errors = answer.checks.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message).join("\n")).toMatch(words);
    for (const { hint } of errors) expect(hint).toBeTruthy();
  });

  test("Test with a pod of trial fails and names it: an image that is not there", async () => {
    const answer = await board.test(
      config({ image: "lab/absent:1", imagePullPolicy: "IfNotPresent", testRun: true }),
    );
    expect(answer.status).toBe("fail");
    const errors = answer.checks.filter(({ level }) => level === "error");
    expect(errors.map(({ message }) => message).join("\n")).toContain("lab/absent:1");
    for (const { hint } of errors) expect(hint).toBeTruthy();
    await world.isEmpty();
  });

  test("Test without an image says so and lets a person go on", async () => {
    const answer = await board.test(config({ image: "" }));
    expect(answer).toMatchObject({ status: "warn" });
    expect(answer.checks.map(({ code }) => code)).toContain("image_not_set");
  });
});
