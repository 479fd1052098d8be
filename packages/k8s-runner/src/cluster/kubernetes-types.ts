/**
 * The client library's models, and they alone: its main entry also declares its transports, whose own dependencies bring no types, so
 * that nobody who checks their libraries could compile against ours.
 */
export type * from "@kubernetes/client-node/dist/gen/models/all.js";
