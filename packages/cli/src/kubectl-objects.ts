import type { KubernetesObjects } from "@claude-k8s/diagnostics";
import { parseAllDocuments } from "yaml";

/**
 * Objects as `kubectl get … -o json` or `-o yaml` prints them: one, a list, or several documents. `null`: it is something else, such
 * as the output of a run.
 */
export function objectsIn(text: string): KubernetesObjects | null {
  const found = documentsIn(text)?.flatMap(itemsOf) ?? null;
  if (found === null || found.length === 0) return null;
  const ofKind = (kind: string): readonly object[] => found.filter((one) => one.kind === kind);
  const pods = ofKind("Pod");
  const jobs = ofKind("Job");
  const events = ofKind("Event");
  if (pods.length + jobs.length + events.length === 0) return null;
  return {
    ...(pods.length > 0 && { pod: pods }),
    ...(jobs.length > 0 && { job: jobs.slice(-1) }),
    ...(events.length > 0 && { events }),
    ...(ofKind("Node").length > 0 && { node: ofKind("Node").slice(-1) }),
  };
}

interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly items?: unknown;
}

function isObject(value: unknown): value is KubernetesObject {
  return typeof value === "object" && value !== null && "apiVersion" in value && "kind" in value;
}

function itemsOf(value: unknown): readonly KubernetesObject[] {
  if (!isObject(value)) return [];
  if (!Array.isArray(value.items)) return [value];
  // What stands in a list of one kind does not say its kind again.
  const kind = value.kind.replace(/List$/, "");
  return value.items.flatMap((item: unknown) =>
    typeof item !== "object" || item === null ? [] : [{ apiVersion: value.apiVersion, kind, ...item }],
  );
}

function documentsIn(text: string): readonly unknown[] | null {
  const start = text.trimStart();
  if (start.startsWith("{")) {
    try {
      return [JSON.parse(text) as unknown];
    } catch {
      return null;
    }
  }
  if (!/^(?:---\s*\n)?(?:apiVersion|kind):/.test(start)) return null;
  const documents = parseAllDocuments(text);
  return "empty" in documents ? [] : documents.map((document): unknown => document.toJS());
}
