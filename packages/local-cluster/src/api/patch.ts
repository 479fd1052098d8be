import { ApiError, badRequest } from "./status.ts";

type Json = unknown;

/** RFC 7386. */
export function mergePatch(target: Json, patch: Json): Json {
  if (!isRecord(patch)) return patch;
  const result: Record<string, Json> = isRecord(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = mergePatch(result[key], value);
  }
  return result;
}

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly from?: string;
  readonly value?: Json;
}

/** RFC 6902, in the words of the API server when it cannot be applied. */
export function jsonPatch(target: Json, operations: Json): Json {
  if (!Array.isArray(operations))
    throw badRequest("json: cannot unmarshal object into Go value of type jsonpatch.Patch");
  let document = structuredClone(target);
  for (const operation of operations as Operation[]) document = applyOperation(document, operation);
  return document;
}

function applyOperation(document: Json, operation: Operation): Json {
  switch (operation.op) {
    case "add":
      return insert(document, operation.path, operation.value, "add");
    case "replace":
      read(document, operation.path, "replace");
      return insert(remove(document, operation.path, "replace"), operation.path, operation.value, "replace");
    case "remove":
      return remove(document, operation.path, "remove");
    case "test": {
      let found: Json;
      try {
        found = read(document, operation.path, "test");
      } catch {
        found = undefined;
      }
      if (!sameJson(found, operation.value)) {
        throw unprocessable(`testing value ${operation.path} failed`);
      }
      return document;
    }
    case "move": {
      const value = read(document, operation.from ?? "", "move");
      return insert(remove(document, operation.from ?? "", "move"), operation.path, value, "move");
    }
    case "copy":
      return insert(
        document,
        operation.path,
        structuredClone(read(document, operation.from ?? "", "copy")),
        "copy",
      );
    default:
      throw unprocessable(`Unexpected kind: ${operation.op}`);
  }
}

function unprocessable(message: string): ApiError {
  return new ApiError(422, "Invalid", `the server rejected our request due to an error in our request`, {
    causes: [{ reason: "Invalid", message }],
  });
}

function steps(path: string): string[] {
  return path
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function missing(operation: string, path: string): ApiError {
  return unprocessable(`${operation} operation does not apply: doc is missing path: ${path}: missing value`);
}

function read(document: Json, path: string, operation: string): Json {
  let at = document;
  for (const step of steps(path)) {
    const next = Array.isArray(at) ? at[Number(step)] : isRecord(at) ? at[step] : undefined;
    if (next === undefined) throw missing(operation, path);
    at = next;
  }
  return at;
}

function insert(document: Json, path: string, value: Json, operation: string): Json {
  const all = steps(path);
  const last = all.pop();
  if (last === undefined) return value;
  const parent = read(document, all.map((step) => `/${escape(step)}`).join(""), operation);
  if (Array.isArray(parent)) {
    const index = last === "-" ? parent.length : Number(last);
    if (!Number.isInteger(index) || index < 0 || index > parent.length) throw missing(operation, path);
    parent.splice(index, 0, value);
  } else if (isRecord(parent)) parent[last] = value;
  else throw missing(operation, path);
  return document;
}

function remove(document: Json, path: string, operation: string): Json {
  const all = steps(path);
  const last = all.pop();
  if (last === undefined) return null;
  read(document, path, operation);
  const parent = read(document, all.map((step) => `/${escape(step)}`).join(""), operation);
  if (Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (isRecord(parent)) delete parent[last];
  return document;
}

function escape(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

function sameJson(a: Json, b: Json): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, index) => sameJson(value, b[index]));
  }
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => sameJson(a[key], b[key]));
  }
  return a === b;
}

function isRecord(value: Json): value is Record<string, Json> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
