/** Reasons of pods and containers as Kubernetes writes them, each in one place. */

export const imageReasons: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

/** Waiting cannot help: the name or the node's policy is wrong, not the registry. */
export const invalidImageReasons: ReadonlySet<string> = new Set(["InvalidImageName", "ErrImageNeverPull"]);

/** What the container refers to is not there, or its image may not run as it is. */
export const configurationReasons: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "VerifyNonRootError",
]);

/** What a container's own waiting or ending says of a command that did not start. */
export const startReasons: ReadonlySet<string> = new Set([
  "StartError",
  "ContainerCannotRun",
  "CreateContainerError",
  "RunContainerError",
  "RunInitContainerError",
  "CrashLoopBackOff",
  "PreCreateHookError",
  "PreStartHookError",
  "PostStartHookError",
]);

const finalPull =
  /not found|manifest unknown|unauthorized|denied|forbidden|authentication required|no match for platform|no matching manifest|invalid reference|signature|unsupported (?:manifest|media)|media ?type\b[^\n]{0,160}\bsupported|precondition failed|cannot be pulled|short-name/i;
/** A name that could not be looked up is also "not found", but may be found again. */
const passingPull =
  /lookup |no such host|dial tcp|timeout|timed out|connection (?:refused|reset)|EOF|too ?many ?requests|\b(?:429|5\d\d)\b/i;

/** The registry's last word: pulling again cannot help. */
export function isFinalPull(message: string): boolean {
  return finalPull.test(message) && !passingPull.test(message);
}

/**
 * The kubelet, or the container runtime after a restart, no longer knows how the container ended: the exit code beside it is
 * only a placeholder.
 */
export function isLostTrack(reason: string | null, exitCode: number | null): boolean {
  return reason === "ContainerStatusUnknown" || (reason === "Unknown" && exitCode === 255);
}

/** The cluster failed to answer, rather than said no: asking again may help. */
export function isPassingRefusal(message: string): boolean {
  if (/request is too large|space exceeded/i.test(message)) return false;
  return /failed calling webhook|failed to call webhook|internal error occurred|context deadline exceeded|timed? ?out|etcdserver|too many requests|connection (?:refused|reset)|no endpoints available|service unavailable/i.test(
    message,
  );
}

export function isMissingObject(message: string): boolean {
  return /\b(?:secret|configmap)s? "[^"]+" not found|references non-existent (?:secret|config) key|couldn't find key/i.test(
    message,
  );
}

export function evictedFor(message: string | null): "memory" | "disk" | "pid" | "other" {
  const text = message ?? "";
  if (/memory/i.test(text) && !/ephemeral/i.test(text)) return "memory";
  if (/ephemeral|disk|storage|emptydir|imagefs|nodefs|inodes/i.test(text)) return "disk";
  return /\bpids?\b/i.test(text) ? "pid" : "other";
}

export function isOverLimit(message: string | null): boolean {
  return /exceed|ephemeral local storage usage/i.test(message ?? "");
}
