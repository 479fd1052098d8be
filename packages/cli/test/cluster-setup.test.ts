/** `docs/cluster-setup.md`, followed literally on a real cluster. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../..", import.meta.url));
const page = readFileSync(new URL("../../../docs/cluster-setup.md", import.meta.url), "utf8");
const commands = [...page.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text = ""]) => text.trim());

const made = ["namespace/paperclip", "namespace/agents-acme"];
const admission = ["validatingadmissionpolicybinding", "validatingadmissionpolicy"];

describe.skipIf(process.env["KUBECONFIG"] === undefined)(
  "[real] setting up a cluster (needs KUBECONFIG)",
  () => {
    const remove = async () => {
      await run("kubectl", ["delete", "--ignore-not-found", "--wait", ...made]);
      for (const kind of admission)
        await run("kubectl", ["delete", "--ignore-not-found", kind, ...policies()]);
    };
    beforeAll(remove, 120_000);
    afterAll(remove, 120_000);

    test("every command works as it stands, and every right is there", { timeout: 120_000 }, async () => {
      expect(commands).toHaveLength(5);
      const printed: string[] = [];
      for (const command of commands) {
        const { stdout } = await run("bash", ["-e", "-c", command], { cwd: root });
        printed.push(stdout);
      }
      expect(printed.at(-1)?.trim().split("\n")).toEqual(["yes", "yes", "yes"]);
      const secret = ["get", "secret", "claude", "--namespace", "agents-acme", "-o", "jsonpath={.data}"];
      expect(Object.keys(JSON.parse((await run("kubectl", secret)).stdout))).toEqual(["ANTHROPIC_API_KEY"]);
    });
  },
);

function policies(): readonly string[] {
  const file = readFileSync(new URL("../../../deploy/admission-policy.yaml", import.meta.url), "utf8");
  return [
    ...new Set(
      [...file.matchAll(/^\s*(?:metadata: \{ name: |name: )(claude-k8s-[a-z-]+)/gm)].map(
        ([, name = ""]) => name,
      ),
    ),
  ];
}
