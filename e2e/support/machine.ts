/** What the end-to-end tests need beside this checkout, and what of it this machine has. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const beside = (name: string) => path.resolve(root, "../shared", name);

export interface Tool {
  readonly path: string;
  /** `null`: it is there. */
  readonly missing: string | null;
}

function tool(variable: string, usual: string, what: string): Tool {
  const at = process.env[variable] ?? usual;
  // Whoever started the tests may have tried it, and knows more than that the file is there.
  const tried = process.env[`${variable}_MISSING`];
  return {
    path: at,
    missing: tried ?? (existsSync(at) ? null : `${what} is not at ${at} (${variable} names another place)`),
  };
}

export const machine = {
  root,
  /** `up`, `claude-image VERSION`, `restart PART`; prints its kubeconfig. */
  cluster: tool("E2E_CLUSTER", beside("cluster/cluster"), "the command that starts a Kubernetes"),
  /** `install`, `start`, `stop` for a real Paperclip server. */
  paperclip: tool("E2E_PAPERCLIP", beside("paperclip-host/server.sh"), "the command that starts Paperclip"),
  /** `startFakeAnthropic({ scenario, port, host })`. */
  messagesApi: tool("E2E_MESSAGES_API", beside("claude-lab/fake-anthropic.mjs"), "the scripted Messages API"),
  chromium: tool("E2E_CHROMIUM", "/usr/bin/chromium", "Chromium"),
  /** The address of this machine as pods of the cluster reach it. */
  addressForPods: process.env["E2E_ADDRESS_FOR_PODS"] ?? "10.87.0.1",
  claudeVersion: process.env["E2E_CLAUDE_VERSION"] ?? "2.1.330",
  /** Where the server keeps its programs and data. */
  paperclipRoot: process.env["E2E_PAPERCLIP_ROOT"] ?? "/var/tmp/claude-k8s-e2e",
  results: path.join(root, "test-results"),
} as const;

/** Why a stage cannot run here; empty: it can. */
export function missing(...names: readonly ("cluster" | "paperclip" | "messagesApi" | "chromium")[]): string {
  return names
    .map((name) => machine[name].missing)
    .filter((reason) => reason !== null)
    .join("; ");
}

/** Starts the cluster where it does not run, with the real Claude Code as an image. */
export function kubeconfigOfCluster(): string {
  const output = execFileSync(machine.cluster.path, ["up"], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  execFileSync(machine.cluster.path, ["claude-image", machine.claudeVersion], { stdio: "ignore" });
  const kubeconfig = output.trim().split("\n").at(-1) ?? "";
  if (!existsSync(kubeconfig)) throw new Error(`${machine.cluster.path} up left no kubeconfig`);
  return kubeconfig;
}
