/** How far a kubeconfig is trusted. Whoever writes one can run programs and read files where it is used. */

import { InvalidKubeconfigError } from "../../errors.ts";
import type { KubeconfigPermission, RestrictedKubeconfig } from "../../types/kubeconfig.ts";
import type { Kubeconfig } from "./kubeconfig.ts";

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
