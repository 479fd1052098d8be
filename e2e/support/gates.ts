/** Gates in pods that a test opens: what waits there goes on when the test says so, and not after some time. */

import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { machine } from "./machine.ts";

export interface Gates {
  /** A shell command that ends when the gate is open. Needs busybox in the image. */
  waitAt(name: string): string;
  open(name: string): void;
  close(): void;
}

export async function createGates(): Promise<Gates> {
  const open = new Set<string>();
  const server = createServer((request, response) => {
    response.writeHead(open.has(request.url?.slice(1) ?? "") ? 200 : 503).end();
  }).listen(0, machine.addressForPods);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    waitAt: (name) =>
      `until wget -q -O /dev/null http://${machine.addressForPods}:${port}/${name}; do sleep 1; done`,
    open: (name) => void open.add(name),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
