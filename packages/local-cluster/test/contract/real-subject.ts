import { exec } from "node:child_process";
import { promisify } from "node:util";

import { createHttpClient, type HttpClient } from "./http-client.ts";
import { sh, type Control, type Subject } from "./subject.ts";

/** A real cluster: one node, with the image lab/base:1 (busybox and node) on it. */
export async function createRealSubject(
  kubeconfig: string,
): Promise<{ subject: Subject; close(): Promise<void> }> {
  const client = createHttpClient(kubeconfig);
  const nodes = await client.get("/api/v1/nodes");
  const subject: Subject = {
    kind: "real",
    client,
    powerless: impersonating(client),
    nodeName: nodes.json.items[0].metadata.name,
    image: "lab/base:1",
    missingImage: "registry.invalid/absent:1",
    control: controlBy(process.env["CLUSTER_CONTROL"], client),
    local: null,
    // The API server's watch cache begins with its start, and the first versions were written before.
    forgottenVersion: async () => "1",
    diskEviction: () => ({
      container: {
        ...sh(
          "echo writing; dd if=/dev/zero of=/tmp/big bs=1M count=60 2>/dev/null; trap 'exit 143' TERM; sleep 600 & wait",
        ),
        resources: { limits: { "ephemeral-storage": "20Mi" } },
      },
      afterStart: async () => {},
    }),
  };
  return { subject, close: async () => client.close() };
}

/** Runs `COMMAND restart PART` in a shell, and waits until the API server and the node answer again. */
function controlBy(command: string | undefined, client: HttpClient): Control | null {
  if (command === undefined || command === "") return null;
  return {
    async restart(part) {
      await promisify(exec)(`${command} restart ${part}`);
      const answers = async (): Promise<boolean> => {
        const nodes = await client.get("/api/v1/nodes").catch(() => null);
        return nodes?.status === 200;
      };
      while (!(await answers())) await new Promise((resolve) => setTimeout(resolve, 200));
    },
  };
}

/** The same connection as a service account that no role names. */
function impersonating(client: HttpClient): HttpClient {
  const headers = {
    "content-type": "application/json",
    "impersonate-user": "system:serviceaccount:default:nobody",
    "impersonate-group": "system:authenticated",
  };
  return {
    ...client,
    get: (path) => client.send("GET", path, { headers }),
    post: (path, body) => client.send("POST", path, { headers, body: JSON.stringify(body) }),
  };
}
