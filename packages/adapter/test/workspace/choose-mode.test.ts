import { expect, test } from "vitest";

import { type ModeFacts, chooseMode } from "../../src/workspace/choose-mode.ts";

const facts: ModeFacts = {
  settings: { mode: null, claim: null },
  hostFolder: "/paperclip/instances/default/projects/c/p",
  shared: { no: "the server runs in no pod" },
  copied: "yes",
};

test.each<[string, Partial<ModeFacts>, string, string]>([
  ["a volume that both can mount", { shared: "yes" }, "shared", "lies on a volume"],
  ["a folder that nobody shares", {}, "copied", "the server runs in no pod"],
  ["a folder that cannot travel", { copied: { no: "no exec" } }, "empty", "no exec"],
  ["no folder", { hostFolder: null, shared: "yes" }, "empty", "names no workspace folder"],
  [
    "a claim that a setting names",
    { settings: { mode: null, claim: "data" }, hostFolder: null },
    "shared",
    "workspaceClaim",
  ],
  [
    "the setting, whatever else could be had",
    { settings: { mode: "empty", claim: "data" }, shared: "yes" },
    "empty",
    "workspaceMode",
  ],
  [
    "a mode without a folder",
    { settings: { mode: "claim", claim: null }, hostFolder: null },
    "claim",
    "workspaceMode",
  ],
])("%s", (_name, change, mode, why) => {
  const choice = chooseMode({ ...facts, ...change });
  expect(choice).toEqual({ mode, why: expect.stringContaining(why) });
});
