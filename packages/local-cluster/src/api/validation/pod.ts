import type { Container, PodSpec } from "../../objects/types.ts";
import { parseQuantity } from "../../objects/quantity.ts";
import type { StatusCause } from "../status.ts";
import { invalidValue, isLabel, labelWords, required } from "./metadata.ts";

/** `restartPolicies` null: the caller has its own rule for the restart policy. */
export function validatePodSpec(
  spec: PodSpec,
  path: string,
  restartPolicies: readonly string[] | null,
): StatusCause[] {
  const causes: StatusCause[] = [];
  const volumes = new Set((spec.volumes ?? []).map((volume) => volume.name));
  (spec.volumes ?? []).forEach((volume, index) => {
    if (!isLabel(volume.name ?? "")) {
      causes.push(
        (volume.name ?? "") === ""
          ? required(`${path}.volumes[${index}].name`)
          : invalidValue(`${path}.volumes[${index}].name`, volume.name, labelWords),
      );
    }
  });
  if ((spec.containers ?? []).length === 0) causes.push(required(`${path}.containers`));
  const names = new Set<string>();
  for (const field of ["initContainers", "containers"] as const) {
    (spec[field] ?? []).forEach((container, index) => {
      causes.push(...validateContainer(container, `${path}.${field}[${index}]`, volumes, names));
    });
  }
  if (restartPolicies !== null && !restartPolicies.includes(spec.restartPolicy ?? "")) {
    causes.push(unsupported(`${path}.restartPolicy`, spec.restartPolicy ?? "", restartPolicies));
  }
  const deadline = spec.activeDeadlineSeconds;
  if (deadline !== undefined && (deadline < 1 || deadline > 2_147_483_647)) {
    causes.push(
      invalidValue(`${path}.activeDeadlineSeconds`, deadline, "must be between 1 and 2147483647, inclusive"),
    );
  }
  const grace = spec.terminationGracePeriodSeconds;
  if (grace !== undefined && grace < 0) {
    causes.push(
      invalidValue(`${path}.terminationGracePeriodSeconds`, grace, "must be greater than or equal to 0"),
    );
  }
  return causes;
}

function validateContainer(
  container: Container,
  path: string,
  volumes: ReadonlySet<string>,
  names: Set<string>,
): StatusCause[] {
  const causes: StatusCause[] = [];
  const name = container.name ?? "";
  if (name === "") causes.push(required(`${path}.name`));
  else if (!isLabel(name)) causes.push(invalidValue(`${path}.name`, name, labelWords));
  if (names.has(name)) {
    causes.push({
      reason: "FieldValueDuplicate",
      message: `Duplicate value: "${name}"`,
      field: `${path}.name`,
    });
  }
  names.add(name);
  if ((container.image ?? "") === "") causes.push(required(`${path}.image`));
  if (!["Always", "IfNotPresent", "Never"].includes(container.imagePullPolicy ?? "")) {
    causes.push(
      unsupported(`${path}.imagePullPolicy`, String(container.imagePullPolicy), [
        "Always",
        "IfNotPresent",
        "Never",
      ]),
    );
  }
  (container.env ?? []).forEach((variable, index) => {
    const field = `${path}.env[${index}].name`;
    if ((variable.name ?? "") === "") causes.push(required(field));
    else if (!/^[ -<>-~]+$/u.test(variable.name)) {
      causes.push(
        invalidValue(
          field,
          variable.name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      );
    }
  });
  const paths = new Set<string>();
  (container.volumeMounts ?? []).forEach((mount, index) => {
    const field = `${path}.volumeMounts[${index}]`;
    if (!volumes.has(mount.name)) {
      causes.push({
        reason: "FieldValueNotFound",
        message: `Not found: "${mount.name}"`,
        field: `${field}.name`,
      });
    }
    if ((mount.mountPath ?? "") === "") causes.push(required(`${field}.mountPath`));
    if (paths.has(mount.mountPath)) {
      causes.push(invalidValue(`${field}.mountPath`, mount.mountPath, "must be unique"));
    }
    paths.add(mount.mountPath);
  });
  return [...causes, ...validateResources(container, path)];
}

function validateResources(container: Container, path: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const { limits = {}, requests = {} } = container.resources ?? {};
  for (const [resource, request] of Object.entries(requests)) {
    const limit = limits[resource];
    if (limit !== undefined && parseQuantity(request) > parseQuantity(limit)) {
      causes.push(
        invalidValue(
          `${path}.resources.requests`,
          request,
          `must be less than or equal to ${resource} limit of ${limit}`,
        ),
      );
    }
  }
  return causes;
}

function unsupported(field: string, value: string, supported: readonly string[]): StatusCause {
  const list = supported.map((entry) => `"${entry}"`).join(", ");
  return {
    reason: "FieldValueNotSupported",
    message: `Unsupported value: "${value}": supported values: ${list}`,
    field,
  };
}
