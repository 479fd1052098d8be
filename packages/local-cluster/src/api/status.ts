/** One entry of a 422's `details.causes`. */
export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: readonly StatusCause[];
  retryAfterSeconds?: number;
}

export interface Status {
  kind: "Status";
  apiVersion: "v1";
  metadata: Record<string, never>;
  status: "Success" | "Failure";
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code?: number;
}

/** A refusal on its way to the client. Inside the cluster it is thrown; at the edge it becomes a Status. */
export class ApiError extends Error {
  override readonly name = "ApiError";
  readonly code: number;
  readonly reason: string;
  readonly details: StatusDetails | undefined;

  constructor(code: number, reason: string, message: string, details?: StatusDetails) {
    super(message);
    this.code = code;
    this.reason = reason;
    this.details = details;
  }
}

export function toStatus(error: ApiError): Status {
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Failure",
    message: error.message,
    ...(error.reason === "" ? {} : { reason: error.reason }),
    ...(error.details === undefined ? {} : { details: error.details }),
    code: error.code,
  };
}

/** How a resource is called in messages: `pods`, `jobs.batch`. */
interface ResourceName {
  readonly plural: string;
  readonly group: string;
}

export function qualified(resource: ResourceName): string {
  return resource.group === "" ? resource.plural : `${resource.plural}.${resource.group}`;
}

function detailsOf(resource: ResourceName, name: string): StatusDetails {
  return { ...(name === "" ? {} : { name }), ...groupOf(resource), kind: resource.plural };
}

function groupOf(resource: { readonly group: string }): { group?: string } {
  return resource.group === "" ? {} : { group: resource.group };
}

export function notFound(resource: ResourceName, name: string): ApiError {
  return new ApiError(
    404,
    "NotFound",
    `${qualified(resource)} "${name}" not found`,
    detailsOf(resource, name),
  );
}

export function alreadyExists(resource: ResourceName, name: string, isBeingDeleted = false): ApiError {
  return new ApiError(
    409,
    "AlreadyExists",
    `${isBeingDeleted ? "object is being deleted: " : ""}${qualified(resource)} "${name}" already exists`,
    detailsOf(resource, name),
  );
}

export function conflict(resource: ResourceName, name: string, why: string): ApiError {
  return new ApiError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    detailsOf(resource, name),
  );
}

export function forbidden(
  resource: ResourceName,
  name: string,
  why: string,
  causes?: readonly StatusCause[],
): ApiError {
  const object = name === "" ? qualified(resource) : `${qualified(resource)} "${name}"`;
  return new ApiError(403, "Forbidden", `${object} is forbidden: ${why}`, {
    ...detailsOf(resource, name),
    ...(causes === undefined ? {} : { causes }),
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError(400, "BadRequest", message);
}

export function unknownResource(): ApiError {
  return new ApiError(404, "NotFound", "the server could not find the requested resource", {});
}

export function methodNotAllowed(): ApiError {
  return new ApiError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );
}

export function expired(message: string): ApiError {
  return new ApiError(410, "Expired", message);
}

/** 422: `kind` is the object's kind on create (`Job`), with its group. */
export function invalid(kind: string, group: string, name: string, causes: readonly StatusCause[]): ApiError {
  const words = causes.map((cause) => `${cause.field ?? ""}: ${cause.message}`);
  const first = words[0] ?? "";
  const list = words.length === 1 ? first : `[${words.join(", ")}]`;
  return new ApiError(
    422,
    "Invalid",
    `${group === "" ? kind : `${kind}.${group}`} "${name}" is invalid: ${list}`,
    { ...(name === "" ? {} : { name }), ...groupOf({ group }), kind, causes },
  );
}
