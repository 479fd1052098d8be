import type { ApiObject } from "./object.ts";

export type Quantities = Record<string, string>;

export interface LimitRangeItem {
  type: "Container" | "Pod" | "PersistentVolumeClaim";
  max?: Quantities;
  min?: Quantities;
  default?: Quantities;
  defaultRequest?: Quantities;
}

export interface LimitRange extends ApiObject {
  spec: { limits: LimitRangeItem[] };
}

export interface ResourceQuota extends ApiObject {
  spec: { hard?: Quantities };
  status: { hard?: Quantities; used?: Quantities };
}
