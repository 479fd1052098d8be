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

/** The client library's `KubeConfig`, of any release. */
export interface KubeConfigObject {
  /** The kubeconfig as JSON. */
  exportConfig(): string;
  getCurrentContext(): string;
  /** Used for a user with an `auth-provider` only. */
  applyToHTTPSOptions(options: object): Promise<void>;
}

/** With what is needed to use it. */
export interface LoadedKubeconfig extends Kubeconfig {
  /** For a user with an `auth-provider`: what the client library is given; `null`: the pod's own service account. */
  readonly authSource: KubeConfigObject | string | null;
  /** Where the files that it names must lie; `null`: anywhere. */
  readonly folders: readonly string[] | null;
}
