/** Removing objects and seeing that they are gone. */

import type { ApiAnswer, ApiError } from "../cluster/cluster.ts";
import type { RunRef } from "../types/run.ts";
import { podSelectorOf } from "../follow/read-run.ts";
import type { RunnerContext } from "../runner-context.ts";
import { patiently } from "../async/patience.ts";
import { firstLookMilliseconds, lookMilliseconds } from "../timings.ts";

/** What could not be removed, and the request that did not do what was asked. */
export interface Remainder {
  readonly verb: string;
  readonly resource: "jobs" | "pods" | "secrets";
  /** `secrets/name`, … */
  readonly objects: readonly string[];
  readonly error: ApiError;
}

interface Named {
  readonly resource: "pods" | "secrets";
  readonly namespace: string;
  readonly name: string;
  readonly uid?: string;
}

/** `null`: it is gone. `until`: milliseconds since the epoch. */
export async function removeNamed(
  { cluster, clock, closing: signal }: RunnerContext,
  { resource, namespace, name, uid }: Named,
  until: number,
): Promise<Remainder | null> {
  const deletion = uid === undefined ? {} : { uid };
  const objects = [`${resource}/${name}`];
  for (let wait = firstLookMilliseconds; ; wait = lookMilliseconds) {
    const seconds = Math.max(0, (until - clock.now()) / 1000);
    const answer = await patiently({ clock, signal, seconds }, () =>
      cluster.delete(resource, namespace, name, deletion, { signal }),
    );
    if (isRemoved(answer)) return null;
    if (answer.kind === "error") return { verb: "delete", resource, objects, error: answer.error };
    if (clock.now() >= until)
      return { verb: "delete", resource, objects, error: heldError(deletedObject(answer.value).finalizers) };
    await clock.sleep(wait, signal);
  }
}

/** Pods of a Job that is gone: with a deletion that orphaned them they would stay for ever. */
export async function removePodsOf(
  context: RunnerContext,
  ref: RunRef,
  until: number,
): Promise<Remainder | null> {
  const { cluster, clock, closing: signal } = context;
  const { namespace, jobUid } = ref;
  const seconds = Math.max(0, (until - clock.now()) / 1000);
  // An orphaned pod has lost its owner, but not this label.
  const selection = { labelSelector: podSelectorOf(jobUid) };
  const answer = await patiently({ clock, signal, seconds }, () =>
    cluster.list("pods", namespace, selection, { signal }),
  );
  if (answer.kind === "error") return { verb: "list", resource: "pods", objects: [], error: answer.error };
  const left = await Promise.all(
    answer.value.items.map(({ metadata: { name = "", uid } = {} }) =>
      removeNamed(
        context,
        { resource: "pods", namespace, name, ...(uid === undefined ? {} : { uid }) },
        until,
      ),
    ),
  );
  return left.find((remainder) => remainder !== null) ?? null;
}

/** A Job goes only after its pods, so that mostly one of them holds it. */
export async function heldJob(
  { cluster, closing: signal }: RunnerContext,
  { namespace, jobUid }: RunRef,
  finalizers: readonly string[],
): Promise<ApiError> {
  const error = heldError(finalizers);
  const answer = await cluster.list("pods", namespace, { labelSelector: podSelectorOf(jobUid) }, { signal });
  const pods = answer.kind === "ok" ? answer.value.items : [];
  const held = pods.map(({ metadata, spec }) => {
    const by = metadata?.finalizers ?? [];
    const on = spec?.nodeName === undefined ? "" : ` on node ${spec.nodeName}`;
    return `pods/${metadata?.name ?? ""}${on}${by.length === 0 ? "" : `, with finalizers: ${by.join(", ")}`}`;
  });
  return held.length === 0
    ? error
    : { ...error, message: `${error.message}; there is still ${held.join("; ")}` };
}

/** The API accepted the deletion, and yet it is there. */
export function heldError(finalizers: readonly string[]): ApiError {
  const held = finalizers.length === 0 ? "" : `; its finalizers: ${finalizers.join(", ")}`;
  return {
    kind: "conflict",
    httpStatus: null,
    reason: null,
    message: `it was deleted, but is still there${held}`,
    causes: [],
    retryAfterSeconds: null,
  };
}

/** A kind whose objects go at once answers with a `Status`; one that is still there with the object. */
function isRemoved(answer: ApiAnswer<unknown>): boolean {
  if (answer.kind === "error") return answer.error.kind === "not-found" || answer.error.kind === "conflict";
  const { kind } = answer.value as { readonly kind?: string };
  return kind === "Status";
}

function deletedObject(value: unknown): { readonly finalizers: readonly string[] } {
  const { metadata } = value as { readonly metadata?: { readonly finalizers?: readonly string[] } };
  return { finalizers: metadata?.finalizers ?? [] };
}
