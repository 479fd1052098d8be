/** States of pods and Jobs as public reports show them: `kubectl get … -o json` → `evidenceOf` → `diagnose`. */
import { expect, test } from "vitest";
import { diagnose, evidenceOf } from "../../src/index.ts";
import { admission } from "./admission.ts";
import { containers } from "./containers.ts";
import { endings } from "./endings.ts";
import { images } from "./images.ts";
import { preparing } from "./preparing.ts";
import { refusedOrEvicted } from "./refused-or-evicted.ts";
import { runtimes } from "./runtimes.ts";
import { scheduling } from "./scheduling.ts";
import { strangers } from "./strangers.ts";

const silent = { frames: 0, inits: 0, contentSeen: false, result: null, lastAssistant: null, noise: [] };

test.each([
  ...refusedOrEvicted,
  ...preparing,
  ...images,
  ...containers,
  ...scheduling,
  ...admission,
  ...endings,
  ...runtimes,
  ...strangers,
])("%s", (_name, objects, codes, family, words) => {
  const diagnosis = diagnose({ ...evidenceOf(objects), summary: silent });
  expect(codes.split("|")).toContain(diagnosis.code);
  expect(diagnosis.family).toBe(family === undefined ? diagnosis.family : family);
  expect([diagnosis.cause, ...diagnosis.fix].join(" ")).toMatch(words);
});
