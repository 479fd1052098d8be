const brand = Symbol.for("@claude-k8s/local-cluster/UnknownObjectError");

/** A control was asked to act on a pod, container, node or user that does not exist. */
export class UnknownObjectError extends Error {
  override readonly name = "UnknownObjectError";
  readonly [brand] = true;

  static isInstance(value: unknown): value is UnknownObjectError {
    return typeof value === "object" && value !== null && brand in value;
  }
}
