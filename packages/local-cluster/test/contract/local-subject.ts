import { startLocalCluster } from "../../src/index.ts";
import { createHttpClient } from "./http-client.ts";
import { UNTIL_TERM, type Subject } from "./subject.ts";

const MISSING_IMAGE = "registry.invalid/absent:1";
const POWERLESS_TOKEN = `contract-${"p".repeat(8)}`;

export async function startLocalSubject(): Promise<{ subject: Subject; close(): Promise<void> }> {
  const cluster = await startLocalCluster({
    images: (image) => (image === MISSING_IMAGE ? { kind: "not-found" } : { kind: "present" }),
    users: [{ name: "system:serviceaccount:default:nobody", token: POWERLESS_TOKEN, rules: [] }],
    kubelet: { logCheckMilliseconds: 500 },
  });
  const client = createHttpClient(cluster.kubeconfig);
  const powerless = createHttpClient(cluster.kubeconfigFor("system:serviceaccount:default:nobody"));
  const subject: Subject = {
    kind: "local",
    client,
    powerless,
    nodeName: "node-1",
    image: "lab/base:1",
    missingImage: MISSING_IMAGE,
    control: {
      restart: (part) =>
        part === "apiserver"
          ? cluster.apiServer.restart({ downMilliseconds: 200, loseWatchHistory: true })
          : cluster.kubelet.restart({ downMilliseconds: 500 }),
    },
    local: cluster,
    async forgottenVersion() {
      cluster.apiServer.compact();
      return "1";
    },
    diskEviction: () => ({
      container: UNTIL_TERM,
      afterStart: (namespace, name) =>
        cluster.kubelet.evict({ namespace, name }, { resource: "ephemeral-storage" }),
    }),
  };

  return {
    subject,
    async close() {
      client.close();
      powerless.close();
      await cluster.close();
    },
  };
}
