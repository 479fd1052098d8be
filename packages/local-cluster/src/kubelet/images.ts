import type { ImageState } from "../options.ts";

export type ImageAnswer =
  | { readonly kind: "ready"; readonly state: ImageState & { kind: "present" | "pullable" } }
  | {
      readonly kind: "refused";
      readonly reason: "ErrImagePull" | "ErrImageNeverPull" | "InvalidImageName";
      readonly message: string;
    };

const reference =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9.-]*[a-zA-Z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/u;

/** What the runtime says about an image, before it is (or cannot be) pulled. */
export function judgeImage(
  image: string,
  policy: string,
  lookUp: (image: string) => ImageState,
): ImageAnswer {
  if (!reference.test(image)) {
    const why = /[A-Z]/u.test(image.split(":")[0] ?? "")
      ? `invalid reference format: repository name (library/${image}) must be lowercase`
      : "invalid reference format";
    return {
      kind: "refused",
      reason: "InvalidImageName",
      message: `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${why}`,
    };
  }
  const state = lookUp(image);
  if (policy === "Never" && state.kind !== "present") {
    return {
      kind: "refused",
      reason: "ErrImageNeverPull",
      message: `Container image "${image}" is not present with pull policy of Never`,
    };
  }
  if (state.kind === "present" || state.kind === "pullable") return { kind: "ready", state };
  const full = fullName(image);
  const unpack = `failed to pull and unpack image "${full}": failed to resolve reference "${full}": `;
  switch (state.kind) {
    case "not-found":
      return {
        kind: "refused",
        reason: "ErrImagePull",
        message: `rpc error: code = NotFound desc = ${unpack}${full}: not found`,
      };
    case "denied":
      return {
        kind: "refused",
        reason: "ErrImagePull",
        message: `${unpack}pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed`,
      };
    case "unreachable":
      return {
        kind: "refused",
        reason: "ErrImagePull",
        message: `${unpack}failed to do request: Head "https://${full.replace(/^([^/]+)\/(.+?)(?::([^:@]+))?$/u, "$1/v2/$2/manifests/$3")}": dial tcp: i/o timeout`,
      };
  }
}

/** `busybox` → `docker.io/library/busybox:latest` */
export function fullName(image: string): string {
  const [first = ""] = image.split("/");
  const hosted = image.includes("/") && (first.includes(".") || first.includes(":") || first === "localhost");
  const named = hosted ? image : image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
  return /[:@]/u.test(named.slice(named.lastIndexOf("/") + 1)) ? named : `${named}:latest`;
}
