import { startLocalCluster } from "../../src/index.ts";
import { createHttpClient } from "./http-client.ts";
import { sh, UNTIL_TERM, type Subject } from "./subject.ts";

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
    outOfMemory: (which) => ({
      container: which === "main" ? UNTIL_TERM : sh("echo started; sleep 2; exit 0"),
      afterStart: async (namespace, name) => {
        await untilRunning(`/api/v1/namespaces/${namespace}/pods/${name}`);
        await cluster.kubelet.oomKill({ namespace, name }, { child: which === "child" });
      },
    }),
    diskEviction: () => ({
      container: UNTIL_TERM,
      afterStart: (namespace, name) =>
        cluster.kubelet.evict({ namespace, name }, { resource: "ephemeral-storage" }),
    }),
  };

  async function untilRunning(path: string): Promise<void> {
    for (;;) {
      const pod = await client.get(path);
      if (pod.json.status?.containerStatuses?.[0]?.state?.running !== undefined) return;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  return {
    subject,
    async close() {
      client.close();
      powerless.close();
      await cluster.close();
    },
  };
}
