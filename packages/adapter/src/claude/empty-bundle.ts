import type { Bundle } from "./bundle.ts";

/** For a run that has nothing to take along but its prompt. */
export const emptyBundle: Bundle = {
  files: [],
  hasInstructions: false,
  hasFolder: false,
  skills: [],
  mcpServers: [],
  key: "",
  mcpIdentity: "",
  warnings: [],
};
