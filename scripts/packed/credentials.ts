/** The client library, which the adapter's bundle has in a file of its own, is found and works: a kubeconfig has a user that needs it. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execute, problemOf } from "./execute.ts";
import type { Check } from "./project.ts";

const adapter = "paperclip-adapter-claude-k8s";
const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
/** Unsigned, and valid until 2099. */
const token = `${part({ alg: "none" })}.${part({ exp: 4_070_908_800 })}.${part({})}`;

export const credentials: Check = async function* ({ folder, tested, oldestNode, oldestVersion }) {
  if (tested.name !== adapter) return;
  const seen = new Set<string>();
  const server = createServer((request, response) => {
    seen.add(request.headers.authorization ?? "none");
    response.writeHead(403, { "content-type": "application/json" }).end('{"kind":"Status","code":403}');
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const kubeconfig = join(folder, "auth-provider.json");
    await writeFile(kubeconfig, kubeconfigFor((server.address() as AddressInfo).port), { mode: 0o600 });
    const code = `const { createServerAdapter } = await import("${adapter}");
      await createServerAdapter().testEnvironment({ companyId: "c", adapterType: "claude_k8s", config: {} });`;
    const ended = await execute(oldestNode, ["--input-type=module", "--eval", code], {
      cwd: folder,
      env: { KUBECONFIG: kubeconfig },
    });
    const unasked = seen.has(`Bearer ${token}`)
      ? null
      : `the server was asked with: ${[...seen].join(", ") || "nothing"}\n${ended.stderr}`;
    yield {
      name: `an auth-provider of a kubeconfig on Node ${oldestVersion}`,
      problem: problemOf(ended) ?? unasked,
    };
  } finally {
    server.closeAllConnections();
    server.close();
  }
};

/** JSON is YAML, too. */
function kubeconfigFor(port: number): string {
  const provider = {
    name: "oidc",
    config: { "id-token": token, "idp-issuer-url": "https://issuer.example", "client-id": "c" },
  };
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "here", cluster: { server: `http://127.0.0.1:${port}` } }],
    users: [{ name: "me", user: { "auth-provider": provider } }],
    contexts: [{ name: "here", context: { cluster: "here", user: "me" } }],
    "current-context": "here",
  });
}
