/** A field that a spec does not have is a misspelt one, or a wish that would go unheard: it is refused with the nearest name. */

import type { RecordedOutputSpec } from "../types/record.ts";
import type { PayloadFile, ResourceSpec, RunSpec, StartBudgets } from "../types/spec.ts";
import { fail } from "./rules.ts";

/** Every field, so that the compiler asks for a new one here. */
type Fields<T> = Readonly<Record<keyof T, true>>;

const specFields: Fields<RunSpec> = {
  namespace: true,
  slot: true,
  runId: true,
  image: true,
  imagePullPolicy: true,
  command: true,
  stdin: true,
  workingDirectory: true,
  env: true,
  secretEnv: true,
  secretEnvFrom: true,
  files: true,
  copies: true,
  repository: true,
  recordOutput: true,
  resources: true,
  nodeSelector: true,
  tolerations: true,
  affinity: true,
  topologySpreadConstraints: true,
  hostAliases: true,
  dnsPolicy: true,
  dnsConfig: true,
  priorityClassName: true,
  runtimeClassName: true,
  imagePullSecrets: true,
  serviceAccountName: true,
  mountServiceAccountToken: true,
  volumes: true,
  volumeMounts: true,
  initContainers: true,
  extraContainers: true,
  runAsUser: true,
  runAsGroup: true,
  fsGroup: true,
  readOnlyRootFilesystem: true,
  temporarySize: true,
  writablePaths: true,
  podTemplate: true,
  policy: true,
  labels: true,
  annotations: true,
  queueName: true,
  cap: true,
  deadlineSeconds: true,
  graceSeconds: true,
  budgets: true,
  ttlSecondsAfterFinished: true,
  adopt: true,
  adoptOnlyWith: true,
  adoptionAnnotations: true,
};

const budgetFields: Fields<StartBudgets> = {
  queueSeconds: true,
  podCreationSeconds: true,
  schedulingSeconds: true,
  imagePullSeconds: true,
  configSeconds: true,
  initSeconds: true,
  startSeconds: true,
};

const resourceFields: Fields<ResourceSpec> = { requests: true, limits: true };
const recordFields: Fields<RecordedOutputSpec> = { holdSeconds: true, limitBytes: true };
const fileFields: Fields<PayloadFile> = { path: true, content: true, mode: true };

export function checkFields(spec: RunSpec): void {
  checkObject("", spec, specFields);
  checkObject("budgets.", spec.budgets, budgetFields);
  checkObject("resources.", spec.resources, resourceFields);
  checkObject("recordOutput.", spec.recordOutput, recordFields);
  for (const [index, file] of (Array.isArray(spec.files) ? spec.files : []).entries())
    checkObject(`files[${index}].`, file as object, fileFields);
}

function checkObject(place: string, value: object | undefined, fields: Readonly<Record<string, true>>): void {
  if (typeof value !== "object" || value === null) return;
  const known = Object.keys(fields);
  for (const [name, entry] of Object.entries(value)) {
    if (entry === undefined || Object.hasOwn(fields, name)) continue;
    const near = nearest(name, known);
    // Without its value, which may be a secret under a misspelt name.
    fail(
      `${place}${name}`,
      name,
      near === null ? "is no field" : `is no field; did you mean ${place}${near}?`,
    );
  }
}

/** Within a third of its letters, whatever their case. */
function nearest(name: string, known: readonly string[]): string | null {
  const most = Math.max(1, Math.floor(name.length / 3));
  const [first] = known
    .map((candidate) => ({ candidate, away: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ away }) => away <= most)
    .toSorted((left, right) => left.away - right.away);
  return first?.candidate ?? null;
}

/** Letters to insert, drop or change. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of from.split("").entries()) {
    const next = [index + 1];
    for (const [column, other] of to.split("").entries())
      next.push(
        Math.min(
          (row[column] ?? 0) + (letter === other ? 0 : 1),
          (row[column + 1] ?? 0) + 1,
          (next[column] ?? 0) + 1,
        ),
      );
    row = next;
  }
  return row.at(-1) ?? 0;
}
