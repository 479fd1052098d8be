/** A caller's mistakes. What the cluster or the command did is never thrown: see `RunStart` and `RunExit`. */

import type { ApiError } from "./cluster/api-error.ts";
import type { KubeconfigPermission } from "./types/kubeconfig.ts";

const invalidRunSpec = Symbol.for("@claude-k8s/k8s-runner/InvalidRunSpecError");
const invalidKubeconfig = Symbol.for("@claude-k8s/k8s-runner/InvalidKubeconfigError");
const clusterRequest = Symbol.for("@claude-k8s/k8s-runner/ClusterRequestError");
const runnerClosed = Symbol.for("@claude-k8s/k8s-runner/RunnerClosedError");
const runDetached = Symbol.for("@claude-k8s/k8s-runner/RunDetachedError");

/** A field of a run spec that the cluster would refuse, or that could not mean what was written. */
export class InvalidRunSpecError extends Error {
  override readonly name = "InvalidRunSpecError";
  readonly [invalidRunSpec] = true;
  /** Path of the field, such as `secretEnv.API_KEY`. */
  readonly field: string;
  /** The value, shortened; `null` where it may be secret. */
  readonly value: string | null;
  readonly rule: string;

  constructor(field: string, value: string | null, rule: string) {
    super(`${field}${value === null ? "" : ` is ${value}, but it`} ${rule}`);
    this.field = field;
    this.value = value;
    this.rule = rule;
  }

  static isInstance(value: unknown): value is InvalidRunSpecError {
    return typeof value === "object" && value !== null && invalidRunSpec in value;
  }
}

/** The kubeconfig cannot be read or parsed, lacks what it names, or holds what is not supported or not allowed. */
export class InvalidKubeconfigError extends Error {
  override readonly name = "InvalidKubeconfigError";
  readonly [invalidKubeconfig] = true;
  /** What is wrong with it: `path`, `current-context`, `server`, `exec`, `HTTPS_PROXY`, …; `null`: the whole. */
  readonly field: string | null;
  /** The permission of `ConnectOptions.trust` that would allow the field, such as `allowExec`; `null`: it is not for that. */
  readonly allowedBy: KubeconfigPermission | null;

  constructor(
    field: string | null,
    message: string,
    { allowedBy = null }: { readonly allowedBy?: KubeconfigPermission | null } = {},
  ) {
    super(message);
    this.field = field;
    this.allowedBy = allowedBy;
  }

  static isInstance(value: unknown): value is InvalidKubeconfigError {
    return typeof value === "object" && value !== null && invalidKubeconfig in value;
  }
}

/** The API server did not do what was asked, and that was all that was asked for. */
export class ClusterRequestError extends Error {
  override readonly name = "ClusterRequestError";
  readonly [clusterRequest] = true;
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly error: ApiError;
  /** What to do about it; `null`: nothing particular. */
  readonly remedy: string | null;
  /** Objects that were to be removed and are not known to be gone, such as `secrets/name`. */
  readonly remaining: readonly string[];

  constructor(
    verb: string,
    resource: string,
    namespace: string | null,
    error: ApiError,
    { remedy, remaining = [] }: { readonly remedy?: string; readonly remaining?: readonly string[] } = {},
  ) {
    const where = namespace === null ? "" : ` in namespace ${namespace}`;
    const what = remaining.length === 0 ? "" : ` (${shortened(remaining)})`;
    super(
      `cannot ${verb} ${resource}${what}${where}: ${error.message}${remedy === undefined ? "" : `; ${remedy}`}`,
    );
    this.verb = verb;
    this.resource = resource;
    this.namespace = namespace;
    this.error = error;
    this.remedy = remedy ?? null;
    this.remaining = remaining;
  }

  static isInstance(value: unknown): value is ClusterRequestError {
    return typeof value === "object" && value !== null && clusterRequest in value;
  }
}

const mostNamed = 3;

function shortened(objects: readonly string[]): string {
  const more = objects.length - mostNamed;
  return `${objects.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/** The runner was closed: asked of it afterwards, or while it was still at it. */
export class RunnerClosedError extends Error {
  override readonly name = "RunnerClosedError";
  readonly [runnerClosed] = true;

  constructor() {
    super("the runner is closed; Jobs that it had started run on and can be attached to from another runner");
  }

  static isInstance(value: unknown): value is RunnerClosedError {
    return typeof value === "object" && value !== null && runnerClosed in value;
  }
}

/** The reason with which everything of a run rejects that was let go of by `run.detach()`. */
export class RunDetachedError extends Error {
  override readonly name = "RunDetachedError";
  readonly [runDetached] = true;

  constructor(jobName: string) {
    super(`Job ${jobName} was let go of: it goes on, and another process may take it over`);
  }

  static isInstance(value: unknown): value is RunDetachedError {
    return typeof value === "object" && value !== null && runDetached in value;
  }
}
