import type { Cluster } from "@claude-k8s/k8s-runner";

import type { EnvironmentCheck } from "../host/contract.ts";
import type { Ask } from "./checks.ts";
import { type ImageAnswer, askRegistry } from "./registry.ts";

/** What a kubelet says of an image that it cannot have. */
const lacking = /^(ErrImagePull|ImagePullBackOff|InvalidImageName|ErrImageNeverPull|ImageInspectError)$/;

export interface ImageCircumstances {
  readonly cluster: Pick<Cluster, "list">;
  readonly namespace: string;
  readonly image: string;
  readonly pullPolicy: string | null;
  readonly signal: AbortSignal;
}

/**
 * Only a node knows whether it gets an image. What can be known without a pod: what the pods of the namespace say of the same
 * image now, and what one of the large public registries says.
 */
export async function imageChecks(given: ImageCircumstances, ask: Ask): Promise<readonly EnvironmentCheck[]> {
  const { image, pullPolicy } = given;
  if (image === "") return [];
  const [seen, answer] = await Promise.all([
    kubeletWords(given),
    pullPolicy === "Never" ? unknown : askRegistry(image, ask),
  ]);
  if (seen.kind === "runs") return [];
  if (seen.kind === "lacks")
    return [
      {
        code: "k8s_image_pull_failed",
        level: "error",
        message: `Pod ${seen.pod} waits for the same image and cannot get it: ${seen.message}`,
        hint: "Correct Image, or give the namespace access to the registry.",
      },
    ];
  return answer.kind === "absent"
    ? [
        {
          code: "k8s_image_pull_failed",
          level: "error",
          message: `The registry ${answer.registry} has no image ${image}.`,
          hint: "Correct the name or the tag in Image.",
        },
      ]
    : [];
}

const unknown: Promise<ImageAnswer> = Promise.resolve({ kind: "unknown" });

type Seen =
  | { readonly kind: "runs" | "nothing" }
  | { readonly kind: "lacks"; readonly pod: string; readonly message: string };

async function kubeletWords({ cluster, namespace, image, signal }: ImageCircumstances): Promise<Seen> {
  const answer = await cluster.list(
    "pods",
    namespace,
    { labelSelector: "app.kubernetes.io/managed-by=claude-k8s" },
    { signal },
  );
  if (answer.kind === "error") return { kind: "nothing" };
  let seen: Seen = { kind: "nothing" };
  for (const { metadata, spec, status } of answer.value.items) {
    const main = spec?.containers.find(({ name }) => name === "main");
    if (main?.image !== image) continue;
    const state = status?.containerStatuses?.find(({ name }) => name === "main");
    if ((state?.imageID ?? "") !== "") return { kind: "runs" };
    const { reason = "", message = "" } = state?.state?.waiting ?? {};
    if (lacking.test(reason))
      seen = {
        kind: "lacks",
        pod: metadata?.name ?? "",
        message: `${reason}${message === "" ? "" : `: ${message.slice(0, 300)}`}`,
      };
  }
  return seen;
}
