import type { ApiObject } from "../../objects/types.ts";
import { age } from "./duration.ts";

/** A column of the table that kubectl draws. */
export interface Column {
  readonly name: string;
  readonly type?: string;
  /** 1: only with `-o wide`. */
  readonly priority?: number;
  readonly cell: (object: ApiObject, nowMilliseconds: number) => unknown;
}

export const nameColumn: Column = { name: "Name", cell: (object) => object.metadata.name };
export const ageColumn: Column = {
  name: "Age",
  cell: (object, now) => age(object.metadata.creationTimestamp, now),
};
