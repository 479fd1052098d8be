/** A spec is checked before the cluster sees it. Throws `InvalidRunSpecError`. */

import { checkCopies } from "./validate/copies.ts";
import { checkRecord } from "./validate/record.ts";
import { checkRepository } from "./validate/repository.ts";
import {
  annotations,
  cloneContainer,
  closingContainer,
  holderContainer,
  labels,
  mainContainer,
  payloadContainer,
  receiverContainer,
  recorderContainer,
  setupContainer,
} from "./manifest/names.ts";
import { stdinPath } from "./manifest/payload.ts";
import type { RunSpec } from "./types/spec.ts";
import { checkFields } from "./validate/known-fields.ts";
import * as rules from "./validate/rules.ts";

const longestRunId = 253;
const longestSlot = 4096;
const annotationBytes = 200 * 1024;
const mostFiles = 500;

/** Throws `InvalidRunSpecError` for the first field that the cluster would refuse, or that could not mean what it says. */
export function validateRunSpec(spec: RunSpec): void {
  checkFields(spec);
  checkIdentity(spec);
  checkProcess(spec);
  checkEnvironment(spec);
  checkFiles(spec);
  checkPlacement(spec);
  checkContainers(spec);
  checkCopies(spec);
  checkRepository(spec);
  checkRecord(spec);
  checkTimes(spec);
}

function checkIdentity({ namespace, slot, runId, adopt, queueName, ...spec }: RunSpec): void {
  rules.namespaceName("namespace", namespace);
  rules.nonEmpty("slot", slot, longestSlot);
  rules.nonEmpty("runId", runId, longestRunId);
  rules.oneOf("adopt", adopt, ["when-orphaned", "never"]);
  if (spec.cap !== undefined) {
    rules.nonEmpty("cap.name", spec.cap.name, longestSlot);
    rules.wholeNumber("cap.limit", spec.cap.limit);
    if (spec.cap.limit < 1) rules.fail("cap.limit", spec.cap.limit, "must be at least 1");
  }
  for (const [key, value] of Object.entries(spec.adoptOnlyWith ?? {})) {
    rules.labelKey("adoptOnlyWith", key);
    rules.labelText(`adoptOnlyWith.${key}`, value);
  }
  if (queueName !== undefined) rules.objectName("queueName", queueName);
  const own = new Set<string>([...Object.values(labels), ...Object.values(annotations)]);
  const written = {
    labels: spec.labels,
    annotations: spec.annotations,
    adoptionAnnotations: spec.adoptionAnnotations,
  };
  for (const [field, entries] of Object.entries(written))
    for (const [key, value] of Object.entries(entries ?? {})) {
      rules.labelKey(field, key);
      if (own.has(key)) rules.fail(field, key, "is set by the runner itself");
      if (field === "labels") rules.labelText(`labels.${key}`, value);
    }
  const bytes = Buffer.byteLength(JSON.stringify([spec.annotations ?? {}, spec.adoptionAnnotations ?? {}]));
  if (bytes > annotationBytes)
    rules.fail("annotations", `${bytes} bytes`, `must have at most ${annotationBytes} bytes together`);
}

function checkProcess({ image, imagePullPolicy, command, stdin, workingDirectory }: RunSpec): void {
  rules.nonEmpty("image", image, 1024);
  if (/\s/.test(image)) rules.fail("image", image, "must not contain white space");
  rules.oneOf("imagePullPolicy", imagePullPolicy, ["Always", "IfNotPresent", "Never"]);
  if (!Array.isArray(command) || command.length === 0)
    rules.fail("command", command, "must be a list with the program first");
  for (const [index, argument] of command.entries()) rules.processString(`command[${index}]`, argument);
  if (command[0] === "") rules.fail("command[0]", "", "must name a program");
  if (stdin !== undefined && typeof stdin !== "string" && !(stdin instanceof Uint8Array))
    rules.failSecretly("stdin", "must be a string or bytes");
  if (workingDirectory !== undefined) rules.absolutePath("workingDirectory", workingDirectory);
}

function checkEnvironment({ env, secretEnv, secretEnvFrom }: RunSpec): void {
  const places = new Map<string, string>();
  for (const [field, variables] of Object.entries({ env, secretEnv, secretEnvFrom }))
    for (const [name, value] of Object.entries(variables ?? {})) {
      rules.environmentName(field, name);
      const other = places.get(name);
      if (other !== undefined) rules.fail(`${field}.${name}`, name, `is already set by ${other}`);
      places.set(name, field);
      if (field !== "secretEnvFrom") rules.processString(`${field}.${name}`, value, `${name}=`);
    }
  for (const [name, reference] of Object.entries(secretEnvFrom ?? {})) {
    rules.objectName(`secretEnvFrom.${name}.secretName`, reference.secretName);
    rules.nonEmpty(`secretEnvFrom.${name}.key`, reference.key, 253);
  }
}

function checkFiles({ files = [], volumeMounts = [] }: RunSpec): void {
  if (files.length > mostFiles)
    rules.fail(
      "files",
      `${files.length} files`,
      `must have at most ${mostFiles}: each is a mount of its own`,
    );
  const taken = new Set([stdinPath, ...volumeMounts.map(({ mountPath }) => mountPath)]);
  for (const [index, { path, content, mode }] of files.entries()) {
    const field = `files[${index}]`;
    rules.absolutePath(`${field}.path`, path);
    if (path.endsWith("/")) rules.fail(`${field}.path`, path, "must name a file");
    if (taken.has(path)) rules.fail(`${field}.path`, path, "is already taken by another file or mount");
    taken.add(path);
    if (typeof content !== "string" && !(content instanceof Uint8Array))
      rules.failSecretly(`${field}.content`, "must be a string or bytes");
    if (mode !== undefined && (!Number.isInteger(mode) || mode < 0 || mode > 0o777))
      rules.fail(`${field}.mode`, mode, "must be permission bits between 0 and 0o777");
  }
}

function checkPlacement(spec: RunSpec): void {
  rules.quantities("resources.requests", spec.resources?.requests);
  rules.quantities("resources.limits", spec.resources?.limits);
  if (spec.temporarySize !== undefined) rules.quantities("temporarySize", { "/tmp": spec.temporarySize });
  for (const [key, value] of Object.entries(spec.nodeSelector ?? {})) {
    rules.labelKey("nodeSelector", key);
    rules.labelText(`nodeSelector.${key}`, value);
  }
  const { serviceAccountName, priorityClassName, runtimeClassName } = spec;
  for (const [field, name] of Object.entries({ serviceAccountName, priorityClassName, runtimeClassName }))
    if (name !== undefined) rules.objectName(field, name);
  for (const [index, name] of (spec.imagePullSecrets ?? []).entries())
    rules.objectName(`imagePullSecrets[${index}]`, name);
  rules.wholeNumber("runAsUser", spec.runAsUser);
  rules.wholeNumber("runAsGroup", spec.runAsGroup);
  if (spec.fsGroup !== null) rules.wholeNumber("fsGroup", spec.fsGroup);
  rules.oneOf("dnsPolicy", spec.dnsPolicy, ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"]);
}

function checkContainers({
  initContainers,
  extraContainers,
  volumes,
  volumeMounts,
  writablePaths,
  podTemplate,
}: RunSpec): void {
  const names = new Set<string>([
    mainContainer,
    payloadContainer,
    receiverContainer,
    holderContainer,
    cloneContainer,
    setupContainer,
    closingContainer,
    recorderContainer,
  ]);
  for (const [field, containers] of Object.entries({ initContainers, extraContainers }))
    for (const [index, { name }] of (containers ?? []).entries()) {
      rules.namespaceName(`${field}[${index}].name`, name);
      if (names.has(name)) rules.fail(`${field}[${index}].name`, name, "is the name of another container");
      names.add(name);
    }
  const volumeNames = new Set<string>();
  for (const [index, { name }] of (volumes ?? []).entries()) {
    rules.namespaceName(`volumes[${index}].name`, name);
    if (isOwnVolume(name) || volumeNames.has(name))
      rules.fail(`volumes[${index}].name`, name, "is the name of another volume");
    volumeNames.add(name);
  }
  const paths = new Set<string>();
  for (const [index, { mountPath }] of (volumeMounts ?? []).entries()) {
    rules.absolutePath(`volumeMounts[${index}].mountPath`, mountPath);
    if (paths.has(mountPath)) rules.fail(`volumeMounts[${index}].mountPath`, mountPath, "is mounted twice");
    paths.add(mountPath);
  }
  for (const [index, path] of (writablePaths ?? []).entries()) {
    rules.absolutePath(`writablePaths[${index}]`, path);
    if (paths.has(path) || /^\/(?:tmp\/*)?$/.test(path))
      rules.fail(`writablePaths[${index}]`, path, "is mounted already, or cannot be");
    paths.add(path);
  }
  checkOverlayVolumes(podTemplate, volumes ?? []);
  const { restartPolicy } = podTemplate?.spec ?? {};
  if (restartPolicy !== undefined && restartPolicy !== "Never")
    rules.fail("podTemplate.spec.restartPolicy", restartPolicy, "must be Never: a run happens once");
}

function isOwnVolume(name: string): boolean {
  return name === "tmp" || /^(?:payload|writable|run-files)-|^run-(?:repository|record)(?:-|$)/.test(name);
}

/**
 * An overlay's volume of a name that is taken would be merged into the other one, and be mounted where that one is. Another
 * empty volume in the place of an empty one is no mix-up: that is how its size and medium are said.
 */
function checkOverlayVolumes(
  podTemplate: RunSpec["podTemplate"],
  volumes: NonNullable<RunSpec["volumes"]>,
): void {
  const overlay: unknown = podTemplate?.spec?.volumes;
  // What is no list of volumes is refused by its form.
  for (const [index, volume] of (Array.isArray(overlay) ? overlay : []).entries()) {
    const name: unknown = volume?.name;
    if (typeof name !== "string") continue;
    const given = volumes.find((each) => each.name === name);
    const isEmpty = given === undefined ? !name.startsWith("payload-") : given.emptyDir !== undefined;
    if ((given === undefined && !isOwnVolume(name)) || (isEmpty && volume.emptyDir)) continue;
    rules.fail(
      `podTemplate.spec.volumes[${index}].name`,
      name,
      "is the name of a volume that the pod has already: choose another",
    );
  }
}

function checkTimes({ deadlineSeconds, graceSeconds, ttlSecondsAfterFinished, budgets }: RunSpec): void {
  rules.seconds("deadlineSeconds", deadlineSeconds);
  rules.wholeNumber("graceSeconds", graceSeconds);
  rules.wholeNumber("ttlSecondsAfterFinished", ttlSecondsAfterFinished);
  for (const [name, value] of Object.entries(budgets ?? {}))
    if (value !== null) rules.seconds(`budgets.${name}`, value);
}
