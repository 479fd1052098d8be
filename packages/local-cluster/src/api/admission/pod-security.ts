import type { Container, PodSpec } from "../../objects/types.ts";
import type { Store } from "../../store/store.ts";

type Level = "privileged" | "baseline" | "restricted";

interface SecurityContext {
  privileged?: boolean;
  allowPrivilegeEscalation?: boolean;
  runAsNonRoot?: boolean;
  runAsUser?: number;
  capabilities?: { drop?: string[]; add?: string[] };
  seccompProfile?: { type?: string };
}

const restrictedVolumes = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

/** The level that the namespace's label enforces; an unknown one is taken for the strictest, as the real plugin does. */
export function enforcedLevel(store: Store, namespace: string): Level {
  const labels = store.get("namespaces", "", namespace)?.metadata.labels ?? {};
  const level = labels["pod-security.kubernetes.io/enforce"] ?? "privileged";
  return level === "privileged" || level === "baseline" ? level : "restricted";
}

/** The Pod Security checks that a runner meets, in the words of the admission plugin. */
export function violations(level: Level, spec: PodSpec): string[] {
  if (level === "privileged") return [];
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const found: string[] = [];
  const pod = (spec.securityContext ?? {}) as SecurityContext;
  const flag = (test: (context: SecurityContext) => boolean) =>
    containers.filter((container) => test(contextOf(container))).map((container) => container.name);

  const privileged = flag((context) => context.privileged === true);
  if (privileged.length > 0) {
    found.push(`privileged (${subject(privileged)} must not set securityContext.privileged=true)`);
  }
  const host = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((key) => spec[key] === true);
  if (host.length > 0) found.push(`host namespaces (${host.map((key) => `${key}=true`).join(", ")})`);
  const hostPaths = (spec.volumes ?? []).filter((volume) => volume.hostPath !== undefined);
  if (hostPaths.length > 0) {
    found.push(`hostPath volumes (${hostPaths.map((volume) => `volume "${volume.name}"`).join(", ")})`);
  }
  if (level === "baseline") return found;

  const escalating = flag((context) => context.allowPrivilegeEscalation !== false);
  if (escalating.length > 0) {
    found.push(
      `allowPrivilegeEscalation != false (${subject(escalating)} must set securityContext.allowPrivilegeEscalation=false)`,
    );
  }
  const capable = flag((context) => !(context.capabilities?.drop ?? []).includes("ALL"));
  if (capable.length > 0) {
    found.push(
      `unrestricted capabilities (${subject(capable)} must set securityContext.capabilities.drop=["ALL"])`,
    );
  }
  const volumes = (spec.volumes ?? []).filter((volume) =>
    Object.keys(volume).some((key) => key !== "name" && !restrictedVolumes.has(key)),
  );
  if (volumes.length > 0) {
    found.push(
      `restricted volume types (${volumes.map((volume) => `volume "${volume.name}" uses restricted volume type "${Object.keys(volume).find((key) => key !== "name")}"`).join(", ")})`,
    );
  }
  const asRoot = flag((context) => context.runAsNonRoot !== true && pod.runAsNonRoot !== true);
  if (asRoot.length > 0) {
    found.push(`runAsNonRoot != true (pod or ${subject(asRoot)} must set securityContext.runAsNonRoot=true)`);
  }
  const unconfined = flag(
    (context) => context.seccompProfile?.type === undefined && pod.seccompProfile?.type === undefined,
  );
  if (unconfined.length > 0) {
    found.push(
      `seccompProfile (pod or ${subject(unconfined)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")`,
    );
  }
  return found;
}

function contextOf(container: Container): SecurityContext {
  return container.securityContext ?? {};
}

function subject(names: readonly string[]): string {
  const quoted = names.map((name) => `"${name}"`).join(", ");
  return names.length === 1 ? `container ${quoted}` : `containers ${quoted}`;
}
