/** `tokenFile` of a kubeconfig's user, which the Kubernetes client leaves out when it reads the rest. */

import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { KubeConfig } from "@kubernetes/client-node";
import { InvalidKubeconfigError } from "../errors.ts";

export interface KubeconfigSource {
  readonly text: string;
  /** Relative paths start there. */
  readonly folder: string;
}

export function sourceOf(path: string): KubeconfigSource {
  return { text: readFileSync(path, "utf8"), folder: dirname(path) };
}

/**
 * Has the current user's token read from its file whenever credentials are read. The file goes before a token beside it, as
 * for kubectl. Rejects with `InvalidKubeconfigError` when it cannot be read now.
 */
export async function useTokenFile(
  config: KubeConfig,
  sources: readonly KubeconfigSource[],
  parse: (text: string) => unknown,
): Promise<void> {
  const user = config.getCurrentUser();
  if (user === null) return;
  const path = findPath(user.name, sources, parse);
  if (path === null) return;
  await readToken(user.name, path);
  const { token: _beside, ...others } = user;
  config.users = config.users.map((other) => (other === user ? others : other));
  config.addAuthenticator({
    isAuthProvider: ({ name }) => name === user.name,
    async applyAuthentication(_user, options) {
      options.headers = { ...options.headers, authorization: `Bearer ${await readToken(user.name, path)}` };
    },
  });
}

interface Named {
  readonly name?: unknown;
  readonly user?: { readonly tokenFile?: unknown } | null;
}

function findPath(
  name: string,
  sources: readonly KubeconfigSource[],
  parse: (text: string) => unknown,
): string | null {
  for (const { text, folder } of sources) {
    const { users } = parse(text) as { readonly users?: readonly Named[] | null };
    const tokenFile = users?.find((user) => user.name === name)?.user?.tokenFile;
    if (typeof tokenFile === "string" && tokenFile !== "") return resolve(folder, tokenFile);
  }
  return null;
}

async function readToken(user: string, path: string): Promise<string> {
  const refuse = (reason: string): never => {
    const named = `user ${JSON.stringify(user)} names the token file ${path}`;
    throw new InvalidKubeconfigError("users", `${named}, which ${reason}`);
  };
  const token = await readFile(path, "utf8").then(
    (text) => text.trim(),
    (error: NodeJS.ErrnoException) => refuse(`cannot be read: ${error.code ?? error.name}`),
  );
  if (token === "") refuse("is empty");
  if (!/^[\x21-\x7e]+$/.test(token)) refuse("holds more than a token");
  return token;
}
