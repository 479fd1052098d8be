import type { ClusterClock } from "../clock.ts";
import { milliseconds, secondsText } from "../objects/time.ts";
import type { ApiObject, Pod } from "../objects/types.ts";
import { checkPreconditions, finalizersFor, podGrace, type DeleteOptions } from "./deletion.ts";
import type { RegistryParts, Removal } from "./registry-parts.ts";
import type { Resource } from "./resources.ts";
import { notFound } from "./status.ts";

/** Gone, or marked to go where finalizers or a grace period hold it. */
export function removeObject(
  { store, clock }: RegistryParts,
  resource: Resource,
  namespace: string,
  name: string,
  options: DeleteOptions,
  dryRun = false,
): Removal {
  const current = store.get(resource.plural, namespace, name);
  if (current === undefined) throw notFound(resource, name);
  checkPreconditions(resource, current, options.preconditions);
  if (dryRun) return { object: current, gone: true };
  const grace = resource.plural === "pods" ? podGrace(current as Pod, options) : 0;
  const finalizers = finalizersFor(resource, current, options);
  const meta = current.metadata;
  const alreadyDeleting = meta.deletionTimestamp !== undefined;
  const known = meta.deletionGracePeriodSeconds ?? 0;
  // A namespace stays until its controller has emptied it.
  if (grace === 0 && finalizers.length === 0 && resource.plural !== "namespaces") {
    if (resource.plural === "pods" && !alreadyDeleting) {
      store.update("pods", dying(clock, structuredClone(current), grace));
    }
    const gone = store.remove(resource.plural, namespace, name) ?? current;
    return { object: gone, gone: true };
  }
  const draft = structuredClone(current);
  if (finalizers.length > 0) draft.metadata.finalizers = finalizers;
  else delete draft.metadata.finalizers;
  if (!alreadyDeleting || grace < known) dying(clock, draft, grace);
  if (resource.generation && !alreadyDeleting) draft.metadata.generation = (meta.generation ?? 0) + 1;
  return { object: store.update(resource.plural, draft), gone: false };
}

function dying(clock: ClusterClock, draft: ApiObject, graceSeconds: number): ApiObject {
  const until = BigInt(milliseconds(clock) + graceSeconds * 1000);
  draft.metadata.deletionTimestamp = secondsText(until * 1_000_000n);
  draft.metadata.deletionGracePeriodSeconds = graceSeconds;
  return draft;
}
