/** Who we are and how the API server proves who it is, from the client's `KubeConfig`. */

import { createHash } from "node:crypto";
import type { KubeConfig } from "@kubernetes/client-node";

export interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
  readonly proxyUrl: string | null;
  /** Changes when a connection made with older material must not be used any more. */
  readonly fingerprint: string;
}

export interface TlsMaterial {
  readonly ca?: string | Buffer;
  readonly cert?: string | Buffer;
  readonly key?: string | Buffer;
  readonly rejectUnauthorized?: boolean;
  readonly servername?: string;
}

export interface CredentialSource {
  current(): Promise<Credentials>;
  /** After a 401: reads everything anew, as the client caches a plugin's token for as long as the plugin said. */
  renew(): Promise<Credentials>;
}

/** Reading the files of a kubeconfig is synchronous in the client; once in 30 s is enough for a token that lives an hour. */
const freshMilliseconds = 30_000;
/** The client puts no limit on a credential plugin. */
const pluginDeadlineMilliseconds = 60_000;

export function createCredentialSource(
  load: () => Promise<KubeConfig>,
  loaded: KubeConfig,
): CredentialSource {
  let config = loaded;
  let pending: Promise<Credentials> | null = null;
  let cached: { readonly credentials: Credentials; readonly at: number } | null = null;

  async function read(): Promise<Credentials> {
    const credentials = await within(pluginDeadlineMilliseconds, readCredentials(config));
    cached = { credentials, at: performance.now() };
    return credentials;
  }
  /** One reading for all callers: the client would run one plugin process for each. */
  function once(task: () => Promise<Credentials>): Promise<Credentials> {
    pending ??= task().finally(() => {
      pending = null;
    });
    return pending;
  }
  return {
    async current() {
      if (cached !== null && performance.now() - cached.at < freshMilliseconds) return cached.credentials;
      return once(read);
    },
    renew: () =>
      once(async () => {
        config = await load();
        return read();
      }),
  };
}

async function readCredentials(config: KubeConfig): Promise<Credentials> {
  const options: Parameters<KubeConfig["applyToHTTPSOptions"]>[0] = {};
  await config.applyToHTTPSOptions(options);
  const tls = {
    ca: options.ca as string | Buffer | undefined,
    cert: options.cert as string | Buffer | undefined,
    key: options.key as string | Buffer | undefined,
    rejectUnauthorized: options.rejectUnauthorized,
    servername: options.servername,
  };
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  if (typeof options.auth === "string")
    headers["authorization"] = `Basic ${Buffer.from(options.auth).toString("base64")}`;
  const proxyUrl = config.getCurrentCluster()?.proxyUrl ?? null;
  return { headers, tls: withoutUndefined(tls), proxyUrl, fingerprint: fingerprintOf({ ...tls, proxyUrl }) };
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

async function within<T>(milliseconds: number, task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the credential plugin did not answer within ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}
