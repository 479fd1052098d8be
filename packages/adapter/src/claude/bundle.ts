import { createHash } from "node:crypto";
import path from "node:path";

import type { PayloadFile } from "@claude-k8s/k8s-runner";

import type { ExecutionContext, HostMcpServer } from "../host/contract.ts";
import { type FileAccess, outsideRule, refusalWords } from "../host/file-access.ts";
import { readServerFile } from "../host/server-files.ts";
import type { SettingRefusal } from "@claude-k8s/diagnostics";
import { settingField } from "../settings/fields.ts";
import type { SettingProblem, Settings } from "../settings/settings.ts";
import { podPaths } from "./paths.ts";
import { desiredSkills, skillFiles } from "./skills.ts";

/** What travels into the pod besides the prompt: instructions, skills, MCP servers. */
export interface Bundle {
  readonly files: readonly PayloadFile[];
  readonly hasInstructions: boolean;
  readonly skills: readonly string[];
  readonly mcpServers: readonly string[];
  /** Changes when instructions or skills change: a session begun under others is not resumed. */
  readonly key: string;
  /** Changes when the set of MCP servers changes. Made of their names alone: the host makes tokens and URLs anew for every run. */
  readonly mcpIdentity: string;
  readonly warnings: readonly string[];
}

export type BundleReading =
  | { readonly kind: "ready"; readonly bundle: Bundle }
  | {
      readonly kind: "skill-missing";
      readonly skill: string;
      readonly message: string | null;
      readonly available: readonly string[];
    }
  | { readonly kind: "not-allowed"; readonly refusals: readonly SettingRefusal[] }
  | { readonly kind: "invalid"; readonly problems: readonly SettingProblem[] };

export async function readBundle(
  host: ExecutionContext,
  settings: Settings,
  access: FileAccess,
): Promise<BundleReading> {
  const { desired, missing, available } = await desiredSkills(host.config);
  if (missing !== undefined)
    return { kind: "skill-missing", skill: missing.key, message: missing.missingDetail ?? null, available };
  const instructions = await readInstructions(settings.claude.instructionsFilePath, access);
  if (instructions.kind !== "read") return instructions;
  const skills = await skillFiles(desired, access);
  if (skills.kind === "missing")
    return { kind: "skill-missing", skill: skills.skill, message: skills.message, available };
  const servers = reachableServers(host, settings);
  const content = [...instructions.files, ...skills.files];
  return {
    kind: "ready",
    bundle: {
      files: [...content, ...mcpFile(servers)],
      hasInstructions: instructions.files.length > 0,
      skills: skills.shipped,
      mcpServers: servers.map((server) => server.name),
      key: digest(content.map((file) => [file.path, Buffer.from(file.content).toString("base64")])),
      mcpIdentity: servers.length === 0 ? "" : digest(servers.map((server) => server.name).sort()),
      warnings: [...instructions.warnings, ...skills.warnings],
    },
  };
}

type Instructions =
  | { readonly kind: "read"; readonly files: readonly PayloadFile[]; readonly warnings: readonly string[] }
  | Extract<BundleReading, { readonly kind: "not-allowed" | "invalid" }>;

/** Claude Code reads it into every request. */
const largestInstructions = 1024 * 1024;

async function readInstructions(file: string | null, access: FileAccess): Promise<Instructions> {
  if (file === null) return { kind: "read", files: [], warnings: [] };
  const maximumBytes = Math.min(largestInstructions, access.maximumBytes ?? largestInstructions);
  const read = await readServerFile(file, { fences: access.files, maximumBytes });
  if (read.kind === "read")
    return { kind: "read", files: [{ path: podPaths.instructions, content: read.content }], warnings: [] };
  if (read.kind === "missing") {
    const warning = `the instructions ${path.basename(file)} could not be read (${read.code})`;
    return { kind: "read", files: [], warnings: [warning] };
  }
  const setting = "instructionsFilePath";
  if (read.kind === "outside")
    return {
      kind: "not-allowed",
      refusals: [{ setting, value: file, rule: outsideRule, allow: "fileFolders" }],
    };
  const rule = `a regular file on the server: ${refusalWords(read)}`;
  return {
    kind: "invalid",
    problems: [{ field: setting, value: file, rule, example: settingField(setting).example }],
  };
}

/** The server writes its own address into the URLs; a pod needs the one that is configured for pods. */
function reachableServers(host: ExecutionContext, settings: Settings): readonly HostMcpServer[] {
  const servers = host.runtimeMcp?.getServers() ?? [];
  const { paperclipApiUrl } = settings.claude;
  if (paperclipApiUrl === null) return servers;
  return servers.map((server) => withUrl(server, urlForPods(server.url, paperclipApiUrl)));
}

function urlForPods(given: string, apiUrl: string): string {
  const url = URL.parse(given);
  const target = URL.parse(apiUrl);
  if (url === null || target === null || !/^(localhost|127\.|\[::1\])/.test(url.hostname)) return given;
  return `${target.origin}${url.pathname}${url.search}`;
}

function withUrl(server: HostMcpServer, url: string): HostMcpServer {
  return { ...server, url };
}

function mcpFile(servers: readonly HostMcpServer[]): readonly PayloadFile[] {
  if (servers.length === 0) return [];
  const mcpServers = Object.fromEntries(
    servers.map((server) => [
      server.name,
      { type: "http", url: server.url, headers: { Authorization: `Bearer ${server.token}` } },
    ]),
  );
  return [{ path: podPaths.mcpConfig, content: JSON.stringify({ mcpServers }) }];
}

function digest(value: unknown): string {
  return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 32);
}
