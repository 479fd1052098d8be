import { createServer, type Server } from "node:https";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { stringify } from "yaml";

import { createServingCertificate } from "../../src/tls/certificate.ts";

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface StubServer {
  readonly kubeconfig: string;
  /** "METHOD /path?query", in order of arrival. */
  readonly requests: readonly string[];
  readonly server: Server;
  handle(handler: Handler): void;
  close(): void;
}

/** A scripted HTTPS server: the proxy's tests say byte by byte what comes from behind. */
export async function startStubServer(handler: Handler): Promise<StubServer> {
  const certificate = await createServingCertificate("stub");
  const token = `stub-${"t".repeat(12)}`;
  const requests: string[] = [];
  let current = handler;
  const server = createServer(
    { cert: certificate.certificate, key: certificate.key },
    (request, response) => {
      requests.push(`${request.method ?? ""} ${request.url ?? ""}`);
      if (request.headers.authorization === `Bearer ${token}`) current(request, response);
      else response.writeHead(401).end();
    },
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const authority = Buffer.from(certificate.certificate).toString("base64");
  return {
    kubeconfig: stringify({
      "current-context": "stub",
      clusters: [
        {
          name: "stub",
          cluster: { server: `https://127.0.0.1:${port}`, "certificate-authority-data": authority },
        },
      ],
      users: [{ name: "stub", user: { token } }],
      contexts: [{ name: "stub", context: { cluster: "stub", user: "stub" } }],
    }),
    requests,
    server,
    handle: (next) => {
      current = next;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
