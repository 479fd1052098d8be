import { namespaceOfOwnPod } from "../cluster-connection.ts";
import type { Connections } from "../connections.ts";
import { adapterType } from "../host/adapter-type.ts";
import type { HostServer } from "../host/server.ts";
import { choiceFor } from "../operator/place.ts";
import { ownServerOrigin } from "../server-address.ts";
import { keepLooking } from "./keep-looking.ts";
import { keyFromSecret } from "./key-from-secret.ts";
import { createLeftovers, keepSweeping } from "./leftovers.ts";
import type { RestartMemory } from "./memory.ts";
import type { OpenPlace } from "./places.ts";
import { createSuccessors } from "./successors.ts";
import { usualPlaces } from "./usual-places.ts";

export interface LookAfterOptions {
  /** `null`: the server has no folder to keep it in. */
  readonly memory: RestartMemory | null;
  readonly connections: Connections;
  readonly server: HostServer;
  /** One line for the server's log. */
  readonly log: (line: string) => void;
}

/**
 * What earlier server processes left: the agents of runs that outlived them are woken, so that the next `execute()` takes their Jobs
 * over; what nobody owns any more is announced in the log, and then removed.
 */
export function lookAfterEarlierServers({ memory, connections, server, log }: LookAfterOptions): {
  close(): Promise<void>;
} {
  const open: OpenPlace = async (place) => connections.open(await choiceFor(place, server));
  const usual = async () => usualPlaces(await server.operator.word(), namespaceOfOwnPod());
  const sweeping = keepSweeping(
    createLeftovers({ remembered: async () => (await memory?.places()) ?? [], usual, open, log }),
  );
  const looking =
    memory === null
      ? null
      : keepLooking(
          createSuccessors({
            memory,
            adapterType,
            open,
            usualPlaces: usual,
            keyFromSecret,
            server: () => ownServerOrigin(process.env),
            log,
            now: () => performance.now(),
          }),
          log,
        );
  return {
    async close() {
      await Promise.all([sweeping.close(), looking?.close()]);
    },
  };
}
