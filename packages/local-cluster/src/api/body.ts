import type { ApiObject } from "../objects/types.ts";
import { parseJson, readBody, type Exchange } from "./http/exchange.ts";
import { decodeProtobuf, UnreadableMessage } from "./protobuf/decode.ts";
import { apiVersionOf, type Resource } from "./resources.ts";
import { ApiError, badRequest } from "./status.ts";
import { checkShape } from "./validation/shape.ts";

const protobuf = "application/vnd.kubernetes.protobuf";

/** The body as it was meant, from JSON or from Kubernetes' protobuf. `wrap` puts a parser's words into the answer's. */
export async function readFields(
  exchange: Exchange,
  wrap: (why: string, bytes: Buffer) => string,
): Promise<unknown> {
  const type = (exchange.request.headers["content-type"] ?? "application/json").split(";")[0]?.trim() ?? "";
  if (!["application/json", protobuf, "", "*/*"].includes(type)) throw unknownFormat();
  const bytes = await readBody(exchange);
  if (bytes.length === 0 && exchange.method === "DELETE") return {};
  if (type !== protobuf) return parseJson(bytes, (why) => wrap(why, bytes));
  try {
    return decodeProtobuf(bytes);
  } catch (error) {
    if (error instanceof UnreadableMessage) throw unknownFormat(error.message);
    throw error;
  }
}

function unknownFormat(why = ""): ApiError {
  const words =
    "the body of the request was in an unknown format - accepted media types include: application/json";
  return new ApiError(415, "UnsupportedMediaType", why === "" ? words : `${words} (${why})`);
}

export async function readObject(resource: Resource, exchange: Exchange): Promise<ApiObject> {
  const parsed = await readFields(
    exchange,
    (why, bytes) =>
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: ${why} (${bytes.toString("utf8").slice(0, 100)})`,
  );
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    throw badRequest(
      `the object provided is unrecognized (must be of type ${resource.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(parsed) ? "array" : typeof parsed} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const object = parsed as ApiObject;
  if (object.kind !== undefined && object.kind !== resource.kind) {
    const version = object.apiVersion?.split("/").at(-1) ?? "v1";
    throw badRequest(
      `${object.kind} in version "${version}" cannot be handled as a ${resource.kind}: converting (${version}.${object.kind}) to (${resource.group === "" ? "core" : resource.group.split(".")[0]}.${resource.kind}): unknown conversion`,
    );
  }
  if (object.apiVersion !== undefined && object.apiVersion !== apiVersionOf(resource)) {
    throw badRequest(
      `no kind "${resource.kind}" is registered for version "${object.apiVersion}" in scheme "k8s.io/kubernetes/pkg/api/legacyscheme/scheme.go:30"`,
    );
  }
  object.metadata ??= {} as ApiObject["metadata"];
  checkShape(resource, object);
  return object;
}
