/** Who we are and how the API server proves who it is, from what the kubeconfig says now. */

import { createHash } from "node:crypto";
import { InvalidKubeconfigError } from "../errors.ts";
import { readAuthProvider } from "./kubeconfig/auth-provider.ts";
import { runPlugin } from "./kubeconfig/exec-plugin.ts";
import type { PluginCredential } from "./kubeconfig/exec-plugin.ts";
import { proxyFor } from "./kubeconfig/proxy.ts";
import type { Environment } from "./kubeconfig/proxy.ts";
import { UnreadableFileError, readBounded } from "./kubeconfig/read-file.ts";
import type { ExecPlugin, KubeconfigUser, LoadedKubeconfig } from "./kubeconfig/kubeconfig.ts";
import type { TlsMaterial } from "./tls-material.ts";
import { resolve } from "node:path";

export interface Credentials {
  readonly headers: Readonly<Record<string, string | string[]>>;
  readonly tls: TlsMaterial;
  readonly proxyUrl: string | null;
  /** Changes when a connection made with older material must not be used any more. */
  readonly fingerprint: string;
}

export interface CredentialSource {
  current(): Promise<Credentials>;
  /** After a 401 to these: reads everything anew and asks a plugin again, however long it said that its token would live. */
  renew(refused: Credentials): Promise<Credentials>;
}

export interface CredentialOptions {
  readonly load: () => Promise<LoadedKubeconfig>;
  readonly loaded: LoadedKubeconfig;
  readonly environment: Environment;
  /** Ends what still runs for it. */
  readonly signal: AbortSignal;
}

/** Reading the files again once in 30 s is enough for a token that lives an hour. */
const freshMilliseconds = 30_000;
/** A token that is about to expire would be refused on its way. */
const beforeExpiryMilliseconds = 10_000;

interface Cached {
  readonly credentials: Credentials;
  readonly at: number;
}

export function createCredentialSource(options: CredentialOptions): CredentialSource {
  let kubeconfig = options.loaded;
  let plugin: PluginCredential | null = null;
  let pending: Promise<Credentials> | null = null;
  let cached: Cached | null = null;

  async function read(): Promise<Credentials> {
    if (asksPlugin(kubeconfig.user) && !lives(plugin))
      plugin = await runPlugin({
        plugin: kubeconfig.user.exec as ExecPlugin,
        folder: kubeconfig.userFolder,
        cluster: kubeconfig.cluster,
        environment: options.environment,
        signal: options.signal,
      });
    const credentials = await readCredentials(kubeconfig, plugin, options.environment);
    cached = { credentials, at: performance.now() };
    return credentials;
  }
  /** One reading for all callers: a plugin is a process of its own. */
  function once(task: () => Promise<Credentials>): Promise<Credentials> {
    pending ??= task().finally(() => {
      pending = null;
    });
    return pending;
  }
  return {
    async current() {
      const fresh = cached !== null && performance.now() - cached.at < freshMilliseconds;
      const usable = !asksPlugin(kubeconfig.user) || lives(plugin);
      return fresh && usable ? (cached as Cached).credentials : once(read);
    },
    async renew(refused) {
      // What is being read now may be what was just refused.
      await pending?.catch(() => undefined);
      // Another request was refused before, and has renewed them since.
      if (cached !== null && cached.credentials !== refused) return cached.credentials;
      return once(async () => {
        kubeconfig = await options.load();
        plugin = null;
        return read();
      });
    },
  };
}

/** A request that says already who we are is sent as it is, by kubectl too: the plugin beside it is not asked. */
function asksPlugin({ exec, token, tokenFile, username }: KubeconfigUser): boolean {
  return exec !== null && token === null && tokenFile === null && username === null;
}

function lives(credential: PluginCredential | null): boolean {
  if (credential === null) return false;
  return credential.expiresAt === null || credential.expiresAt - beforeExpiryMilliseconds > Date.now();
}

async function readCredentials(
  kubeconfig: LoadedKubeconfig,
  plugin: PluginCredential | null,
  environment: Environment,
): Promise<Credentials> {
  const { cluster, user } = kubeconfig;
  const other = user.authProvider === null ? null : await readAuthProvider(kubeconfig);
  const authorization = await authorizationOf(kubeconfig, plugin);
  const tls = withoutUndefined({
    ca: cluster.authorityData ?? (await fileOf(kubeconfig, "certificate-authority", cluster.authorityFile)),
    cert:
      plugin?.certificate ??
      user.certificateData ??
      (await fileOf(kubeconfig, "client-certificate", user.certificateFile)),
    key: plugin?.key ?? user.keyData ?? (await fileOf(kubeconfig, "client-key", user.keyFile)),
    rejectUnauthorized: cluster.insecure ? false : undefined,
    servername: cluster.serverName ?? undefined,
    ...other?.tls,
  });
  const headers = {
    ...(authorization === null ? {} : { authorization }),
    ...other?.headers,
    ...user.impersonation,
  };
  const proxyUrl = proxyFor(cluster, environment);
  return { headers, tls, proxyUrl, fingerprint: fingerprintOf({ ...tls, proxyUrl }) };
}

/** A file's token goes before one that stands in the kubeconfig, as for kubectl. */
async function authorizationOf(
  kubeconfig: LoadedKubeconfig,
  plugin: PluginCredential | null,
): Promise<string | null> {
  const { user } = kubeconfig;
  if (plugin?.token != null) return `Bearer ${plugin.token}`;
  if (user.tokenFile !== null) return `Bearer ${await tokenIn(kubeconfig, user.tokenFile)}`;
  if (user.token !== null) return `Bearer ${user.token}`;
  if (user.username === null) return null;
  return `Basic ${Buffer.from(`${user.username}:${user.password ?? ""}`).toString("base64")}`;
}

async function tokenIn(kubeconfig: LoadedKubeconfig, written: string): Promise<string> {
  const token = (await fileOf(kubeconfig, "tokenFile", written))?.toString("utf8").trim() ?? "";
  if (token === "") throw unusable(kubeconfig, "tokenFile", written, "is empty");
  if (!/^[\x21-\x7e]+$/.test(token))
    throw unusable(kubeconfig, "tokenFile", written, "holds more than a token");
  return token;
}

type FileField = "certificate-authority" | "client-certificate" | "client-key" | "tokenFile";

async function fileOf(
  kubeconfig: LoadedKubeconfig,
  field: FileField,
  written: string | null,
): Promise<Buffer | undefined> {
  if (written === null) return undefined;
  try {
    return (await readBounded(placeOf(kubeconfig, field, written), kubeconfig.folders)).content;
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    throw unusable(kubeconfig, field, written, error.message);
  }
}

function placeOf({ clusterFolder, userFolder }: LoadedKubeconfig, field: FileField, written: string): string {
  return resolve(field === "certificate-authority" ? clusterFolder : userFolder, written);
}

function unusable(kubeconfig: LoadedKubeconfig, field: FileField, written: string, why: string): Error {
  const { cluster, user } = kubeconfig;
  const owner =
    field === "certificate-authority"
      ? `cluster ${JSON.stringify(cluster.name)}`
      : `user ${JSON.stringify(user.name)}`;
  const what = field === "tokenFile" ? "token file" : field;
  return new InvalidKubeconfigError(
    field,
    `${owner} names the ${what} ${placeOf(kubeconfig, field, written)}, which ${why}`,
  );
}

type Known<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

function withoutUndefined<T extends object>(value: T): Known<T> {
  return Object.fromEntries(Object.entries(value).filter(([, entry]) => entry !== undefined)) as Known<T>;
}

function fingerprintOf(material: Readonly<Record<string, unknown>>): string {
  const hash = createHash("sha256");
  for (const [name, value] of Object.entries(material)) hash.update(`${name}=${String(value)}\n`);
  return hash.digest("hex");
}
