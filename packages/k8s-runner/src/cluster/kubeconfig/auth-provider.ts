/** Users with the `auth-provider` that kubectl still takes, `oidc`: it is left to the client library. */

import type { TlsMaterial } from "../tls-material.ts";
import type { KubeConfigObject, LoadedKubeconfig } from "./kubeconfig.ts";

export interface ProvidedCredentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsMaterial;
}

interface HttpsOptions {
  headers?: Readonly<Record<string, unknown>>;
  cert?: string | Buffer;
  key?: string | Buffer;
}

const deadlineMilliseconds = 60_000;

/** The library takes most of a second to load and 60 MiB; hardly anybody needs it. */
export async function readAuthProvider({
  authSource,
  cluster,
  user,
}: LoadedKubeconfig): Promise<ProvidedCredentials> {
  const object = typeof authSource === "string" ? await withOneUser(cluster.server, user) : authSource;
  const options: HttpsOptions = {};
  if (object !== null) await within(deadlineMilliseconds, object.applyToHTTPSOptions(options));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(options.headers ?? {}))
    headers[name.toLowerCase()] = String(value);
  return {
    headers,
    tls: {
      ...(options.cert === undefined ? {} : { cert: options.cert }),
      ...(options.key === undefined ? {} : { key: options.key }),
    },
  };
}

async function withOneUser(
  server: string,
  { name, authProvider }: LoadedKubeconfig["user"],
): Promise<KubeConfigObject> {
  const { KubeConfig } = await import("./client-library.ts");
  const config = new KubeConfig();
  // Only the user counts: TLS and the connection are our own, so the library may as well think that they are not checked.
  config.loadFromClusterAndUser({ name: "cluster", server, skipTLSVerify: true }, { name, authProvider });
  return config;
}

async function within<T>(milliseconds: number, task: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the auth-provider did not answer within ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([task, late]);
  } finally {
    clearTimeout(timer);
  }
}
