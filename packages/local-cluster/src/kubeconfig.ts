import { stringify } from "yaml";

/** A kubeconfig with one cluster, one user and one context, all called `local`. */
export function kubeconfigText(url: string, certificateAuthority: string, token: string): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name: "local",
        cluster: {
          server: url,
          "certificate-authority-data": Buffer.from(certificateAuthority).toString("base64"),
        },
      },
    ],
    users: [{ name: "local", user: { token } }],
    contexts: [{ name: "local", context: { cluster: "local", user: "local", namespace: "default" } }],
    "current-context": "local",
  });
}
