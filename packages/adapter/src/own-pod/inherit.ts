/** What an agent's pod gets of the server's own, where no setting says otherwise. Pure. */

import type { LentVolume, OwnPod, RunSpec } from "@claude-k8s/k8s-runner";

import { isModelAddress } from "../operator/destinations.ts";
import type { OperatorFile } from "../operator/file-schema.ts";
import type { SettingKey } from "../settings/fields.ts";
import type { SettingOrigin } from "../settings/layers.ts";
import type { Settings } from "../settings/settings.ts";
import { type Inheritable, inheritable } from "../settings/values-pod.ts";
import type { ServerPod } from "./find.ts";
import { isProviderVariable, providerFiles } from "./provider.ts";

export interface Inheritance {
  /** What no setting has a name for. */
  readonly spec: Pick<RunSpec, "dnsPolicy" | "dnsConfig" | "volumes" | "volumeMounts" | "env">;
  readonly hostAliases: RunSpec["hostAliases"];
  /** Secrets with which images are pulled. */
  readonly pullLogins: readonly string[];
  /** Variables by references to keys of Secrets. */
  readonly keys: readonly { readonly variable: string; readonly secretName: string; readonly key: string }[];
  readonly lent: readonly LentVolume[];
  /** For people: each thing that was inherited, and each that could not be. */
  readonly notes: readonly string[];
}

export const nothingInherited: Inheritance = {
  spec: {},
  hostAliases: [],
  pullLogins: [],
  keys: [],
  lent: [],
  notes: [],
};

export interface Heir {
  readonly settings: Settings;
  readonly origins: ReadonlyMap<SettingKey, SettingOrigin>;
  /** Of each variable of `env`. */
  readonly envOrigins: Readonly<Record<string, SettingOrigin>>;
  readonly rules: OperatorFile;
  /** Of the run. */
  readonly namespace: string;
  /** Of the server. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function inheritFrom(
  serverPod: ServerPod,
  heir: Heir,
): { readonly settings: Settings; readonly inherited: Inheritance } {
  const { settings } = heir;
  if (serverPod.kind === "none") return { settings, inherited: nothingInherited };
  const { pod } = serverPod;
  const wanted = (name: Inheritable) => (settings.pod.inherit ?? inheritable).includes(name);
  const placement = placementOf(pod, settings, wanted);
  const image =
    wanted("image") && settings.pod.image === "" && pod.image !== ""
      ? { image: pod.image, imagePullPolicy: settings.pod.imagePullPolicy ?? pod.imagePullPolicy }
      : {};
  const names = wanted("dns") ? dnsOf(pod, settings) : {};
  const logins = wanted("pullLogins") ? pullLoginsOf(pod, heir) : { names: [], notes: [] };
  const provider = wanted("provider") ? providerOf(pod, heir) : nothingInherited;
  const told = Object.keys({ ...image, ...names, ...placement }).filter(
    (field) => field !== "imagePullPolicy",
  );
  return {
    settings: {
      ...settings,
      pod: {
        ...settings.pod,
        ...image,
        ...placement,
        registryLogins: [...settings.pod.registryLogins, ...logins.names],
      },
      envReferences: {
        ...settings.envReferences,
        ...Object.fromEntries(
          provider.keys.map(({ variable, secretName, key }) => [
            variable,
            { secretName, key, optional: true },
          ]),
        ),
      },
    },
    inherited: {
      ...provider,
      spec: { ...provider.spec, ...names },
      hostAliases: placement.hostAliases ?? [],
      pullLogins: logins.names,
      notes: [
        ...(told.length === 0 ? [] : [`From the server's pod ${pod.name}: ${told.join(", ")}`]),
        ...(logins.names.length === 0
          ? []
          : [`Images are pulled as by the server's pod: ${logins.names.join(", ")}`]),
        ...logins.notes,
        ...provider.notes,
      ],
    },
  };
}

type Wanted = (name: Inheritable) => boolean;

function placementOf(pod: OwnPod, { pod: own }: Settings, wanted: Wanted): Partial<Settings["pod"]> {
  const overlay = own.podTemplate?.spec ?? {};
  // Of affinity to pods, the server's keeps its own replicas apart.
  const nodeAffinity = pod.affinity?.nodeAffinity;
  return {
    ...(wanted("nodeSelector") &&
      isEmpty(own.nodeSelector) &&
      overlay.nodeSelector == null &&
      !isEmpty(pod.nodeSelector) && { nodeSelector: { ...pod.nodeSelector } }),
    ...(wanted("tolerations") &&
      own.tolerations.length === 0 &&
      overlay.tolerations == null &&
      pod.tolerations.length > 0 && { tolerations: [...pod.tolerations] as Settings["pod"]["tolerations"] }),
    ...(wanted("affinity") &&
      own.affinity === null &&
      overlay.affinity == null &&
      nodeAffinity != null && { affinity: { nodeAffinity } }),
    ...(wanted("runtimeClass") &&
      own.runtimeClassName === null &&
      overlay.runtimeClassName == null &&
      pod.runtimeClassName !== null && { runtimeClassName: pod.runtimeClassName }),
    ...(wanted("hostAliases") &&
      own.hostAliases.length === 0 &&
      overlay.hostAliases == null &&
      pod.hostAliases.length > 0 && { hostAliases: [...pod.hostAliases] as Settings["pod"]["hostAliases"] }),
  };
}

function isEmpty(values: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(values).length === 0;
}

/** What every pod has by itself is not told; a pod on the host's network has a policy that means nothing elsewhere. */
function dnsOf(
  { dnsPolicy, dnsConfig }: OwnPod,
  { pod }: Settings,
): Pick<RunSpec, "dnsPolicy" | "dnsConfig"> {
  const overlay = pod.podTemplate?.spec ?? {};
  if (overlay.dnsPolicy != null || overlay.dnsConfig != null) return {};
  const own = dnsPolicy === "None" || dnsPolicy === "Default";
  return { ...(own && { dnsPolicy }), ...(dnsConfig !== null && { dnsConfig }) };
}

function pullLoginsOf(
  pod: OwnPod,
  { settings, namespace }: Heir,
): { readonly names: readonly string[]; readonly notes: readonly string[] } {
  const given =
    settings.pod.registryLogins.length > 0 || settings.pod.podTemplate?.spec?.imagePullSecrets != null;
  if (given || pod.imagePullSecrets.length === 0) return { names: [], notes: [] };
  if (pod.namespace === namespace) return { names: pod.imagePullSecrets, notes: [] };
  const why = `its Secrets are in namespace ${pod.namespace}, and the run is in ${namespace}`;
  return { names: [], notes: [`The server's pod pulls images with logins that are not inherited: ${why}`] };
}

/** References to the keys of the model's provider, and files with its credentials: never values. */
function providerOf(pod: OwnPod, heir: Heir): Inheritance {
  const { settings, namespace, environment } = heir;
  const set = new Set([...Object.keys(settings.env), ...Object.keys(settings.envReferences)]);
  const keys = pod.secretVariables
    .filter(({ name }) => isProviderVariable(name) && !set.has(name))
    .map(({ name, secretName, key }) => ({ variable: name, secretName, key }));
  const files = providerFiles(environment, pod.mounts).filter(({ variable }) => !set.has(variable));
  if (keys.length === 0 && files.length === 0) return nothingInherited;
  const names = [...keys, ...files].map(({ variable }) => variable).join(", ");
  const why = reasonAgainst(heir, pod.namespace === namespace ? null : pod.namespace);
  if (why !== null)
    return { ...nothingInherited, notes: [`The server's ${names} are not inherited: ${why}`] };
  const volumes = files.map(({ mount }, index) =>
    Object.assign({}, mount.volume, { name: `inherited-${index}` }),
  );
  return {
    ...nothingInherited,
    keys,
    spec: {
      volumes,
      volumeMounts: files.map(({ mount }, index) => ({
        name: `inherited-${index}`,
        mountPath: mount.mountPath,
        readOnly: true,
        ...(mount.subPath !== null && mount.subPath !== "" && { subPath: mount.subPath }),
      })),
      env: Object.fromEntries(files.map(({ variable, path }) => [variable, path])),
    },
    lent: files.flatMap(({ mount }, index) => {
      const volume = volumes[index];
      return volume === undefined ? [] : [{ volume, subPaths: [mount.subPath ?? ""] }];
    }),
    notes: [`By reference from the server's pod ${pod.name}: ${names}`],
  };
}

/** Settings that say which program gets the keys, or where it sends them. */
const programSettings = ["image", "podTemplate", "initContainers", "extraContainers"] as const;

/** Whoever writes an agent's settings must not learn the server's keys by them. */
function reasonAgainst(
  { settings, origins, envOrigins, rules, namespace }: Heir,
  otherNamespace: string | null,
): string | null {
  if (otherNamespace !== null)
    return `their Secrets are in namespace ${otherNamespace}, and the run is in ${namespace}`;
  const references = origins.get("envReferences") === "agent" ? Object.keys(settings.envReferences) : [];
  const variables = Object.keys(settings.env).filter((name) => envOrigins[name] === "agent");
  const address = [...variables, ...references].find(isModelAddress);
  if (address !== undefined) return `${address} is set, and would say where they go`;
  const program = programSettings.find((key) => origins.get(key) === "agent");
  return program === undefined || rules.allow?.images !== undefined
    ? null
    : `the agent's own ${program} would get them (image in the operator's defaults, or allow.images, says which programs may)`;
}
