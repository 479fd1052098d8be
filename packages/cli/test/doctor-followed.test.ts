/** What `doctor` prints, followed literally by the owner of a real cluster for an account that may do nothing: then it is content. */
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { parse, stringify } from "yaml";

import { run } from "./run-program.ts";

const execute = promisify(execFile);
const admin = process.env["KUBECONFIG"];
const namespace = `doctor-${randomBytes(4).toString("hex")}`;

interface Found {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly code: string;
    readonly level: string;
    readonly fix: readonly string[];
  }[];
}

describe.skipIf(admin === undefined)("[real] doctor, followed literally (needs KUBECONFIG)", () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "doctor-"));
    const program = fileURLToPath(new URL("../src/cli.ts", import.meta.url));
    const script = `#!/bin/sh\nexec '${process.execPath}' --conditions=@claude-k8s/source '${program}' "$@"\n`;
    mkdirSync(path.join(folder, "bin"));
    writeFileSync(path.join(folder, "bin/claude-k8s"), script);
    chmodSync(path.join(folder, "bin/claude-k8s"), 0o755);
  });
  afterAll(async () => {
    await execute("kubectl", ["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
    rmSync(folder, { recursive: true });
  }, 60_000);

  const asOwner = async (command: string): Promise<string> => {
    const env = { ...process.env, PATH: `${folder}/bin:${process.env["PATH"] ?? ""}` };
    return (await execute("bash", ["-e", "-o", "pipefail", "-c", command], { env })).stdout;
  };

  /** The owner's way to the cluster, with the account's token in the place of what the owner has. */
  async function kubeconfigOfAccount(): Promise<string> {
    await asOwner(`kubectl create serviceaccount claude-k8s -n ${namespace}`);
    const token = (await asOwner(`kubectl create token claude-k8s -n ${namespace}`)).trim();
    const config = parse(readFileSync(admin ?? "", "utf8")) as {
      contexts: { context: { user: string } }[];
      users: object[];
    };
    for (const { context } of config.contexts) context.user = "account";
    config.users = [{ name: "account", user: { token } }];
    const file = path.join(folder, "kubeconfig");
    writeFileSync(file, stringify(config), { mode: 0o600 });
    return file;
  }

  const look = async (kubeconfig: string, ...more: string[]) => {
    const ran = await run(["doctor", "--kubeconfig", kubeconfig, "-n", namespace, "-o", "json", ...more]);
    return { ...ran, ...(JSON.parse(ran.output) as Found) };
  };

  test("from no namespace and no right to a green doctor", { timeout: 120_000 }, async () => {
    const missing = await look(admin ?? "");
    expect(missing.exitCode).toBe(1);
    for (const command of missing.checks.flatMap(({ fix }) => fix)) await asOwner(command);

    const kubeconfig = await kubeconfigOfAccount();
    const bare = await look(kubeconfig);
    expect(bare.exitCode).toBe(1);
    const wrong = bare.checks.filter(({ level }) => level === "error");
    expect(new Set(wrong.map(({ code }) => code))).toEqual(new Set(["permission"]));
    const commands = [...new Set(wrong.flatMap(({ fix }) => fix))];
    expect(commands).toEqual([`claude-k8s doctor --rbac -n ${namespace} | kubectl apply -f -`]);
    for (const command of commands) await asOwner(command);

    // The API server learns of new Roles by a watch of its own.
    await vi.waitFor(
      async () => {
        const green = await look(kubeconfig);
        const troubles = green.checks.filter(
          ({ code, level }) => level === "error" || (code === "permission" && level === "warning"),
        );
        expect(troubles).toEqual([]);
        expect(green).toMatchObject({ exitCode: 0, ok: true });
      },
      { timeout: 60_000, interval: 500 },
    );
    // With a Job of its own, in which a program is started.
    const tried = await look(kubeconfig, "--image", "lab/base:1");
    expect(tried.checks).toEqual(
      expect.arrayContaining(
        ["round-trip", "log", "exec"].map((code) => expect.objectContaining({ code, level: "ok" })),
      ),
    );
  });

  test(
    "the chart is files that apply as they are, with the release's namespace in the place of the template's",
    { timeout: 60_000 },
    async () => {
      await asOwner(`cd '${folder}' && claude-k8s doctor --rbac -o helm --network-policy -n ignored | sh`);
      const chart = parse(readFileSync(path.join(folder, "claude-k8s/Chart.yaml"), "utf8")) as object;
      expect(chart).toMatchObject({
        apiVersion: "v2",
        name: "claude-k8s",
        version: expect.stringMatching(/^\d+\.\d+\.\d+$/),
      });
      const template = readFileSync(path.join(folder, "claude-k8s/templates/rbac.yaml"), "utf8");
      const actions = template.match(/\{\{.*?\}\}/g) ?? [];
      expect(new Set(actions)).toEqual(new Set(["{{ .Release.Namespace }}"]));
      const rendered = path.join(folder, "rendered.yaml");
      writeFileSync(rendered, template.replaceAll("{{ .Release.Namespace }}", "default"));
      const applied = await asOwner(`kubectl apply --dry-run=server -f '${rendered}'`);
      for (const kind of ["serviceaccount", "role.rbac", "rolebinding.rbac", "networkpolicy.networking"])
        expect(applied).toContain(kind);
    },
  );
});
