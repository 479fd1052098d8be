import { randomInt } from "node:crypto";
import { stringify } from "yaml";

import { createServingCertificate } from "../tls/certificate.ts";
import type { ProxyContext } from "./context.ts";
import { exchange } from "./exchange.ts";
import { listen } from "./listener.ts";
import { createAnswerMemory } from "./memory.ts";
import {
  createRuleBook,
  type FaultRule,
  type Incident,
  type InjectedFault,
  type PlanEntry,
} from "./rules.ts";
import type { ProxiedRequest } from "./request.ts";
import { readTarget } from "./target.ts";
import { createTokenKeeper } from "./tokens.ts";
import { createUpstream } from "./upstream.ts";

export interface FaultProxyOptions {
  /** A kubeconfig's text: the API server to stand in front of, and the credentials to use there. */
  readonly target: string;
  /** Faults that happen to the next matching requests; more with `inject`. */
  readonly rules?: readonly FaultRule[];
  /** Random faults. The same seed, plan and requests give the same faults, in whatever order the requests come. */
  readonly plan?: readonly PlanEntry[];
  /**
   * The object that a request is about, for the draws of the plan. Default: `NAMESPACE/NAME`, with `-?` for the five random
   * characters at the end of a generated name; a collection is `NAMESPACE/`. Give your own where other parts of a name
   * change from run to run (a namespace made for the test).
   */
  readonly objectOf?: (request: ProxiedRequest) => string;
  /** 0 to 4294967295. Default: random; print `proxy.seed` when a test fails. */
  readonly seed?: number;
  /** Offer HTTP/2 beside HTTP/1.1. Default `true`, as an API server does. */
  readonly http2?: boolean;
  /** Keep the token in this file, and let the kubeconfig point there: clients then find new tokens by themselves. */
  readonly tokenFile?: string;
}

export interface FaultProxy {
  /** Leads clients through the proxy, with a token of its own. */
  readonly kubeconfig: string;
  readonly url: string;
  readonly seed: number;
  /** Every fault that happened, oldest first. At most the last 10,000. */
  readonly incidents: readonly Incident[];
  inject(rule: FaultRule): InjectedFault;
  /** From here on nothing breaks: all rules and the plan are gone. Faults under way go on. */
  heal(): void;
  /** Makes a new token; the old one is refused with 401. */
  issueToken(): string;
  /** Resets every connection. */
  disconnectAll(): void;
  /** Resets every connection and refuses new ones, as a server that is down; until `end()` on the same port. */
  outage(): Promise<{ end(): Promise<void> }>;
  close(): Promise<void>;
}

const MAX_INCIDENTS = 10_000;

/**
 * Starts a proxy that speaks like an API server on a port of 127.0.0.1, and breaks what passes.
 * What is not to be broken passes unchanged, except for upgrades (exec, attach, port-forward), which it does not carry.
 *
 * @throws KubeconfigError when `target` cannot be used.
 */
export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const target = readTarget(options.target);
  const seed = options.seed ?? randomInt(2 ** 32);
  const certificate = await createServingCertificate("claude-k8s fault proxy");
  const upstream = createUpstream(target);
  const tokens = createTokenKeeper(options.tokenFile ?? null);
  const rules = createRuleBook(seed, options.plan ?? [], options.objectOf);
  for (const rule of options.rules ?? []) rules.add(rule);
  const incidents: Incident[] = [];
  const listener = await listen({
    certificate,
    http2: options.http2 ?? true,
    onRequest: (request, response) => void exchange(context, request, response),
  });
  const context: ProxyContext = {
    rules,
    tokens,
    upstream,
    listener,
    memory: createAnswerMemory(),
    record: (incident) => {
      incidents.push(incident);
      if (incidents.length > MAX_INCIDENTS) incidents.shift();
    },
  };
  const url = `https://127.0.0.1:${listener.port}`;
  let listening = true;

  return {
    get kubeconfig() {
      const user =
        options.tokenFile === undefined ? { token: tokens.current } : { tokenFile: options.tokenFile };
      return kubeconfigFor(url, certificate.certificate, user, target.namespace);
    },
    url,
    seed,
    incidents,
    inject: (rule) => rules.add(rule),
    heal: () => rules.clear(),
    issueToken: () => tokens.issue(),
    disconnectAll: () => listener.disconnectAll(),
    async outage() {
      listening = false;
      await listener.stopListening();
      return {
        async end() {
          await listener.listenAgain();
          listening = true;
        },
      };
    },
    async close() {
      tokens.close();
      if (listening) await listener.stopListening();
      listening = false;
      upstream.close();
    },
  };
}

function kubeconfigFor(
  server: string,
  certificate: string,
  user: Readonly<Record<string, string>>,
  namespace: string | null,
): string {
  const name = "fault-proxy";
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [
      {
        name,
        cluster: { server, "certificate-authority-data": Buffer.from(certificate).toString("base64") },
      },
    ],
    users: [{ name, user }],
    contexts: [
      { name, context: { cluster: name, user: name, ...(namespace === null ? {} : { namespace }) } },
    ],
    "current-context": name,
  });
}
