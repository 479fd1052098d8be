/**
 * A credential plugin: a program that writes credentials for the API server to its standard output.
 * https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
 */

import { spawn } from "node:child_process";
import { isAbsolute, join } from "node:path";
import type { ExecPlugin, KubeconfigCluster } from "./kubeconfig.ts";
import { isFields } from "./fields.ts";
import type { Fields } from "./fields.ts";

export interface PluginCredential {
  readonly token: string | null;
  readonly certificate: string | null;
  readonly key: string | null;
  /** Milliseconds since the epoch; `null`: until the server refuses it. */
  readonly expiresAt: number | null;
}

export interface PluginRun {
  readonly plugin: ExecPlugin;
  /** The kubeconfig's: a command with a path separator is looked for from there. */
  readonly folder: string;
  readonly cluster: KubeconfigCluster;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Kills it. */
  readonly signal: AbortSignal;
}

/** Nothing that asks a person may take part, so a minute is enough for a cloud's slowest token service. */
const deadlineMilliseconds = 60_000;
const mostOutputBytes = 1_048_576;
const mostErrorCharacters = 300;

/** Rejects with an error whose message says what to do where the plugin is missing. */
export async function runPlugin(run: PluginRun): Promise<PluginCredential> {
  const { plugin } = run;
  const output = await outputOf(run);
  let parsed: unknown;
  try {
    parsed = JSON.parse(output);
  } catch {
    throw failure(plugin, "wrote no JSON");
  }
  const status = isFields(parsed) && parsed["kind"] === "ExecCredential" ? parsed["status"] : null;
  if (!isFields(status)) throw failure(plugin, "wrote no ExecCredential with a status");
  const { apiVersion } = parsed as Fields;
  if (apiVersion !== plugin.apiVersion)
    throw failure(
      plugin,
      `wrote an ExecCredential of ${typeof apiVersion === "string" ? JSON.stringify(apiVersion.slice(0, 100)) : "no apiVersion"}, and the kubeconfig asks for ${JSON.stringify(plugin.apiVersion)}`,
    );
  const credential = {
    token: textIn(status, "token"),
    certificate: textIn(status, "clientCertificateData"),
    key: textIn(status, "clientKeyData"),
    expiresAt: timeIn(status, "expirationTimestamp"),
  };
  if (credential.token === null && (credential.certificate === null || credential.key === null))
    throw failure(plugin, "wrote neither a token nor a certificate with its key");
  if (credential.token !== null && !/^[\x21-\x7e]+$/.test(credential.token))
    throw failure(plugin, "wrote a token with characters that no token has");
  return credential;
}

function outputOf({ plugin, folder, cluster, environment, signal }: PluginRun): Promise<string> {
  const { command, args } = plugin;
  const hasFolder = command.includes("/") || (process.platform === "win32" && command.includes("\\"));
  const program = hasFolder && !isAbsolute(command) ? join(folder, command) : command;
  const env = { ...environment, ...plugin.env, KUBERNETES_EXEC_INFO: infoFor(plugin, cluster) };
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args], { env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let words = "";
    let why: string | null = null;
    const kill = (reason: string): void => {
      why ??= reason;
      child.kill("SIGKILL");
      // A process that the plugin has started may hold them open.
      child.stdout.destroy();
      child.stderr.destroy();
    };
    const late = setTimeout(
      () => kill(`did not answer within ${deadlineMilliseconds / 1000} s`),
      deadlineMilliseconds,
    );
    const stop = (): void => kill("was stopped, as the connection was closed");
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > mostOutputBytes) kill(`wrote more than ${mostOutputBytes} bytes`);
      else chunks.push(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      words = `${words}${text}`.slice(-mostErrorCharacters);
    });
    const finish = (): void => {
      clearTimeout(late);
      signal.removeEventListener("abort", stop);
    };
    child.once("error", (error: NodeJS.ErrnoException) => {
      finish();
      const missing = error.code === "ENOENT";
      const hint = missing && plugin.installHint !== null ? `; ${plugin.installHint.trim()}` : "";
      reject(
        failure(
          plugin,
          missing ? `is not installed${hint}` : `cannot be started: ${error.code ?? error.name}`,
        ),
      );
    });
    child.once("close", (code, by) => {
      finish();
      if (why !== null) return reject(failure(plugin, why));
      if (code === 0) return resolve(Buffer.concat(chunks).toString("utf8"));
      const said = words.trim() === "" ? "" : `: ${words.trim()}`;
      reject(failure(plugin, `ended with ${code === null ? `signal ${by}` : `exit code ${code}`}${said}`));
    });
  });
}

/** What a plugin may ask for: which version it speaks, and which cluster it is for. */
function infoFor({ apiVersion, provideClusterInfo }: ExecPlugin, { server, raw }: KubeconfigCluster): string {
  const cluster = {
    server,
    ...pick(raw, ["tls-server-name", "insecure-skip-tls-verify", "certificate-authority-data", "proxy-url"]),
    ...configOf(raw),
  };
  return JSON.stringify({
    kind: "ExecCredential",
    apiVersion,
    spec: { interactive: false, ...(provideClusterInfo ? { cluster } : {}) },
  });
}

function pick(fields: Fields, names: readonly string[]): Fields {
  return Object.fromEntries(names.flatMap((name) => (name in fields ? [[name, fields[name]]] : [])));
}

/** Settings of the plugin itself, which stand in the cluster's entry. */
function configOf({ extensions }: Fields): Fields {
  if (!Array.isArray(extensions)) return {};
  const found: unknown = extensions.find(
    (one: unknown) => isFields(one) && one["name"] === "client.authentication.k8s.io/exec",
  );
  return isFields(found) ? { config: found["extension"] } : {};
}

function textIn(fields: Fields, name: string): string | null {
  const value = fields[name];
  return typeof value === "string" && value !== "" ? value : null;
}

function timeIn(fields: Fields, name: string): number | null {
  const time = Date.parse(textIn(fields, name) ?? "");
  return Number.isNaN(time) ? null : time;
}

function failure({ command }: ExecPlugin, what: string): Error {
  return new Error(`the credential plugin ${JSON.stringify(command)} ${what}`);
}
