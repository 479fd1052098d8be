import { createHash } from "node:crypto";
import type { PayloadFile } from "@claude-k8s/k8s-runner";
import { buildSkillLibraryManifestMarkdown } from "@paperclipai/adapter-utils/skill-library-manifest";

import type { ExecutionContext, HostMcpServer } from "../host/contract.ts";
import type { FileAccess } from "../host/file-access.ts";
import type { SettingRefusal } from "@claude-k8s/diagnostics";
import type { SettingProblem, Settings } from "../settings/settings.ts";
import { readInstructions } from "./instructions.ts";
import { podPaths } from "./paths.ts";
import { desiredSkills, skillFiles } from "./skills.ts";

/** What travels into the pod besides the prompt: instructions, skills, MCP servers. */
export interface Bundle {
  readonly files: readonly PayloadFile[];
  readonly hasInstructions: boolean;
  /** There is something in the bundle's folder that Claude Code is to find or to read. */
  readonly hasFolder: boolean;
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
  const library = await desiredSkills(host.config);
  const { desired, missing, available } = library;
  if (missing !== undefined)
    return { kind: "skill-missing", skill: missing.key, message: missing.missingDetail ?? null, available };
  const instructions = await readInstructions(host.config, settings.claude.instructionsFilePath, access);
  if (instructions.kind !== "read") return instructions;
  const skills = await skillFiles(desired, access);
  if (skills.kind === "missing")
    return { kind: "skill-missing", skill: skills.skill, message: skills.message, available };
  const { servers, warnings } = reachableServers(host, settings);
  const { entries, keys } = library;
  const manifest = buildSkillLibraryManifestMarkdown({ entries: [...entries], desiredSkillKeys: keys });
  const text = [instructions.text, manifest].filter((part) => part !== null && part !== "").join("\n\n");
  const told = text === "" ? [] : [{ path: podPaths.instructions, content: text }];
  // Files beside the instructions are read when they are needed: a session goes on with newer ones.
  const content = [...told, ...skills.files];
  return {
    kind: "ready",
    bundle: {
      files: [...content, ...instructions.files, ...mcpFile(servers)],
      hasInstructions: told.length > 0,
      hasFolder: skills.shipped.length > 0 || instructions.files.length > 0,
      skills: skills.shipped,
      mcpServers: servers.map((server) => server.name),
      key: digest(content.map((file) => [file.path, Buffer.from(file.content).toString("base64")])),
      mcpIdentity: servers.length === 0 ? "" : digest(servers.map((server) => server.name).sort()),
      warnings: [...instructions.warnings, ...skills.warnings, ...warnings],
    },
  };
}

/** The server writes its own address into the URLs; a pod needs the one that is configured for pods. */
function reachableServers(
  host: ExecutionContext,
  settings: Settings,
): { readonly servers: readonly HostMcpServer[]; readonly warnings: readonly string[] } {
  const servers = host.runtimeMcp?.getServers() ?? [];
  const { paperclipApiUrl } = settings.claude;
  if (paperclipApiUrl !== null)
    return {
      servers: servers.map((server) => withUrl(server, urlForPods(server.url, paperclipApiUrl))),
      warnings: [],
    };
  const unreachable = servers.filter(({ url }) => isLoopback(URL.parse(url)));
  return {
    servers,
    warnings: unreachable.map(
      ({ name }) =>
        `the MCP server ${name} has an address of the server's own machine, which no pod reaches: set paperclipApiUrl`,
    ),
  };
}

function isLoopback(url: URL | null): boolean {
  return url !== null && /^(localhost$|127\.|\[::1\]$|0\.0\.0\.0$)/.test(url.hostname);
}

function urlForPods(given: string, apiUrl: string): string {
  const url = URL.parse(given);
  const target = URL.parse(apiUrl);
  if (url === null || target === null || !isLoopback(url)) return given;
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
