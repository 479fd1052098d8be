import { readFields } from "./body.ts";
import type { DeleteOptions } from "./deletion.ts";
import type { Exchange } from "./http/exchange.ts";
import { listObjects } from "./read.ts";
import type { Registry } from "./registry.ts";
import type { Resource } from "./resources.ts";
import { invalid } from "./status.ts";
import { isDryRun } from "./write.ts";

export async function deleteObject(
  registry: Registry,
  resource: Resource,
  namespace: string,
  name: string,
  exchange: Exchange,
): Promise<object> {
  const options = await deleteOptions(exchange);
  const { object, gone } = registry.remove(
    resource,
    namespace,
    name,
    options,
    isDryRun(exchange) || options.dryRun?.includes("All") === true,
  );
  // Pods come back as they are; of other kinds one that is gone is only confirmed.
  if (!gone || resource.plural === "pods") return object;
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: {
      name,
      ...(resource.group === "" ? {} : { group: resource.group }),
      kind: resource.plural,
      uid: object.metadata.uid,
    },
  };
}

export async function deleteCollection(
  registry: Registry,
  resource: Resource,
  namespace: string,
  exchange: Exchange,
): Promise<object> {
  const options = await deleteOptions(exchange);
  const list = listObjects(registry, resource, namespace, exchange.query);
  for (const object of list.items) {
    registry.remove(
      resource,
      object.metadata.namespace ?? "",
      object.metadata.name,
      options,
      isDryRun(exchange) || options.dryRun?.includes("All") === true,
    );
  }
  return list;
}

async function readOptions(exchange: Exchange): Promise<DeleteOptions & { orphanDependents?: boolean }> {
  const parsed = await readFields(exchange, (why) => `error decoding delete options: ${why}`);
  return parsed as DeleteOptions;
}

/** In the body, or in the query as old clients send them; the body wins. */
async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const { query } = exchange;
  const grace = query.get("gracePeriodSeconds");
  const policy = query.get("propagationPolicy");
  const body = await readOptions(exchange);
  const orphan = "orphanDependents" in body ? body.orphanDependents : undefined;
  const chosen =
    body.propagationPolicy ?? policy ?? (orphan === undefined ? null : orphan ? "Orphan" : "Background");
  if (chosen !== null && !["Orphan", "Background", "Foreground"].includes(chosen)) {
    throw invalid("DeleteOptions", "meta.k8s.io", "", [
      {
        reason: "FieldValueNotSupported",
        message: `Unsupported value: "${chosen}": supported values: "Foreground", "Background", "Orphan", "nil"`,
        field: "propagationPolicy",
      },
    ]);
  }
  const dryRun = body.dryRun ?? [];
  if (dryRun.some((entry) => entry !== "All")) {
    throw invalid("DeleteOptions", "meta.k8s.io", "", [
      {
        reason: "FieldValueNotSupported",
        message: `Unsupported value: ${JSON.stringify(dryRun)}: supported values: "All"`,
        field: "dryRun",
      },
    ]);
  }
  return {
    ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
    ...body,
    ...(chosen === null ? {} : { propagationPolicy: chosen as "Orphan" | "Background" | "Foreground" }),
  };
}
