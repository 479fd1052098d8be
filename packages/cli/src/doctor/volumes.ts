import { CoreV1Api, type KubeConfig, StorageV1Api, type V1StorageClass } from "@kubernetes/client-node";

import { reasonOf } from "./api-facts.ts";
import { type Check, unknown } from "./check.ts";

/**
 * Provisioners whose volumes several nodes mount at once, as their own documentation says. Kubernetes does not tell it of a class, and
 * the API server takes a claim that nobody will ever be able to serve.
 */
const sharing =
  /(?:^|[./-])(?:nfs|efs|azurefile|azure-file|file\.csi\.azure|filestore|cephfs|glusterfs|lustre|fsx|juicefs|smb|quobyte|beegfs|longhorn)(?=$|[./-])/i;

export function canBeShared({ provisioner }: Pick<V1StorageClass, "provisioner">): boolean {
  return sharing.test(provisioner);
}

const defaultMark = "storageclass.kubernetes.io/is-default-class";

/** What modes with volume claims would get here: only `workspaceMode: claim` and `shared` need one, so nothing of it is an error. */
export async function volumeCheck(config: KubeConfig, namespace: string): Promise<Check> {
  try {
    const { items } = await config.makeApiClient(StorageV1Api).listStorageClass();
    const refusal = items.length === 0 ? null : await refusalOfClaim(config, namespace);
    return judgeVolumes(items, refusal, namespace);
  } catch (error) {
    return unknown("volumes", title, `not known: ${reasonOf(error)}`);
  }
}

const title = "Volumes";

/** `refusal`: what the API server has against a claim in this namespace. */
export function judgeVolumes(
  classes: readonly V1StorageClass[],
  refusal: string | null,
  namespace: string,
): Check {
  const usual = classes.find(({ metadata }) => metadata?.annotations?.[defaultMark] === "true");
  const shared = classes.filter(canBeShared).map(nameOf);
  const sharedWords =
    shared.length === 0
      ? "no class is known to be mounted on several nodes at once (ReadWriteMany)"
      : `on several nodes at once (ReadWriteMany): ${shared.join(", ")}`;
  const warning = (found: string, fix: readonly string[]): Check => ({
    code: "volumes",
    level: "warning",
    title,
    found,
    fix,
  });
  const otherModes = "the workspace modes copied, repository and empty need none";
  if (classes.length === 0)
    return warning(`there is no storage class: a claim of an agent stays without a volume; ${otherModes}`, [
      "kubectl get storageclass",
    ]);
  if (refusal !== null)
    return warning(`a claim would be refused: ${refusal}; ${otherModes}`, [
      `kubectl -n ${namespace} describe resourcequota,limitrange`,
    ]);
  if (usual === undefined)
    return warning(
      `no storage class is the default one, so a claim must name one of ${classes.map(nameOf).join(", ")} (setting workspaceClaimClass); ${sharedWords}`,
      [`kubectl annotate storageclass ${nameOf(classes[0])} ${defaultMark}=true`],
    );
  return {
    code: "volumes",
    level: "ok",
    title,
    found: `a claim gets one of class ${nameOf(usual)}${canBeShared(usual) ? "" : ", for one node at a time (ReadWriteOnce)"}; ${sharedWords}`,
    fix: [],
  };
}

function nameOf(one: V1StorageClass | undefined): string {
  return one?.metadata?.name ?? "";
}

/** A dry run: quota, limits and admission have their say, and nothing is made. A claim that may not be tried is not refused. */
async function refusalOfClaim(config: KubeConfig, namespace: string): Promise<string | null> {
  try {
    await config.makeApiClient(CoreV1Api).createNamespacedPersistentVolumeClaim({
      namespace,
      dryRun: "All",
      body: {
        metadata: { generateName: "doctor-" },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      },
    });
    return null;
  } catch (error) {
    return isRefusal(error) ? wordsOf(error) : null;
  }
}

interface Refusal {
  readonly code: number;
  readonly body: unknown;
}

/** 403 is also the answer to an account without the right, which has a check of its own. */
function isRefusal(error: unknown): error is Refusal {
  const { code } = error as Partial<Refusal>;
  return code === 422 || (code === 403 && !/cannot create resource/.test(wordsOf(error as Refusal)));
}

function wordsOf({ body }: Refusal): string {
  try {
    const { message } = JSON.parse(String(body)) as { readonly message?: string };
    return message ?? "for a reason that it does not say";
  } catch {
    return String(body).slice(0, 300);
  }
}
