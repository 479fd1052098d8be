/** How far a kubeconfig is trusted. Whoever writes one can run programs and read files where it is used. */

import { InvalidKubeconfigError } from "../../errors.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

/**
 * For a kubeconfig that somebody else wrote or chose. Nothing of it but the server's `https://` address, certificates, keys,
 * a token or a password that stand in it, and a context is then taken; everything else is refused with an
 * `InvalidKubeconfigError` whose `field` is the field's name and whose `allowedBy` is the name of the permission below.
 *
 * A kubeconfig given by its path must be a regular file of at most 1 MiB whose real path, with every symbolic link resolved,
 * lies in one of `folders`. It is opened once and looked at through its handle, so that it cannot be exchanged in between,
 * and a FIFO or a device is refused without waiting for it.
 */
export interface RestrictedKubeconfig {
  /** `exec`: a credential plugin, which is a program that runs on this machine. Default: `false`. */
  readonly allowExec?: boolean;
  /** `auth-provider`: older plugins, some of which run programs, too. Default: `false`. */
  readonly allowAuthProvider?: boolean;
  /** `tokenFile`: the file's content is sent to the server. Default: `false`. */
  readonly allowTokenFile?: boolean;
  /** `client-certificate` and `client-key`, the paths; `…-data` is always allowed. Default: `false`. */
  readonly allowClientCertificateFiles?: boolean;
  /** `certificate-authority`, the path; `…-data` is always allowed. Default: `false`. */
  readonly allowCertificateAuthorityFile?: boolean;
  /** `insecure-skip-tls-verify: true`: anybody on the way can be the server. Default: `false`. */
  readonly allowInsecureSkipTlsVerify?: boolean;
  /** `proxy-url`: every request goes through it. Default: `false`. */
  readonly allowProxyUrl?: boolean;
  /** A `server` with `http://`: everything is sent as plain text. Default: `false`. */
  readonly allowHttp?: boolean;
  /**
   * Where the kubeconfig, if it is given by its path, and every file that it names must lie, with every symbolic link
   * resolved. Default: the folder of the kubeconfig's own path; a kubeconfig that is given as text may name no file then.
   */
  readonly folders?: readonly string[];
}

export type KubeconfigPermission = Exclude<keyof RestrictedKubeconfig, "folders">;

interface Restriction {
  readonly field: string;
  readonly permission: KubeconfigPermission;
  readonly used: (kubeconfig: Kubeconfig) => boolean;
}

/** One row for each way in which a kubeconfig reaches beyond its own text. */
const restrictions: readonly Restriction[] = [
  { field: "exec", permission: "allowExec", used: ({ user }) => user.exec !== null },
  { field: "auth-provider", permission: "allowAuthProvider", used: ({ user }) => user.authProvider !== null },
  { field: "tokenFile", permission: "allowTokenFile", used: ({ user }) => user.tokenFile !== null },
  {
    field: "client-certificate",
    permission: "allowClientCertificateFiles",
    used: ({ user }) => user.certificateFile !== null,
  },
  {
    field: "client-key",
    permission: "allowClientCertificateFiles",
    used: ({ user }) => user.keyFile !== null,
  },
  {
    field: "certificate-authority",
    permission: "allowCertificateAuthorityFile",
    used: ({ cluster }) => cluster.authorityFile !== null,
  },
  {
    field: "insecure-skip-tls-verify",
    permission: "allowInsecureSkipTlsVerify",
    used: ({ cluster }) => cluster.insecure,
  },
  { field: "proxy-url", permission: "allowProxyUrl", used: ({ cluster }) => cluster.proxyUrl !== null },
  {
    field: "server",
    permission: "allowHttp",
    used: ({ cluster }) => new URL(cluster.server).protocol !== "https:",
  },
];

/** Throws an `InvalidKubeconfigError` for the first field that is not allowed. */
export function enforceTrust(kubeconfig: Kubeconfig, trust: RestrictedKubeconfig): void {
  for (const { field, permission, used } of restrictions)
    if (used(kubeconfig) && trust[permission] !== true)
      throw new InvalidKubeconfigError(
        field,
        `the kubeconfig ${field === "server" ? "has a server with http://" : `sets ${field}`}, which this kubeconfig is not allowed to (${permission})`,
        { allowedBy: permission },
      );
}
