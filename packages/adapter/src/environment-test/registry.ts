import { type Ask, answerOf, patience } from "./checks.ts";

export type ImageAnswer =
  | { readonly kind: "present" | "unknown" }
  | { readonly kind: "absent"; readonly registry: string };

/**
 * Registries that everybody may ask, and who gives out tokens for them. No other is asked: an image's name is a setting, and the
 * server would send requests to wherever an agent likes.
 */
const registries: Readonly<Record<string, { readonly api: string; readonly tokens: string }>> = {
  "docker.io": { api: "registry-1.docker.io", tokens: "auth.docker.io" },
  "ghcr.io": { api: "ghcr.io", tokens: "ghcr.io" },
  "quay.io": { api: "quay.io", tokens: "quay.io" },
  "public.ecr.aws": { api: "public.ecr.aws", tokens: "public.ecr.aws" },
  "registry.gitlab.com": { api: "registry.gitlab.com", tokens: "gitlab.com" },
  "mcr.microsoft.com": { api: "mcr.microsoft.com", tokens: "mcr.microsoft.com" },
  "registry.k8s.io": { api: "registry.k8s.io", tokens: "registry.k8s.io" },
};

export interface ImageName {
  readonly registry: string;
  readonly repository: string;
  /** Tag or digest. */
  readonly reference: string;
}

/** As container runtimes read it; `null`: it is none. */
export function readImageName(image: string): ImageName | null {
  const [beforeDigest = "", digest] = image.split("@", 2);
  const slash = beforeDigest.indexOf("/");
  const first = beforeDigest.slice(0, Math.max(slash, 0));
  const hasRegistry = first !== "" && (/[.:]/.test(first) || first === "localhost");
  const path = hasRegistry ? beforeDigest.slice(slash + 1) : beforeDigest;
  const colon = path.lastIndexOf(":");
  const name = colon === -1 ? path : path.slice(0, colon);
  const reference = digest ?? (colon === -1 ? "latest" : path.slice(colon + 1));
  if (!/^[a-z0-9][a-z0-9._/-]*$/.test(name) || !/^[\w][\w.:+-]*$/.test(reference)) return null;
  const registry = hasRegistry ? first.replace(/^(index|registry-1)\.docker\.io$/, "docker.io") : "docker.io";
  const repository = registry === "docker.io" && !name.includes("/") ? `library/${name}` : name;
  return { registry, repository, reference };
}

const manifestTypes = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
  "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/** As a node without credentials asks. Who may not see a repository does not learn whether it is there: that is `unknown`. */
export async function askRegistry(image: string, ask: Ask): Promise<ImageAnswer> {
  const name = readImageName(image);
  const known =
    name !== null && Object.hasOwn(registries, name.registry) ? registries[name.registry] : undefined;
  if (name === null || known === undefined) return { kind: "unknown" };
  const { registry, repository, reference } = name;
  const signal = patience();
  const manifest = `https://${known.api}/v2/${repository}/manifests/${reference}`;
  const first = await statusOf(manifest, null);
  if (first?.status !== 401) return judged(first?.status, registry);
  const token = await tokenFor(first.headers.get("www-authenticate") ?? "", repository);
  return token === null ? { kind: "unknown" } : judged((await statusOf(manifest, token))?.status, registry);

  async function statusOf(url: string, bearer: string | null): Promise<Response | null> {
    const headers = {
      accept: manifestTypes,
      ...(bearer !== null && { authorization: `Bearer ${bearer}` }),
    };
    const answer = await answerOf(ask, url, { method: "HEAD", headers, signal });
    return "error" in answer ? null : answer.response;
  }

  async function tokenFor(challenge: string, scope: string): Promise<string | null> {
    const [, realm = ""] = /realm="([^"]{1,200})"/.exec(challenge) ?? [];
    const [, service] = /service="([^"]{1,200})"/.exec(challenge) ?? [];
    const url = URL.parse(realm);
    if (url?.protocol !== "https:" || url.host !== known?.tokens) return null;
    url.search = new URLSearchParams({
      ...(service !== undefined && { service }),
      scope: `repository:${scope}:pull`,
    }).toString();
    const answer = await answerOf(ask, url.href, { signal });
    if ("error" in answer || !answer.response.ok) return null;
    const body: unknown = await answer.response.json().catch(() => null);
    const { token: given, access_token: other } = (body ?? {}) as Readonly<Record<string, unknown>>;
    return typeof given === "string" ? given : typeof other === "string" ? other : null;
  }
}

function judged(status: number | undefined, registry: string): ImageAnswer {
  if (status === 404) return { kind: "absent", registry };
  return { kind: status === 200 ? "present" : "unknown" };
}
