import type { ApiObject } from "../objects/types.ts";

/** What a client may set in an object's metadata. */
export function pickMeta(meta: ApiObject["metadata"]): ApiObject["metadata"] {
  const { labels, annotations, ownerReferences, finalizers, generateName: base } = meta;
  return {
    ...(base === undefined ? {} : { generateName: base }),
    ...(labels === undefined || labels === null ? {} : { labels }),
    ...(annotations === undefined || annotations === null ? {} : { annotations }),
    ...(ownerReferences === undefined || ownerReferences === null ? {} : { ownerReferences }),
    ...(finalizers === undefined || finalizers === null || finalizers.length === 0 ? {} : { finalizers }),
  } as ApiObject["metadata"];
}

export function statusOf(object: ApiObject): { status?: unknown } {
  const { status } = object as { status?: unknown };
  return status === undefined ? {} : { status };
}

export function specText(object: ApiObject): string {
  return JSON.stringify((object as { spec?: unknown }).spec);
}
