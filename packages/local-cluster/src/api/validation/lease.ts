import type { ApiObject } from "../../objects/types.ts";
import type { StatusCause } from "../status.ts";
import { invalidValue } from "./metadata.ts";

interface Lease extends ApiObject {
  spec?: { leaseDurationSeconds?: number; leaseTransitions?: number };
}

export function validateLease(object: ApiObject): StatusCause[] {
  const { spec } = object as Lease;
  const causes: StatusCause[] = [];
  if (spec?.leaseDurationSeconds !== undefined && spec.leaseDurationSeconds <= 0) {
    causes.push(
      invalidValue("spec.leaseDurationSeconds", spec.leaseDurationSeconds, "must be greater than 0"),
    );
  }
  if (spec?.leaseTransitions !== undefined && spec.leaseTransitions < 0) {
    causes.push(
      invalidValue("spec.leaseTransitions", spec.leaseTransitions, "must be greater than or equal to 0"),
    );
  }
  return causes;
}
