import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAccess } from "./api/access.ts";
import { disrupt } from "./api/eviction.ts";
import { createListener } from "./api/http/server.ts";
import { createRegistry } from "./api/registry.ts";
import { resourceOf } from "./api/resources.ts";
import { createHandler, createTraffic } from "./api/server.ts";
import { createStrategies } from "./api/strategy.ts";
import { createSteppedClock, createSystemClock } from "./clock.ts";
import { startNamespaceController, startTtlController } from "./controllers/clean-up.ts";
import { createEvents } from "./controllers/events.ts";
import { startGarbageCollector } from "./controllers/garbage-collector.ts";
import { startJobController } from "./controllers/job.ts";
import { startNodeLifecycle } from "./controllers/node-lifecycle.ts";
import { startQuotaController } from "./controllers/quota.ts";
import { startScheduler } from "./controllers/scheduler.ts";
import { startTaintEviction } from "./controllers/taint-eviction.ts";
import { createKubeletControls } from "./controls.ts";
import { UnknownObjectError } from "./errors.ts";
import { kubeconfigText } from "./kubeconfig.ts";
import { startKubelet, type Kubelet } from "./kubelet/kubelet.ts";
import { createNodeClock } from "./kubelet/node-clock.ts";
import { nodeObject } from "./kubelet/node-object.ts";
import { startReaper } from "./kubelet/reaper.ts";
import type { ApiObject } from "./objects/types.ts";
import type { LocalClusterOptions, NodeOptions } from "./options.ts";
import { createStore } from "./store/store.ts";
import { createServingCertificate } from "./tls/certificate.ts";
import type { LocalCluster } from "./types.ts";

const logMaxBytes = 10 * 1024 * 1024;

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
  const parent = options.kubelet?.directory ?? tmpdir();
  mkdirSync(parent, { recursive: true });
  const directory = mkdtempSync(join(parent, "local-cluster-"));
  const reaper = startReaper(directory);
  const settings = {
    logMaxBytes: options.kubelet?.logMaxBytes ?? logMaxBytes,
    logMaxFiles: options.kubelet?.logMaxFiles ?? 5,
    startMilliseconds: options.kubelet?.startMilliseconds ?? 0,
    terminatedDelayMilliseconds: options.kubelet?.terminatedDelayMilliseconds ?? 0,
    followLimit: options.kubelet?.followLimit ?? null,
  };
  const nodeGraceMilliseconds = options.nodeGraceMilliseconds ?? 40_000;
  const intervals = {
    logCheckMilliseconds: options.kubelet?.logCheckMilliseconds ?? 10_000,
    heartbeatMilliseconds: Math.min(10_000, nodeGraceMilliseconds / 4),
  };
  const recorderFor = (node: string) => events({ component: "kubelet", host: node });

  function addNode(node: NodeOptions): void {
    store.create("nodes", nodeObject(node, clock));
    const context = {
      name: node.name,
      registry,
      clock: base,
      nodeClock: createNodeClock(base, options.kubelet?.utcOffsetMinutes ?? 0),
      events: recorderFor(node.name),
      reaper,
      directory,
      settings,
      lookUpImage: options.images ?? (() => ({ kind: "present" }) as const),
      scriptFor: options.containers ?? (() => null),
      pulled: new Set<string>(),
      apiServer: { host: "127.0.0.1", port: listener.port },
    };
    kubelets.set(node.name, startKubelet(context, intervals));
  }

  const stops = [
    startNodeLifecycle(registry, base, events({ component: "node-controller" }), nodeGraceMilliseconds),
    startTaintEviction(registry, events({ component: "taint-eviction-controller" })),
    startQuotaController(registry),
    startNamespaceController(registry, (namespace) => admission.serviceAccounts?.[namespace] ?? []),
    startGarbageCollector(registry),
    startTtlController(registry),
    startJobController(registry, events({ component: "job-controller" })),
  ];
  const scheduler = startScheduler(registry, events({ component: "default-scheduler" }));
  for (const name of [
    "default",
    "kube-system",
    "kube-public",
    "kube-node-lease",
    ...(options.namespaces ?? []),
  ]) {
    registry.create(resourceOf("namespaces"), "", {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name } as ApiObject["metadata"],
    });
  }
  for (const node of options.nodes ?? [{ name: "node-1" }]) addNode(node);

  const url = () => `https://127.0.0.1:${listener.port}`;
  const kubeconfig = (token: string) => kubeconfigText(url(), certificate.certificate, token);
  let closing: Promise<void> | null = null;

  async function close(): Promise<void> {
    for (const stop of stops) stop();
    scheduler.close();
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
    apiServer: {
      async restart(restart = {}) {
        await listener.stop();
        if (restart.loseWatchHistory === true) store.compact();
        const down = restart.downMilliseconds ?? 0;
        if (down > 0) await new Promise<void>((resolve) => void clock.after(down, resolve));
        await listener.start();
      },
      compact: () => store.compact(),
      stepClock: (milliseconds) => clock.step(milliseconds),
      rotateToken: () => kubeconfig(access.rotate()),
    },
    scheduler: {
      async preempt({ namespace, name }) {
        if (store.get("pods", namespace, name) === undefined) {
          throw new UnknownObjectError(`no pod ${namespace}/${name}`);
        }
        disrupt(registry, namespace, name, {
          reason: "PreemptionByScheduler",
          message: "default-scheduler: preempting to accommodate a higher priority pod",
        });
      },
      addNode,
      pause: () => scheduler.pause(),
      resume: () => scheduler.resume(),
    },
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
