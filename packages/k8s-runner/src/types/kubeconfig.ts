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
