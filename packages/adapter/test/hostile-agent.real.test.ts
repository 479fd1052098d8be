import { randomUUID } from "node:crypto";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { refusedAttacks, ruledAttacks, ruledBy, unusableAttacks } from "./hostile-attacks.ts";

/**
 * A real Paperclip server with this adapter, and an ordinary agent's key: everything that its API allows it, against the
 * server, its files, other companies and other people's keys. Needs the adapter built, and a server on this machine that may
 * use a cluster:
 *
 * - `PAPERCLIP_TEST_URL`: its address, without login (`local_trusted`), and without an operator's file;
 * - `PAPERCLIP_TEST_HOME`: its PAPERCLIP_HOME, as far as paths go;
 * - `PAPERCLIP_TEST_NAMESPACE`: a namespace that its cluster has, and `PAPERCLIP_TEST_IMAGE`: an image with `sh`;
 * - `PAPERCLIP_TEST_OPERATOR_FILE`: the file that its CLAUDE_K8S_CONFIG names, with `{}` in it; the test writes rules into it for some
 *   of the attacks. Without it these are skipped, and the server needs no such variable.
 * - `PAPERCLIP_TEST_MARKERS`: texts that only the server knows, with commas between, such as its token-signing secret.
 */
const url = process.env["PAPERCLIP_TEST_URL"];
const home = process.env["PAPERCLIP_TEST_HOME"] ?? "/nonexistent";
const namespace = process.env["PAPERCLIP_TEST_NAMESPACE"] ?? "default";
const image = process.env["PAPERCLIP_TEST_IMAGE"] ?? "lab/base:1";
const markers = (process.env["PAPERCLIP_TEST_MARKERS"] ?? "").split(",").filter((marker) => marker !== "");
const instance = path.join(home, "instances/default");
const operatorFile = process.env["PAPERCLIP_TEST_OPERATOR_FILE"];
const canary = path.join(home, "canary");
const adapterFolder = path.resolve(import.meta.dirname, "..");

type Json = Record<string, unknown>;
interface Answer {
  readonly status: number;
  readonly body: Json;
}

async function call(method: string, place: string, body?: unknown, key?: string): Promise<Answer> {
  const isForm = body instanceof FormData;
  const response = await fetch(`${url}/api${place}`, {
    method,
    headers: {
      ...(!isForm && body !== undefined && { "content-type": "application/json" }),
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text.startsWith("{") || text.startsWith("[") ? JSON.parse(text) : { text },
  };
}

function idOf({ status, body }: Answer): string {
  if (typeof body["id"] !== "string") throw new Error(`${status} ${JSON.stringify(body).slice(0, 500)}`);
  return body["id"];
}

/** Prints what a run has, for the markers to be searched in. */
const prying = {
  image,
  imagePullPolicy: "Never",
  namespace,
  // The node of a test is small, and many runs share it.
  "resources.requests.cpu": "10m",
  "resources.requests.memory": "64Mi",
  podTemplate: {
    spec: {
      containers: [
        {
          name: "main",
          command: [
            "sh",
            "-c",
            "env | sort; cat /claude-k8s/bundle/agent-instructions.md; ls -R /claude-k8s; echo IN-THE-POD",
          ],
        },
      ],
    },
  },
};

interface Cast {
  readonly company: string;
  readonly agent: string;
  readonly key: string;
  readonly colleague: string;
  readonly otherCompany: string;
  readonly otherAgent: string;
}

async function setUp(): Promise<Cast> {
  const known = await call("GET", "/adapters/claude_k8s");
  if (known.status === 404)
    await call("POST", "/adapters/install", { packageName: adapterFolder, isLocalPath: true });
  const company = idOf(await call("POST", "/companies", { name: `Hostile ${Date.now()}` }));
  const otherCompany = idOf(await call("POST", "/companies", { name: `Victim ${Date.now()}` }));
  const make = async (where: string, name: string) =>
    idOf(
      await call("POST", `/companies/${where}/agents`, {
        name,
        role: "engineer",
        adapterType: "claude_k8s",
        adapterConfig: prying,
      }),
    );
  const agent = await make(company, "Attacker");
  const { body } = await call("POST", `/agents/${agent}/keys`, { name: "ordinary" });
  return {
    company,
    agent,
    key: String(body["token"]),
    colleague: await make(company, "Colleague"),
    otherCompany,
    otherAgent: await make(otherCompany, "Victim"),
  };
}

/** Everything that the server keeps and shows of the runs of one issue. */
async function runsOf(
  company: string,
  issue: string,
): Promise<readonly { readonly run: Json; readonly all: string }[]> {
  const { body } = await call("GET", `/companies/${company}/heartbeat-runs?limit=200`);
  const list = (Array.isArray(body) ? body : (body["items"] as Json[])) as Json[];
  const own = list.filter((run) => JSON.stringify(run["contextSnapshot"] ?? {}).includes(issue));
  return Promise.all(
    own.map(async (run) => {
      const id = String(run["id"]);
      const parts = await Promise.all([
        call("GET", `/heartbeat-runs/${id}`),
        call("GET", `/heartbeat-runs/${id}/log`),
        call("GET", `/heartbeat-runs/${id}/events`),
      ]);
      return { run, all: JSON.stringify(parts) };
    }),
  );
}

const over = new Set(["succeeded", "failed", "cancelled", "timed_out", "interrupted"]);

/** The first run of an issue, when it is over. */
async function firstEnded(
  company: string,
  issue: string,
): Promise<{ readonly run: Json; readonly all: string }> {
  const end = Date.now() + 90_000;
  for (;;) {
    const runs = await runsOf(company, issue);
    const ended = runs.find(({ run }) => over.has(String(run["status"])));
    if (ended !== undefined) return ended;
    if (Date.now() > end)
      throw new Error(`no run of issue ${issue} ended: ${JSON.stringify(runs).slice(0, 500)}`);
    // The server has no way to be told: its own page asks again as well.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

const attacks = refusedAttacks(instance, url ?? "");

describe.skipIf(url === undefined)(
  "an ordinary agent's key on a real Paperclip (needs PAPERCLIP_TEST_URL)",
  () => {
    let cast: Cast;
    beforeAll(async () => {
      cast = await setUp();
    }, 120_000);

    const issue = async (overrides: Json, assignee: string, key: string | undefined, description = "work") =>
      idOf(
        await call(
          "POST",
          `/companies/${cast.company}/issues`,
          {
            // The server takes a second issue of an agent with the same words for the first one.
            title: `work ${randomUUID()}`,
            description,
            status: "todo",
            assigneeAgentId: assignee,
            assigneeAdapterOverrides: { adapterConfig: overrides },
          },
          key,
        ),
      );

    const nothingLeaked = (text: string) => {
      for (const marker of markers) expect(text).not.toContain(marker);
      expect(existsSync(canary)).toBe(false);
    };

    test("the legitimate use next to it works: an issue of its own runs in the pod", async () => {
      const { run, all } = await firstEnded(cast.company, await issue({}, cast.agent, cast.key));
      // The program is no Claude Code, which is all that is wrong with it.
      expect(all).toContain("IN-THE-POD");
      expect(String(run["errorCode"])).not.toBe("not_allowed_by_operator");
      nothingLeaked(all);
    }, 120_000);

    test.each(Object.entries(attacks))(
      "by an issue's override, for a colleague: %s",
      async (_what, overrides) => {
        const id = await issue({ ...prying, ...overrides }, cast.colleague, cast.key);
        const { run, all } = await firstEnded(cast.company, id);
        expect(all).toContain("not_allowed_by_operator");
        expect(run["status"]).toBe("failed");
        expect(all).not.toContain("IN-THE-POD\\n");
        nothingLeaked(all);
      },
      120_000,
    );

    test.each(Object.entries(attacks))("by Test: %s", async (_what, config) => {
      const { body } = await call(
        "POST",
        `/companies/${cast.company}/adapters/claude_k8s/test-environment`,
        { adapterConfig: { ...prying, ...config } },
        cast.key,
      );
      expect(body).toMatchObject({ status: "fail" });
      expect(JSON.stringify(body)).toContain("not_allowed_by_operator");
      nothingLeaked(JSON.stringify(body));
    });

    test.each(Object.entries(unusableAttacks))(
      "by an issue's override, and the server goes on answering: %s",
      async (_what, overrides) => {
        const id = await issue({ ...prying, ...overrides }, cast.colleague, cast.key);
        const { run, all } = await firstEnded(cast.company, id);
        expect(all).toContain("settings_invalid");
        expect(run["status"]).toBe("failed");
        expect(all).not.toContain("IN-THE-POD\\n");
        expect((await call("GET", "/health")).status).toBe(200);
        nothingLeaked(all);
      },
      120_000,
    );

    test("by an issue's text full of passwords: the run's own secrets stay masked", async () => {
      const text = Array.from({ length: 20_000 }, (_, index) => `x://u:passw0rd${index}@h`).join(" ");
      const id = await issue({}, cast.agent, cast.key, text);
      const { all } = await firstEnded(cast.company, id);
      expect(all).toContain("IN-THE-POD");
      expect(all).toContain("PAPERCLIP_API_KEY=");
      expect(all).not.toMatch(/PAPERCLIP_API_KEY=eyJ/);
      nothingLeaked(all);
    }, 120_000);

    describe.skipIf(operatorFile === undefined)(
      "against an operator's rules (needs PAPERCLIP_TEST_OPERATOR_FILE)",
      () => {
        beforeAll(() => writeFileSync(operatorFile ?? "", ruledBy(image)));
        afterAll(() => writeFileSync(operatorFile ?? "", "{}\n"));

        test("the legitimate use next to it works", async () => {
          const { all } = await firstEnded(cast.company, await issue({}, cast.agent, cast.key));
          expect(all).toContain("IN-THE-POD");
        }, 120_000);

        test.each(Object.entries(ruledAttacks))(
          "%s",
          async (_what, overrides) => {
            const id = await issue({ ...prying, ...overrides }, cast.colleague, cast.key);
            const { run, all } = await firstEnded(cast.company, id);
            expect(all).toContain("not_allowed_by_operator");
            expect(run["status"]).toBe("failed");
            expect(all).not.toContain("IN-THE-POD\\n");
            nothingLeaked(all);
          },
          120_000,
        );
      },
    );

    test("by its own settings: what the server lets it write is refused when it runs", async () => {
      const patched = await call(
        "PATCH",
        `/agents/${cast.agent}`,
        { adapterConfig: { ...prying, kubeconfig: "/etc/hostname" } },
        cast.key,
      );
      expect(patched.status).toBe(200);
      const { all } = await firstEnded(cast.company, await issue({}, cast.agent, cast.key));
      await call("PATCH", `/agents/${cast.agent}`, { adapterConfig: prying }, cast.key);
      expect(all).toContain("not_allowed_by_operator");
      nothingLeaked(all);
    }, 120_000);

    test("by files that it may write on the server: none of them becomes a kubeconfig", async () => {
      const kubeconfig = JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": "c",
        contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
        clusters: [{ name: "k", cluster: { server: "https://127.0.0.1:9" } }],
        users: [
          {
            name: "u",
            user: {
              exec: {
                apiVersion: "client.authentication.k8s.io/v1",
                command: "/bin/sh",
                interactiveMode: "Never",
                args: ["-c", `id > ${canary}`],
              },
            },
          },
        ],
      });
      const written = [
        path.join(instance, `companies/${cast.company}/agents/${cast.agent}/instructions/AGENTS.md`),
      ];
      await call(
        "PUT",
        `/agents/${cast.agent}/instructions-bundle/file`,
        { path: "AGENTS.md", content: kubeconfig },
        cast.key,
      );
      const own = await issue({}, cast.agent, cast.key);
      const form = new FormData();
      form.append("file", new Blob([kubeconfig], { type: "text/plain" }), "config.txt");
      const attached = await call(
        "POST",
        `/companies/${cast.company}/issues/${own}/attachments`,
        form,
        cast.key,
      );
      if (typeof attached.body["objectKey"] === "string")
        written.push(path.join(instance, "data/storage", attached.body["objectKey"]));
      for (const file of written) {
        const { body } = await call(
          "POST",
          `/companies/${cast.company}/adapters/claude_k8s/test-environment`,
          { adapterConfig: { ...prying, kubeconfig: file } },
          cast.key,
        );
        expect(JSON.stringify(body)).toContain("not_allowed_by_operator");
        const { all } = await firstEnded(
          cast.company,
          await issue({ kubeconfig: file }, cast.colleague, cast.key),
        );
        expect(all).toContain("not_allowed_by_operator");
        nothingLeaked(all);
      }
      expect(existsSync(canary)).toBe(false);
    }, 180_000);

    test("by an agent that it hires", async () => {
      const hired = await call(
        "POST",
        `/companies/${cast.company}/agent-hires`,
        {
          name: "Accomplice",
          role: "engineer",
          adapterType: "claude_k8s",
          adapterConfig: { ...prying, ...attacks["the node's disk"] },
        },
        cast.key,
      );
      const agent = (hired.body["agent"] as Json | undefined)?.["id"];
      // Where hiring needs an approval, nothing runs at all.
      if (typeof agent !== "string") return;
      const { all } = await firstEnded(cast.company, await issue({}, agent, undefined));
      expect(all).toContain("not_allowed_by_operator");
      nothingLeaked(all);
    }, 120_000);

    test("by a skill whose files lie elsewhere on the server", async () => {
      await call(
        "POST",
        `/companies/${cast.company}/skills/import`,
        { source: path.join(instance, "secrets") },
        cast.key,
      );
      await call("POST", `/companies/${cast.company}/skills/scan-projects`, {}, cast.key);
      const id = await issue(
        {
          ...prying,
          paperclipRuntimeSkills: [
            {
              key: "x/y",
              runtimeName: "y",
              source: path.join(instance, "secrets"),
              sourceStatus: "available",
            },
          ],
          paperclipSkillSync: { desiredSkills: ["x/y"] },
        },
        cast.colleague,
        cast.key,
      );
      const { all } = await firstEnded(cast.company, id);
      expect(all).not.toContain("master.key");
      nothingLeaked(all);
    }, 120_000);

    test("nothing of another company: neither its agents nor their runs", async () => {
      const answers = await Promise.all([
        call("GET", `/agents/${cast.otherAgent}`, undefined, cast.key),
        call("PATCH", `/agents/${cast.otherAgent}`, { adapterConfig: prying }, cast.key),
        call("GET", `/companies/${cast.otherCompany}/heartbeat-runs`, undefined, cast.key),
        call(
          "POST",
          `/companies/${cast.otherCompany}/issues`,
          { title: "x", assigneeAgentId: cast.otherAgent },
          cast.key,
        ),
        call(
          "POST",
          `/companies/${cast.otherCompany}/adapters/claude_k8s/test-environment`,
          { adapterConfig: prying },
          cast.key,
        ),
      ]);
      for (const { status } of answers) expect([401, 403, 404]).toContain(status);
      const file = path.join(
        instance,
        `companies/${cast.otherCompany}/agents/${cast.otherAgent}/instructions/AGENTS.md`,
      );
      const { all } = await firstEnded(
        cast.company,
        await issue({ ...prying, instructionsFilePath: file }, cast.colleague, cast.key),
      );
      expect(all).toContain("not_allowed_by_operator");
    }, 120_000);
  },
);
