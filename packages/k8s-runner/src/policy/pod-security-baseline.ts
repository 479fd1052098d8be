/** Pod Security "baseline" as Kubernetes 1.34 has it: https://kubernetes.io/docs/concepts/security/pod-security-standards/ */

import { isAbsentOr, isFalse, isProfile, ofContainers, ofContexts, ofPod } from "./control.ts";
import type { Control } from "./control.ts";
import { at, each, entries, isAbsent, volumesOf } from "./place.ts";
import type { Place } from "./place.ts";

const baselineCapabilities: ReadonlySet<unknown> = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);
const safeSysctls: ReadonlySet<unknown> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ping_group_range",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.tcp_wmem",
]);
export function capabilitiesAdded(template: Place): readonly Place[] {
  return ofContainers("securityContext", "capabilities", "add")(template).flatMap(each);
}

/** Where a probe or a hook connects to: a host of its choice is a way past the network policies. */
function hostsOfProbes(template: Place): readonly Place[] {
  return [
    ["livenessProbe"],
    ["readinessProbe"],
    ["startupProbe"],
    ["lifecycle", "postStart"],
    ["lifecycle", "preStop"],
  ]
    .flatMap((handler) => ofContainers(...handler)(template))
    .flatMap((handler) => [at(handler, "httpGet", "host"), at(handler, "tcpSocket", "host")]);
}

function appArmorAnnotations(template: Place): readonly Place[] {
  return entries(at(template, "metadata", "annotations")).filter(({ name }) =>
    name.startsWith("container.apparmor.security.beta.kubernetes.io/"),
  );
}

export const baselineControls: readonly Control[] = [
  ...["hostNetwork", "hostPID", "hostIPC"].map((name): Control => ({
    rule: "hostNamespaces",
    requirement: "must be absent or false",
    places: ofPod(name),
    allows: isFalse,
  })),
  {
    rule: "windowsHostProcess",
    requirement: "must be absent or false",
    places: ofContexts("windowsOptions", "hostProcess"),
    allows: isFalse,
  },
  {
    rule: "privileged",
    requirement: "must be absent or false",
    places: ofContainers("securityContext", "privileged"),
    allows: isFalse,
  },
  {
    rule: "capabilities_baseline",
    requirement: `must be one of ${[...baselineCapabilities].join(", ")}`,
    places: capabilitiesAdded,
    allows: (value) => baselineCapabilities.has(value),
  },
  {
    rule: "hostPathVolumes",
    requirement: "must be absent",
    places: (template) => volumesOf(template).map((volume) => at(volume, "hostPath")),
    allows: isAbsent,
  },
  {
    rule: "hostPorts",
    requirement: "must be absent or 0",
    places: (template) =>
      ofContainers("ports")(template)
        .flatMap(each)
        .map((port) => at(port, "hostPort")),
    allows: isAbsentOr(0),
  },
  {
    rule: "hostProbesAndHostLifecycle",
    requirement: "must be absent or empty",
    places: hostsOfProbes,
    allows: isAbsentOr(""),
  },
  {
    rule: "appArmorProfile",
    requirement: 'must be "runtime/default" or begin with "localhost/"',
    places: appArmorAnnotations,
    allows: (value) =>
      value === "" ||
      value === "runtime/default" ||
      (typeof value === "string" && value.startsWith("localhost/")),
  },
  {
    rule: "appArmorProfile",
    requirement: "must be RuntimeDefault or Localhost",
    places: (template) =>
      ofContexts("appArmorProfile")(template)
        .filter(({ value }) => !isAbsent(value))
        .map((profile) => at(profile, "type")),
    allows: isProfile,
  },
  {
    rule: "seLinuxOptions",
    requirement: "must be absent, container_t, container_init_t, container_kvm_t or container_engine_t",
    places: ofContexts("seLinuxOptions", "type"),
    allows: isAbsentOr("", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"),
  },
  ...["user", "role"].map((name): Control => ({
    rule: "seLinuxOptions",
    requirement: "must be absent",
    places: ofContexts("seLinuxOptions", name),
    allows: isAbsentOr(""),
  })),
  {
    rule: "procMount",
    requirement: "must be absent or Default",
    places: ofContainers("securityContext", "procMount"),
    allows: isAbsentOr("Default"),
  },
  {
    rule: "seccompProfile_baseline",
    requirement: "must be RuntimeDefault or Localhost",
    places: (template) =>
      ofContexts("seccompProfile")(template)
        .filter(({ value }) => !isAbsent(value))
        .map((profile) => at(profile, "type")),
    allows: isProfile,
  },
  {
    rule: "sysctls",
    requirement: `must be one of ${[...safeSysctls].join(", ")}`,
    places: (template) =>
      each(at(template, "spec", "securityContext", "sysctls")).map((sysctl) => at(sysctl, "name")),
    allows: (value) => safeSysctls.has(value),
  },
];
