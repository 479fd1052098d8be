/** Ports of this machine, and how pods reach what listens on loopback only. */

import { type AddressInfo, type Server, connect, createServer } from "node:net";
import { once } from "node:events";
import { machine } from "./machine.ts";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** A server without login listens on loopback only; the pods of its agents find it at this machine's other address. */
export async function forwardFromPods(port: number): Promise<Server> {
  const server = createServer((client) => {
    const own = connect(port, "127.0.0.1");
    client.pipe(own).pipe(client);
    client.on("error", () => own.destroy());
    own.on("error", () => client.destroy());
  }).listen(port, machine.addressForPods);
  await once(server, "listening");
  return server;
}
