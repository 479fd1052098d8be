/** A real Paperclip server on loopback: started, stopped and killed, and asked over HTTP as its board asks it. */

import { execFile } from "node:child_process";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { promisify } from "node:util";
import { machine } from "./machine.ts";

const run = promisify(execFile);

export interface PaperclipOptions {
  readonly port: number;
  readonly databasePort: number;
  /** Variables of the server's own environment: what an adapter sees. No blanks in values. */
  readonly environment: Readonly<Record<string, string>>;
  readonly ui?: boolean;
  /** Where the server's log is kept when it ends. */
  readonly results: string;
}

/** A request as the board makes it. */
export type PaperclipApi = <T = any>(
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
  path: string,
  body?: unknown,
  token?: string,
) => Promise<T>;

export interface Paperclip {
  readonly origin: string;
  readonly log: () => string;
  readonly api: PaperclipApi;
  start(): Promise<void>;
  /** SIGTERM, as a deployment does it; resolves when the process is gone. */
  stop(): Promise<void>;
  /** SIGKILL of the server's process alone. */
  kill(): Promise<void>;
  /**
   * Between `stop` and `start`: the server comes up on another node. Its database and the key of its secrets move along, and its image
   * brings the adapter; whatever else was on the disk is gone.
   */
  loseDisk(): Promise<void>;
  /** SIGSTOP: it does nothing any more until it is killed or terminated. */
  freeze(): void;
  /** SIGTERM to a frozen server, which wakes up to it. */
  terminateFrozen(): Promise<void>;
}

export class ApiRefusal extends Error {
  readonly status: number;
  readonly body: string;
  constructor(method: string, where: string, status: number, body: string) {
    super(`${method} ${where} answered ${status}: ${body.slice(0, 500)}`);
    this.status = status;
    this.body = body;
  }
}

export function createPaperclip(options: PaperclipOptions): Paperclip {
  const { port, databasePort, environment, ui = false } = options;
  const origin = `http://127.0.0.1:${port}`;
  const rootFolder = machine.paperclipRoot;
  const variables = {
    ...process.env,
    PC_ROOT: rootFolder,
    PORT: String(port),
    PG_PORT: String(databasePort),
    ...(ui && { PC_UI: "1" }),
    PC_EXTRA_ENV: Object.entries(environment)
      .map(([name, value]) => `${name}=${value}`)
      .join(" "),
  };
  const command = (verb: string, more: NodeJS.ProcessEnv = {}) =>
    run(machine.paperclip.path, [verb], { env: { ...variables, ...more }, maxBuffer: 64 * 1024 * 1024 });
  const pid = () => Number(readFileSync(path.join(rootFolder, "server.pid"), "utf8"));
  const keepLog = (): void => {
    mkdirSync(options.results, { recursive: true });
    appendFileSync(
      path.join(options.results, "server.log"),
      readFileSync(path.join(rootFolder, "server.log")),
    );
  };
  const isGone = async (victim: number): Promise<void> => {
    while (isAlive(victim)) await delay(50);
    // Until its parent has seen it, a dead process has its number still, and the next start would take it for a living one.
    writeFileSync(path.join(rootFolder, "server.pid"), "");
  };
  let fresh = true;
  return {
    origin,
    log: () => readFileSync(path.join(rootFolder, "server.log"), "utf8"),
    api: (...request) => callApi(origin, ...request),
    async start() {
      // One that an interrupted test left behind would answer in its place.
      if (fresh) await command("stop");
      await command("start", fresh ? { PC_FRESH: "1" } : {});
      fresh = false;
    },
    async stop() {
      keepLog();
      await command("stop");
    },
    freeze: () => void process.kill(pid(), "SIGSTOP"),
    async terminateFrozen() {
      const victim = pid();
      process.kill(victim, "SIGTERM");
      process.kill(victim, "SIGCONT");
      await isGone(victim);
      keepLog();
    },
    async kill() {
      keepLog();
      const victim = pid();
      process.kill(victim, "SIGKILL");
      await isGone(victim);
    },
    async loseDisk() {
      const home = path.join(rootFolder, "home/.paperclip");
      const instance = path.join(home, "instances/default");
      await keepOnly(home, ["instances", "adapter-plugins.json"]);
      await keepOnly(instance, ["db", "secrets"]);
    },
  };
}

async function keepOnly(folder: string, kept: readonly string[]): Promise<void> {
  const lost = (await readdir(folder)).filter((name) => !kept.includes(name));
  await Promise.all(lost.map((name) => rm(path.join(folder, name), { recursive: true })));
}

export async function callApi<T = any>(
  origin: string,
  ...[method, where, body, token]: Parameters<PaperclipApi>
): Promise<T> {
  const response = await fetch(`${origin}/api${where}`, {
    method,
    headers: {
      "content-type": "application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiRefusal(method, where, response.status, text);
  return JSON.parse(text === "" ? "null" : text);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z ");
  } catch {
    return false;
  }
}
