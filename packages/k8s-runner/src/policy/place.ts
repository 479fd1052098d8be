/** A field of a pod template with its path. Its value is whatever the JSON has there: nothing is assumed of its type. */

export interface Place {
  readonly field: string;
  readonly value: unknown;
}

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Kubernetes reads `null` as if the field were not there. */
export function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

/** Own fields only: what an object inherits is never sent. */
export function at(place: Place, ...names: readonly string[]): Place {
  return names.reduce<Place>(
    ({ field, value }, name) => ({
      field: field === "" ? name : `${field}.${name}`,
      value: isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined,
    }),
    place,
  );
}

/** The elements of a list; of anything else, none: `shapeViolations` refuses it. */
export function each({ field, value }: Place): readonly Place[] {
  if (!Array.isArray(value)) return [];
  return value.map((element: unknown, index) => ({ field: `${field}[${index}]`, value: element }));
}

export function entries(place: Place): readonly (Place & { readonly name: string })[] {
  if (!isObject(place.value)) return [];
  return Object.entries(place.value).map(([name, value]) => ({ field: at(place, name).field, name, value }));
}

const containerLists = ["initContainers", "containers", "ephemeralContainers"] as const;

/** Containers of every kind: sidecars are init containers. */
export function containersOf(template: Place): readonly Place[] {
  return containerLists.flatMap((list) => each(at(template, "spec", list)));
}

export function volumesOf(template: Place): readonly Place[] {
  return each(at(template, "spec", "volumes"));
}

/** The pod's own security context and that of each container. */
export function securityContextsOf(template: Place): readonly Place[] {
  return [
    at(template, "spec", "securityContext"),
    ...containersOf(template).map((container) => at(container, "securityContext")),
  ];
}

const longestValue = 120;

/** `null`: nothing is there. */
export function shown(value: unknown): string | null {
  if (isAbsent(value)) return null;
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= longestValue ? text : `${text.slice(0, longestValue - 1)}…`;
}
