import { ApiException, type V1Status } from "@kubernetes/client-node";

const brand = Symbol.for("claude-k8s/demo/DemoError");

/** Something the person at the terminal can mend: a wrong kubeconfig, no permission, a busy port. The message is all they see. */
export class DemoError extends Error {
  readonly [brand] = true;
  override readonly name = "DemoError";

  static isInstance(value: unknown): value is DemoError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

/** Does one thing with the API server; what goes wrong is told as "cannot …: why". */
export async function attempt<T>(what: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new DemoError(`cannot ${what}: ${reasonOf(error)}`, { cause: error });
  }
}

export function reasonOf(error: unknown): string {
  if (error instanceof ApiException) return apiReason(error);
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause;
  // `fetch failed` says nothing; why it failed is in its cause.
  if (cause instanceof Error) return cause.message || (cause as NodeJS.ErrnoException).code || error.message;
  return error.message;
}

function apiReason(error: ApiException<unknown>): string {
  const status = parseStatus(error.body);
  const hint =
    error.code === 401
      ? "the API server does not accept the kubeconfig's credentials"
      : error.code === 403
        ? "the kubeconfig's user has no permission"
        : null;
  return (
    [hint, status?.message].filter((part) => typeof part === "string" && part !== "").join(": ") ||
    `HTTP ${error.code}`
  );
}

function parseStatus(body: unknown): V1Status | null {
  if (typeof body !== "string") return null;
  try {
    return JSON.parse(body) as V1Status;
  } catch {
    return null;
  }
}
