import type { Container, Pod, PodSpec, Toleration } from "../../objects/types.ts";
import type { StatusCause } from "../status.ts";
import { invalidValue } from "./metadata.ts";

const mayChange =
  "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

/** A pod that exists keeps its spec, but for images, a shorter deadline, more tolerations and fewer gates. */
export function validatePodUpdate(next: Pod, previous: Pod): StatusCause[] {
  for (const field of ["containers", "initContainers"] as const) {
    if ((next.spec[field] ?? []).length !== (previous.spec[field] ?? []).length) {
      return [forbidden(`spec.${field}`, "pod updates may not add or remove containers")];
    }
  }
  const before = previous.spec.activeDeadlineSeconds;
  const after = next.spec.activeDeadlineSeconds;
  if (before !== undefined && after === undefined) {
    return [
      invalidValue(
        "spec.activeDeadlineSeconds",
        null,
        "must not update from a positive integer to nil value",
      ),
    ];
  }
  if (before !== undefined && after !== undefined && after > before) {
    return [
      invalidValue("spec.activeDeadlineSeconds", after, "must be less than or equal to previous value"),
    ];
  }
  const removed = (previous.spec.tolerations ?? []).some(
    (old) => !(next.spec.tolerations ?? []).some((entry) => same(timeless(entry), timeless(old))),
  );
  if (removed) {
    return [
      forbidden("spec.tolerations", "existing toleration can not be modified except its tolerationSeconds"),
    ];
  }
  const gates = new Set((previous.spec.schedulingGates ?? []).map(({ name }) => name));
  for (const [index, { name }] of (next.spec.schedulingGates ?? []).entries()) {
    if (gates.has(name)) continue;
    const why = `only deletion is allowed, but found new scheduling gate '${name}'`;
    return [forbidden(`spec.schedulingGates[${index}].name`, why)];
  }
  return same(fixed(next.spec), fixed(previous.spec)) ? [] : [forbidden("spec", mayChange)];
}

function timeless({ tolerationSeconds: _time, ...rest }: Toleration): object {
  return rest;
}

/** The part of the spec that cannot change. */
function fixed(spec: PodSpec): object {
  const {
    activeDeadlineSeconds: _deadline,
    tolerations: _tolerations,
    schedulingGates: _gates,
    containers,
    initContainers,
    ...rest
  } = spec;
  const imageless = ({ image: _image, ...container }: Container) => container;
  return {
    ...rest,
    containers: containers.map(imageless),
    initContainers: (initContainers ?? []).map(imageless),
  };
}

function forbidden(field: string, why: string): StatusCause {
  return { reason: "FieldValueForbidden", message: `Forbidden: ${why}`, field };
}

/** The order of keys is a client's own matter. */
function same(a: unknown, b: unknown): boolean {
  return canonical(a) === canonical(b);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([x], [y]) => (x < y ? -1 : 1)))
      : inner,
  );
}
