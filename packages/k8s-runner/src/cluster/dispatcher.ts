/** The client's dispatcher as we need it: HTTP/2, no timeouts on quiet streams, and a word when the server asks to leave. */

import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import type { PeerCertificate } from "node:tls";
import type {
  Agent as AgentClass,
  Dispatcher,
  Pool as PoolClass,
  ProxyAgent as ProxyAgentClass,
  buildConnector,
} from "undici";
import { connectTimeoutMilliseconds } from "../timings.ts";
import { isSocks, openThroughSocks } from "./socks.ts";
import type { TlsMaterial } from "./tls-material.ts";
import type { MakeDispatcher } from "./lane.ts";

export const headersTimeoutMilliseconds = 20_000;
/** From one run to the next. */
const idleMilliseconds = 60_000;

export interface DispatcherClasses {
  readonly Agent: typeof AgentClass;
  readonly Pool: typeof PoolClass;
  readonly ProxyAgent: typeof ProxyAgentClass;
  readonly buildConnector: typeof buildConnector;
}

export function dispatcherMaker(classes: DispatcherClasses): MakeDispatcher {
  const { Agent, Pool, ProxyAgent } = classes;
  return ({ tls, proxyUrl }, onLeave) => {
    const connect = connectOptionsOf(tls);
    const options = {
      allowH2: true,
      keepAliveTimeout: idleMilliseconds,
      headersTimeout: headersTimeoutMilliseconds,
      // It would end every quiet log and watch after five minutes; silence has watchdogs of its own.
      bodyTimeout: 0,
      factory(origin: string | URL, poolOptions: object): Dispatcher {
        const pool = new Pool(origin, poolOptions);
        pool.on("disconnect", (_origin, _targets, error) => {
          // Not in the middle of the client's own handling of it.
          if (/\bGOAWAY\b/.test(error.message)) queueMicrotask(onLeave);
        });
        return pool;
      },
    };
    if (proxyUrl !== null && isSocks(new URL(proxyUrl)))
      return new Agent({ ...options, connect: throughSocks(classes, new URL(proxyUrl), connect) });
    return proxyUrl === null
      ? new Agent({ ...options, connect })
      : new ProxyAgent({ ...options, uri: proxyUrl, requestTls: connect });
  };
}

function throughSocks(
  classes: Pick<DispatcherClasses, "buildConnector">,
  proxy: URL,
  options: buildConnector.BuildOptions,
): buildConnector.connector {
  const secure = classes.buildConnector({ ...options, allowH2: true });
  return (asked, made) => {
    const port = Number(asked.port || (asked.protocol === "https:" ? 443 : 80));
    openThroughSocks(proxy, { hostname: asked.hostname.replace(/^\[|\]$/g, ""), port }).then(
      (socket) =>
        asked.protocol === "https:" ? secure({ ...asked, httpSocket: socket }, made) : made(null, socket),
      (error: Error) => made(error, null),
    );
  };
}

/** How a connection to the API server is made. */
export function connectOptionsOf(tls: TlsMaterial): buildConnector.BuildOptions {
  return {
    ...tls,
    ...identityOf(tls.servername),
    keepAlive: true,
    keepAliveInitialDelay: 15_000,
    timeout: connectTimeoutMilliseconds,
  };
}

/** A `tls-server-name` may be an address, which a certificate can be for, but which may not be sent as a name (RFC 6066). */
function identityOf(serverName: string | undefined): object {
  if (serverName === undefined || isIP(serverName) === 0) return {};
  return {
    servername: undefined,
    checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
      checkServerIdentity(serverName, certificate),
  };
}
