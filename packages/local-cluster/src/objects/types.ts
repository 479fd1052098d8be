/** Objects as they travel on the wire. Only what the cluster itself reads is named; the rest passes through. */
export type * from "./job.ts";
export type * from "./object.ts";
export type * from "./pod.ts";
export type * from "./policy.ts";
