import { afterEach } from "vitest";
import { startLocalCluster, type LocalCluster, type LocalClusterOptions } from "../../src/index.ts";
import { apiOf, ended, podBody, podsPath, until, type Api } from "./api.ts";

export interface Bench {
  readonly cluster: LocalCluster;
  readonly api: Api;
  /** Runs a pod to its end and reads its log. */
  readonly run: (
    name: string,
    container: object,
    spec?: object,
    // oxlint-disable-next-line typescript/no-explicit-any
  ) => Promise<{ pod: any; log: string }>;
}

/** Clusters that end with the test that started them. */
export function clusterForEachTest(): (options?: LocalClusterOptions) => Promise<Bench> {
  const open: Bench[] = [];
  afterEach(async () => {
    for (const { cluster, api } of open.splice(0)) {
      api.close();
      await cluster.close();
    }
  });
  return async (options) => {
    const cluster = await startLocalCluster(options);
    const api = apiOf(cluster);
    const bench: Bench = {
      cluster,
      api,
      async run(name, container, spec) {
        const created = await api.call("POST", podsPath, podBody(name, container, spec));
        if (created.status !== 201) throw new Error(created.text);
        const pod = await until(api, podsPath, name, ended);
        return { pod, log: (await api.call("GET", `${podsPath}/${name}/log?container=main`)).text };
      },
    };
    open.push(bench);
    return bench;
  };
}
