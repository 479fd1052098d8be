/** Pods that differ from a passing one in one thing, and the rule of Pod Security that each breaks; `null`: it passes. */

import { jobManifest } from "../../src/index.ts";
import type { RunSpec } from "../../src/index.ts";

type Json = any;

export interface Variant {
  readonly name: string;
  /** Changes a passing pod template. */
  readonly change: (template: Json) => void;
  readonly breaks: string | null;
  readonly level?: "baseline" | "restricted";
}

export const passingSpec: RunSpec = {
  namespace: "n",
  slot: "s",
  runId: "r",
  image: "lab/base:1",
  command: ["true"],
};

export function passingTemplate(): Json {
  return JSON.parse(JSON.stringify(jobManifest(passingSpec).spec?.template));
}

export function variantOf({ change }: Variant): Json {
  const template = passingTemplate();
  change(template);
  return template;
}

const main = (template: Json): Json => template.spec.containers[0];
const own = (template: Json): Json => main(template).securityContext;
const another = (template: Json, more: Json = {}): Json => ({
  ...JSON.parse(JSON.stringify(main(template))),
  name: "another",
  ...more,
});
const volume = (source: Json) => (template: Json) => template.spec.volumes.push({ name: "extra", ...source });
const baseline = "baseline" as const;

function everyKindOfContainer(
  name: string,
  breaks: string,
  change: (container: Json) => void,
  level?: "baseline",
): readonly Variant[] {
  const row = (kind: string, put: (template: Json) => void): Variant => ({
    name: `${name}: ${kind}`,
    change: put,
    breaks,
    ...(level === undefined ? {} : { level }),
  });
  return [
    row("main", (template) => change(main(template))),
    row("beside main", (template) => {
      const container = another(template);
      change(container);
      template.spec.containers.push(container);
    }),
    row("init container", (template) => {
      const container = another(template);
      change(container);
      template.spec.initContainers = [container];
    }),
    row("sidecar", (template) => {
      const container = another(template, { restartPolicy: "Always" });
      change(container);
      template.spec.initContainers = [container];
    }),
  ];
}

export const variants: readonly Variant[] = [
  { name: "as the runner makes it", change: () => undefined, breaks: null },
  ...["hostNetwork", "hostPID", "hostIPC"].flatMap((field): Variant[] => [
    {
      name: field,
      change: ({ spec }) => {
        spec[field] = true;
        if (field === "hostPID") spec.shareProcessNamespace = false;
      },
      breaks: "hostNamespaces",
      level: baseline,
    },
    { name: `${field} false`, change: ({ spec }) => void (spec[field] = false), breaks: null },
  ]),
  ...everyKindOfContainer(
    "privileged",
    "privileged",
    (container) => {
      container.securityContext.privileged = true;
      container.securityContext.allowPrivilegeEscalation = true;
    },
    baseline,
  ),
  ...everyKindOfContainer("may escalate", "allowPrivilegeEscalation", ({ securityContext }) => {
    securityContext.allowPrivilegeEscalation = true;
  }),
  ...everyKindOfContainer("escalation not said", "allowPrivilegeEscalation", ({ securityContext }) => {
    delete securityContext.allowPrivilegeEscalation;
  }),
  ...everyKindOfContainer(
    "user 0",
    "runAsUser",
    ({ securityContext }) => void (securityContext.runAsUser = 0),
  ),
  ...everyKindOfContainer("runAsNonRoot false", "runAsNonRoot", ({ securityContext }) => {
    securityContext.runAsNonRoot = false;
  }),
  ...everyKindOfContainer("capabilities kept", "capabilities_restricted", ({ securityContext }) => {
    delete securityContext.capabilities;
  }),
  ...everyKindOfContainer(
    "SYS_ADMIN",
    "capabilities_baseline",
    ({ securityContext }) => void (securityContext.capabilities.add = ["SYS_ADMIN"]),
    baseline,
  ),
  ...everyKindOfContainer("CHOWN", "capabilities_restricted", ({ securityContext }) => {
    securityContext.capabilities.add = ["CHOWN"];
  }),
  ...everyKindOfContainer(
    "seccomp Unconfined",
    "seccompProfile_baseline",
    ({ securityContext }) => void (securityContext.seccompProfile = { type: "Unconfined" }),
    baseline,
  ),
  ...everyKindOfContainer(
    "host port",
    "hostPorts",
    (container) => void (container.ports = [{ containerPort: 80, hostPort: 8080 }]),
    baseline,
  ),
  ...everyKindOfContainer(
    "AppArmor Unconfined",
    "appArmorProfile",
    ({ securityContext }) => void (securityContext.appArmorProfile = { type: "Unconfined" }),
    baseline,
  ),
  ...everyKindOfContainer(
    "SELinux type",
    "seLinuxOptions",
    ({ securityContext }) => void (securityContext.seLinuxOptions = { type: "spc_t" }),
    baseline,
  ),
  {
    name: "capability NET_BIND_SERVICE",
    change: (template) => void (own(template).capabilities.add = ["NET_BIND_SERVICE"]),
    breaks: null,
  },
  {
    name: "drops all by hand",
    change: (template) => void (own(template).capabilities.drop = ["CHOWN", "KILL"]),
    breaks: "capabilities_restricted",
  },
  {
    name: "seccomp said by nobody",
    change: ({ spec }) => void delete spec.securityContext.seccompProfile,
    breaks: "seccompProfile_restricted",
  },
  {
    name: "seccomp said by the container alone",
    change: (template) => {
      delete template.spec.securityContext.seccompProfile;
      own(template).seccompProfile = { type: "RuntimeDefault" };
    },
    breaks: null,
  },
  {
    name: "seccomp Localhost",
    change: ({ spec }) =>
      void (spec.securityContext.seccompProfile = { type: "Localhost", localhostProfile: "a.json" }),
    breaks: null,
  },
  {
    name: "non-root said by nobody",
    change: ({ spec }) => void delete spec.securityContext.runAsNonRoot,
    breaks: "runAsNonRoot",
  },
  {
    name: "non-root said by the container alone",
    change: (template) => {
      delete template.spec.securityContext.runAsNonRoot;
      own(template).runAsNonRoot = true;
    },
    breaks: null,
  },
  {
    name: "the pod says false, the container true",
    change: (template) => {
      template.spec.securityContext.runAsNonRoot = false;
      own(template).runAsNonRoot = true;
    },
    breaks: "runAsNonRoot",
  },
  {
    name: "user 0 of the pod",
    change: ({ spec }) => void (spec.securityContext.runAsUser = 0),
    breaks: "runAsUser",
  },
  {
    name: "no user",
    change: ({ spec }) => void delete spec.securityContext.runAsUser,
    breaks: null,
  },
  {
    name: "procMount Unmasked",
    change: (template) => {
      template.spec.hostUsers = false;
      own(template).procMount = "Unmasked";
    },
    breaks: "procMount",
    level: baseline,
  },
  {
    name: "procMount Default",
    change: (template) => void (own(template).procMount = "Default"),
    breaks: null,
  },
  {
    name: "SELinux container_t",
    change: ({ spec }) => void (spec.securityContext.seLinuxOptions = { type: "container_t", level: "s0" }),
    breaks: null,
  },
  {
    name: "SELinux user",
    change: ({ spec }) => void (spec.securityContext.seLinuxOptions = { user: "system_u" }),
    breaks: "seLinuxOptions",
    level: baseline,
  },
  {
    name: "SELinux role",
    change: ({ spec }) => void (spec.securityContext.seLinuxOptions = { role: "system_r" }),
    breaks: "seLinuxOptions",
    level: baseline,
  },
  {
    name: "safe sysctl",
    change: ({ spec }) =>
      void (spec.securityContext.sysctls = [{ name: "net.ipv4.tcp_syncookies", value: "1" }]),
    breaks: null,
  },
  {
    name: "unsafe sysctl",
    change: ({ spec }) => void (spec.securityContext.sysctls = [{ name: "kernel.msgmax", value: "1" }]),
    breaks: "sysctls",
    level: baseline,
  },
  {
    name: "AppArmor by annotation",
    change: (template) =>
      void (template.metadata.annotations = {
        "container.apparmor.security.beta.kubernetes.io/main": "unconfined",
      }),
    breaks: "appArmorProfile",
    level: baseline,
  },
  {
    name: "AppArmor runtime default by annotation",
    change: (template) =>
      void (template.metadata.annotations = {
        "container.apparmor.security.beta.kubernetes.io/main": "runtime/default",
      }),
    breaks: null,
  },
  {
    name: "AppArmor of the pod",
    change: ({ spec }) => void (spec.securityContext.appArmorProfile = { type: "Unconfined" }),
    breaks: "appArmorProfile",
    level: baseline,
  },
  ...(["livenessProbe", "readinessProbe", "startupProbe"] as const).flatMap((probe): Variant[] => [
    {
      name: `${probe} of another host`,
      change: (template) => void (main(template)[probe] = { httpGet: { host: "169.254.169.254", port: 80 } }),
      breaks: "hostProbesAndHostLifecycle",
      level: baseline,
    },
    {
      name: `${probe} of its own`,
      change: (template) => void (main(template)[probe] = { tcpSocket: { port: 80 } }),
      breaks: null,
    },
  ]),
  ...(["postStart", "preStop"] as const).map((hook): Variant => ({
    name: `${hook} of another host`,
    change: (template) =>
      void (main(template).lifecycle = { [hook]: { httpGet: { host: "169.254.169.254", port: 80 } } }),
    breaks: "hostProbesAndHostLifecycle",
    level: baseline,
  })),
  {
    name: "hostPath",
    change: volume({ hostPath: { path: "/" } }),
    breaks: "hostPathVolumes",
    level: baseline,
  },
  { name: "nfs", change: volume({ nfs: { server: "a", path: "/" } }), breaks: "restrictedVolumes" },
  {
    name: "iscsi",
    change: volume({ iscsi: { targetPortal: "1.2.3.4:1", iqn: "iqn.2001-04.com.example:x", lun: 0 } }),
    breaks: "restrictedVolumes",
  },
  {
    name: "a volume of a kind that is not said",
    change: volume({}),
    breaks: null,
  },
  ...[
    { configMap: { name: "x" } },
    { secret: { secretName: "x" } },
    { emptyDir: {} },
    { downwardAPI: { items: [{ path: "labels", fieldRef: { fieldPath: "metadata.labels" } }] } },
    { persistentVolumeClaim: { claimName: "x" } },
    { projected: { sources: [{ serviceAccountToken: { path: "t" } }] } },
    { csi: { driver: "example.com" } },
    {
      ephemeral: {
        volumeClaimTemplate: {
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      },
    },
  ].map((source): Variant => ({
    name: `volume ${Object.keys(source)[0] ?? ""}`,
    change: volume(source),
    breaks: null,
  })),
];
