import { homedir } from "node:os";
import path from "node:path";

/** Where Paperclip's server keeps its data, by its own rules; a plugin has no other way to learn it. */
export interface PaperclipHome {
  readonly folder: string;
  /** Of this instance: `instances/default` below it. */
  readonly instance: string;
}

const segment = /^[a-zA-Z0-9_-]+$/;

export function paperclipHome(environment: Readonly<Record<string, string | undefined>>): PaperclipHome {
  const given = environment["PAPERCLIP_HOME"]?.trim() || path.join(homedir(), ".paperclip");
  const folder = path.resolve(given.replace(/^~(?=$|\/)/, homedir()));
  const id = environment["PAPERCLIP_INSTANCE_ID"]?.trim() || "default";
  return { folder, instance: path.join(folder, "instances", segment.test(id) ? id : "default") };
}
