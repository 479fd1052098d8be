/** What the context of a kubeconfig means, once it is read. */

import type { Fields } from "./fields.ts";

export interface KubeconfigCluster {
  readonly name: string;
  /** A URL with `http:` or `https:`. */
  readonly server: string;
  readonly authorityData: Buffer | null;
  readonly authorityFile: string | null;
  readonly insecure: boolean;
  readonly serverName: string | null;
  readonly proxyUrl: string | null;
  /** As written, for a plugin that asks for it. */
  readonly raw: Fields;
}

export interface KubeconfigUser {
  readonly name: string;
  readonly token: string | null;
  readonly tokenFile: string | null;
  readonly username: string | null;
  readonly password: string | null;
  readonly certificateData: Buffer | null;
  readonly certificateFile: string | null;
  readonly keyData: Buffer | null;
  readonly keyFile: string | null;
  readonly impersonation: Readonly<Record<string, string | string[]>>;
  readonly exec: ExecPlugin | null;
  readonly authProvider: Fields | null;
}

export interface ExecPlugin {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly installHint: string | null;
  readonly provideClusterInfo: boolean;
}

/** What one context means. */
export interface Kubeconfig {
  readonly cluster: KubeconfigCluster;
  readonly user: KubeconfigUser;
  readonly namespace: string | null;
  /** Relative paths of the cluster and of the user start there, each with the file that it stands in. */
  readonly clusterFolder: string;
  readonly userFolder: string;
}

export interface KubeconfigSource {
  readonly text: string;
  /** Relative paths start there. */
  readonly folder: string;
}
