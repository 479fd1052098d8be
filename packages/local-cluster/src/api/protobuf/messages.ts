/** A field of a message: how its bytes are read, and what it is called in JSON. */
export interface Field {
  readonly name: string;
  readonly type: "string" | "bytes" | "int" | "bool" | Message;
  readonly repeated?: true;
  /** A map from strings to values of the type. */
  readonly map?: true;
  /** A message of one string that JSON writes as that string. */
  readonly plain?: true;
}

export type Message = Readonly<Record<number, Field>>;

const text = (name: string): Field => ({ name, type: "string" });
const texts = (name: string): Field => ({ name, type: "string", repeated: true });
const int = (name: string): Field => ({ name, type: "int" });
const bool = (name: string): Field => ({ name, type: "bool" });
const textMap = (name: string): Field => ({ name, type: "string", map: true });
const bytesMap = (name: string): Field => ({ name, type: "bytes", map: true });
const one = (name: string, type: Message): Field => ({ name, type });
const many = (name: string, type: Message): Field => ({ name, type, repeated: true });
const amounts = (name: string): Field => ({ name, type: { 1: text("string") }, map: true, plain: true });

const ownerReference: Message = {
  1: text("kind"),
  3: text("name"),
  4: text("uid"),
  5: text("apiVersion"),
  6: bool("controller"),
  7: bool("blockOwnerDeletion"),
};

const metadata = one("metadata", {
  1: text("name"),
  2: text("generateName"),
  3: text("namespace"),
  5: text("uid"),
  6: text("resourceVersion"),
  // Times are the server's to write.
  8: one("creationTimestamp", {}),
  11: textMap("labels"),
  12: textMap("annotations"),
  13: many("ownerReferences", ownerReference),
  14: texts("finalizers"),
});

const container: Message = {
  1: text("name"),
  2: text("image"),
  3: texts("command"),
  4: texts("args"),
  5: text("workingDir"),
  7: many("env", { 1: text("name"), 2: text("value") }),
  8: one("resources", { 1: amounts("limits"), 2: amounts("requests") }),
  9: many("volumeMounts", { 1: text("name"), 2: bool("readOnly"), 3: text("mountPath"), 4: text("subPath") }),
  13: text("terminationMessagePath"),
  14: text("imagePullPolicy"),
  16: bool("stdin"),
  17: bool("stdinOnce"),
  18: bool("tty"),
  20: text("terminationMessagePolicy"),
};

const podSpec: Message = {
  2: many("containers", container),
  3: text("restartPolicy"),
  4: int("terminationGracePeriodSeconds"),
  5: int("activeDeadlineSeconds"),
  6: text("dnsPolicy"),
  7: textMap("nodeSelector"),
  8: text("serviceAccountName"),
  9: text("serviceAccount"),
  10: text("nodeName"),
  11: bool("hostNetwork"),
  12: bool("hostPID"),
  13: bool("hostIPC"),
  14: one("securityContext", {}),
  16: text("hostname"),
  17: text("subdomain"),
  19: text("schedulerName"),
  20: many("initContainers", container),
  24: text("priorityClassName"),
};

const jobSpec: Message = {
  1: int("parallelism"),
  2: int("completions"),
  3: int("activeDeadlineSeconds"),
  5: bool("manualSelector"),
  6: one("template", { 1: metadata, 2: one("spec", podSpec) }),
  7: int("backoffLimit"),
  8: int("ttlSecondsAfterFinished"),
  9: text("completionMode"),
  10: bool("suspend"),
  14: text("podReplacementPolicy"),
};

const deleteOptions: Message = {
  1: int("gracePeriodSeconds"),
  2: one("preconditions", { 1: text("uid"), 2: text("resourceVersion") }),
  3: bool("orphanDependents"),
  4: text("propagationPolicy"),
  5: texts("dryRun"),
};

const resourceAttributes: Message = {
  1: text("namespace"),
  2: text("verb"),
  3: text("group"),
  4: text("version"),
  5: text("resource"),
  6: text("subresource"),
  7: text("name"),
};

/** What kubectl's own commands send as protobuf (`create secret`, `create job`, `drain`, `auth can-i`, …), by kind. */
export const messages: Readonly<Record<string, Message>> = {
  ConfigMap: { 1: metadata, 2: textMap("data"), 3: bytesMap("binaryData"), 4: bool("immutable") },
  DeleteOptions: deleteOptions,
  Eviction: { 1: metadata, 2: one("deleteOptions", deleteOptions) },
  Job: { 1: metadata, 2: one("spec", jobSpec), 3: one("status", {}) },
  Namespace: { 1: metadata, 2: one("spec", { 1: texts("finalizers") }), 3: one("status", {}) },
  Pod: { 1: metadata, 2: one("spec", podSpec), 3: one("status", {}) },
  ResourceQuota: { 1: metadata, 2: one("spec", { 1: amounts("hard") }), 3: one("status", {}) },
  Secret: {
    1: metadata,
    2: bytesMap("data"),
    3: text("type"),
    4: textMap("stringData"),
    5: bool("immutable"),
  },
  SelfSubjectAccessReview: {
    1: metadata,
    2: one("spec", {
      1: one("resourceAttributes", resourceAttributes),
      2: one("nonResourceAttributes", { 1: text("path"), 2: text("verb") }),
    }),
    3: one("status", {}),
  },
};
