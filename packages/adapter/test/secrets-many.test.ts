import { expect, test } from "vitest";

import { knownSecrets } from "../src/host/secrets.ts";
import { fakeHost } from "./host-context.ts";

/** Whoever writes an issue's text, or an agent's variables, decides how many there are. */
test("an issue's text full of passwords neither stops a run nor hides the settings' own from the mask", () => {
  const text = Array.from({ length: 50_000 }, (_, index) => `x://u:passw0rd${index}@h`).join(" ");
  const own = ["own", "passw0rd", "of", "settings"].join("-");
  const env = Object.fromEntries(
    Array.from({ length: 50_000 }, (_, index) => [`T${index}_TOKEN`, `v${index}`]),
  );
  const { context } = fakeHost({ config: { paperclipApiUrl: `http://u:${own}@paperclip:3100` } });
  const host = { ...context, context: { paperclipWake: { issue: { description: text } } } };
  const known = Object.values(knownSecrets(host, env));
  expect(known).toContain(own);
  expect(known).toContain(host.authToken);
  expect(known.length).toBeLessThan(3000);
});
