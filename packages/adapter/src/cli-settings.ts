/** The part of `cli-parts.ts` that reads settings; it takes a moment to load. */
export { claudeCommand } from "./claude/arguments.ts";
export { specOfSettings } from "./claude/settings-spec.ts";
export { settingFields } from "./settings/fields.ts";
export { nearestName } from "./settings/near-names.ts";
export { parseSettings } from "./settings/parse.ts";
export { isObject } from "./settings/values.ts";
export { specByHand, workspaceByHand } from "./workspace/by-hand.ts";
export { workspaceModes } from "./workspace/workspace.ts";
export { workspaceNotes } from "./workspace/words.ts";
