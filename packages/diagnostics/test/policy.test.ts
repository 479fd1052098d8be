/** A pod that the runner did not send is explained with its field, its rule, and where the operator allows it. */

import { expect, test } from "vitest";
import { diagnose } from "../src/index.ts";

const refusedFor = (rule: string, field: string, value: string | null, requirement: string) =>
  diagnose({
    exit: {
      kind: "refused",
      failure: { kind: "policy-violated", violations: [{ field, value, rule, requirement }] },
    },
  });

test.each([
  ["hostPathVolumes", "spec.volumes[1].hostPath", "allow.podTemplate"],
  ["secret", "spec.volumes[1].secret.secretName", "allow.secrets"],
  ["claim", "spec.volumes[1].persistentVolumeClaim.claimName", "allow.claims"],
  ["image", "spec.containers[0].image", "allow.images"],
  ["serviceAccount", "spec.serviceAccountName", "allow.serviceAccounts"],
  ["constructor", "spec.x", "allow.podTemplate"],
])("rule %s of %s leads to %s", (rule, field, allow) => {
  const diagnosis = refusedFor(rule, field, '"x"', "must be absent");
  expect(diagnosis).toMatchObject({ code: "not_allowed_by_operator", bootstrap: true });
  expect(diagnosis.cause).toContain(`"x" as \`podTemplate.${field}\``);
  expect(diagnosis.cause).toContain(`must be absent (rule ${rule})`);
  expect(diagnosis.fix.join(" ")).toContain(allow);
});

test("what is missing is said to be missing", () => {
  const diagnosis = refusedFor("runAsNonRoot", "spec.securityContext.runAsNonRoot", null, "must be true");
  expect(diagnosis.cause).toContain("nothing as `podTemplate.spec.securityContext.runAsNonRoot`");
});
