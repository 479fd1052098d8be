import type { Access, User } from "./access.ts";
import { readFields } from "./body.ts";
import type { Exchange } from "./http/exchange.ts";
import { invalid } from "./status.ts";

interface Review {
  spec?: {
    resourceAttributes?: {
      namespace?: string;
      verb?: string;
      group?: string;
      resource?: string;
      subresource?: string;
      name?: string;
    };
    nonResourceAttributes?: { path?: string; verb?: string };
  };
}

/** May the asking user do this? */
export async function reviewAccess(access: Access, user: User, exchange: Exchange): Promise<object> {
  const review = (await readFields(
    exchange,
    (why) =>
      `the object provided is unrecognized (must be of type SelfSubjectAccessReview): couldn't get version/kind; json parse error: ${why}`,
  )) as Review;
  const wanted = review.spec?.resourceAttributes;
  if (wanted === undefined && review.spec?.nonResourceAttributes === undefined) {
    throw invalid("SelfSubjectAccessReview", "authorization.k8s.io", "", [
      {
        reason: "FieldValueInvalid",
        message:
          'Invalid value: {"kind":"SelfSubjectAccessReview"}: exactly one of nonResourceAttributes or resourceAttributes must be specified',
        field: "spec.resourceAttributes",
      },
    ]);
  }
  const allowed =
    wanted === undefined ||
    access.allows(user, {
      verb: wanted.verb ?? "",
      group: wanted.group ?? "",
      resource: wanted.resource ?? "",
      subresource: wanted.subresource ?? "",
      namespace: wanted.namespace ?? "",
      name: wanted.name ?? "",
    });
  return {
    kind: "SelfSubjectAccessReview",
    apiVersion: "authorization.k8s.io/v1",
    metadata: {},
    spec: review.spec,
    status: { allowed },
  };
}
