/** A user's `auth-provider`, of which kubectl has only `oidc` left; the clouds' own became credential plugins. */

import { InvalidKubeconfigError } from "../../errors.ts";
import { isFields, quote, wrongType } from "./fields.ts";
import type { Entry, Fields } from "./fields.ts";

/** What to do in place of each that kubectl had once. */
const successors: Readonly<Record<string, string>> = {
  gcp: "install gke-gcloud-auth-plugin, then `gcloud container clusters get-credentials` writes the kubeconfig anew",
  azure: "install kubelogin, then `kubelogin convert-kubeconfig` writes the kubeconfig anew",
  openstack: "use client-keystone-auth as a credential plugin (exec)",
};

export function providerOf(entry: Entry): Fields | null {
  const provider = entry.fields["auth-provider"] ?? null;
  if (provider === null) return null;
  if (!isFields(provider)) throw wrongType(entry, "auth-provider", "a mapping");
  const { name } = provider;
  if (name === "oidc") return provider;
  const written = typeof name === "string" ? name : "";
  const successor = Object.hasOwn(successors, written) ? successors[written] : undefined;
  throw new InvalidKubeconfigError(
    "auth-provider",
    `user ${quote(entry.name)} of the kubeconfig has the auth-provider ${quote(written)}, which kubectl ${
      successor === undefined ? "does not know" : "does not take any more"
    }; ${successor ?? "use a credential plugin (exec) or a token"}`,
  );
}
