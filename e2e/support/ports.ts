/** How pods reach what listens on loopback only. */

import { type Server, connect, createServer } from "node:net";
import { once } from "node:events";
import { machine } from "./machine.ts";

interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Pods find at this machine's other address what listens on loopback only, as a server without login does, or wherever `target` says
 * at the moment; `null`: nowhere.
 */
export async function forwardFromPods(
  port: number,
  target: () => Promise<Place | null> = async () => ({ host: "127.0.0.1", port }),
): Promise<Server> {
  const server = createServer((client) => {
    client.on("error", () => client.destroy());
    void target()
      .catch(() => null)
      .then((place) => {
        if (place === null) return client.destroy();
        const own = connect(place.port, place.host);
        client.pipe(own).pipe(client);
        client.on("close", () => own.destroy());
        return own.on("error", () => client.destroy());
      });
  }).listen(port, machine.addressForPods);
  await once(server, "listening");
  return server;
}
