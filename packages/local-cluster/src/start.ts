import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccess } from "./api/access.ts";
import { createListener } from "./api/http/server.ts";
import { createRegistry } from "./api/registry.ts";
import { createHandler, createTraffic } from "./api/server.ts";
import { createStrategies } from "./api/strategy.ts";
import { createSteppedClock, createSystemClock } from "./clock.ts";
import { createNamespaces, startControllers } from "./controllers/start.ts";
import { createEvents } from "./controllers/events.ts";
import { createApiServerControls, createSchedulerControls } from "./control-plane.ts";
import { createKubeletControls } from "./controls.ts";
import { UnknownObjectError } from "./errors.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import type { Kubelet } from "./kubelet/kubelet.ts";
import { createNodeStarter } from "./kubelet/start-node.ts";
import { startReaper } from "./kubelet/reaper.ts";
import type { LocalClusterOptions } from "./options.ts";
import { createStore } from "./store/store.ts";
import { createServingCertificate } from "./tls/certificate.ts";
import type { LocalCluster } from "./types.ts";

/**
 * Starts a cluster on 127.0.0.1: an API server, its controllers, and nodes whose containers are processes of this
 * machine (or scripts). Close it when done; if this process is killed, the containers die with it.
 */
export async function startLocalCluster(options: LocalClusterOptions = {}): Promise<LocalCluster> {
  // The nodes' clocks do not go with the API server's: each may be set wrong by itself.
  const base = options.clock ?? createSystemClock();
  const clock = createSteppedClock(base);
  const store = createStore(options.watchHistoryLimit ?? 10_000);
  const admission = options.admission ?? {};
  const registry = createRegistry(store, clock, createStrategies(store, admission));
  const events = createEvents(store, clock);
  const access = createAccess(options.users ?? []);
  const traffic = createTraffic();
  const kubelets = new Map<string, Kubelet>();
  const certificate = await createServingCertificate("kube-apiserver");
  const listener = await createListener(
    certificate,
    options.port ?? 0,
    createHandler(
      {
        registry,
        access,
        kubelets,
        watch: { bookmarkIntervalMilliseconds: options.bookmarkIntervalMilliseconds ?? 60_000 },
        address: () => `127.0.0.1:${listener.port}`,
      },
      traffic,
    ),
  );
  const directory = makeDirectory(options.kubelet?.directory ?? tmpdir());
  const reaper = startReaper(directory);
  const recorderFor = (node: string) => events({ component: "kubelet", host: node });
  const addNode = createNodeStarter(
    { registry, base, reaper, directory, port: listener.port, kubelets, recorderFor },
    options,
  );
  const controllers = startControllers(registry, base, events, options);
  createNamespaces(registry, options.namespaces ?? []);
  for (const node of options.nodes ?? [{ name: "node-1" }]) addNode(node);

  const url = () => `https://127.0.0.1:${listener.port}`;
  const kubeconfig = (token: string) => kubeconfigText(url(), certificate.certificate, token);
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    controllers.stop();
    for (const request of traffic.open) request.abort();
    await Promise.all([listener.stop(), ...[...kubelets.values()].map((kubelet) => kubelet.close())]);
    await reaper.close();
    rmSync(directory, { recursive: true, force: true });
  }

  const cluster: LocalCluster = {
    get kubeconfig() {
      return kubeconfig(access.adminToken());
    },
    get url() {
      return url();
    },
    certificateAuthority: certificate.certificate,
    get token() {
      return access.adminToken();
    },
    clock,
    kubelet: createKubeletControls(registry, kubelets, recorderFor),
    apiServer: createApiServerControls(listener, store, clock, () => kubeconfig(access.rotate())),
    scheduler: createSchedulerControls(registry, controllers.scheduler, addNode),
    kubeconfigFor(user) {
      const token = access.tokenOf(user);
      if (token === undefined) throw new UnknownObjectError(`no user ${user}`);
      return kubeconfig(token);
    },
    inspect: () => ({
      objects: store.counts(),
      processes: [...kubelets.values()].flatMap((kubelet) => kubelet.processes()),
      connections: listener.connections(),
      watches: traffic.watches,
      follows: traffic.follows,
      requests: Object.fromEntries(traffic.requests),
      resourceVersion: store.resourceVersion(),
      directory,
    }),
    close: () => (closing ??= close()),
    [Symbol.asyncDispose]: () => (closing ??= close()),
  };
  return cluster;
}

/** Where the nodes keep what their containers write; removed when the cluster is closed. */
function makeDirectory(parent: string): string {
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "local-cluster-"));
}
