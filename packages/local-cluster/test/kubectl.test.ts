import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { startLocalCluster, type LocalCluster } from "../src/index.ts";

const KUBECTL = process.env["KUBECTL"] ?? "kubectl";
const isMissing = spawnSync(KUBECTL, ["version", "--client"]).status !== 0;

const job = (name: string, extra = ""): string => `
apiVersion: batch/v1
kind: Job
metadata: { name: ${name} }
spec:
  backoffLimit: 0
  ${extra}
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 0
      containers: [{ name: main, image: "any:1", command: [sh, -c, "trap 'exit 0' TERM; echo hi; sleep 600 & wait"] }]
`;

describe.skipIf(isMissing)(`kubectl${isMissing ? " (needs kubectl on PATH, or KUBECTL)" : ""}`, () => {
  const folder = mkdtempSync(join(tmpdir(), "kubectl-test-"));
  const kubeconfig = join(folder, "config");
  let cluster: LocalCluster | null = null;
  beforeAll(async () => {
    cluster = await startLocalCluster();
    writeFileSync(kubeconfig, cluster.kubeconfig, { mode: 0o600 });
  });
  afterAll(async () => {
    await cluster?.close();
    rmSync(folder, { recursive: true });
  });

  /** Standard output and error together; rejects when kubectl fails. */
  function kubectl(args: string, input = ""): Promise<string> {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, KUBECONFIG: kubeconfig, HOME: folder };
      const child = execFile(KUBECTL, args.split(" "), { env }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout + stderr);
        else reject(new Error(stdout + stderr));
      });
      child.stdin?.end(input);
    });
  }

  test("creates and applies without switching validation off", async () => {
    expect(await kubectl("create -f -", job("made"))).toBe("job.batch/made created\n");
    expect(await kubectl("create -f - --dry-run=server", job("dry"))).toBe(
      "job.batch/dry created (server dry run)\n",
    );
    await expect(kubectl("get job dry")).rejects.toThrow('jobs.batch "dry" not found');
    expect(await kubectl("apply -f -", job("applied"))).toBe("job.batch/applied created\n");
    expect(await kubectl("apply -f -", job("applied"))).toBe("job.batch/applied unchanged\n");
    expect(await kubectl("apply -f -", job("applied", "ttlSecondsAfterFinished: 60"))).toBe(
      "job.batch/applied configured\n",
    );
    expect(await kubectl("get job applied -o jsonpath={.spec.ttlSecondsAfterFinished}")).toBe("60");
  });

  test("creates what it sends as protobuf", async () => {
    await kubectl("create secret generic keys --from-literal=token=abc");
    expect(await kubectl("get secret keys -o jsonpath={.type}:{.data.token}")).toBe("Opaque:YWJj");
    await kubectl("create configmap settings --from-literal=mode=fast");
    expect(await kubectl("get configmap settings -o jsonpath={.data}")).toBe('{"mode":"fast"}');
    await kubectl("create namespace other");
    await kubectl("create quota budget -n other --hard=pods=3,cpu=2");
    expect(await kubectl("get quota budget -n other -o jsonpath={.spec.hard}")).toBe(
      '{"cpu":"2","pods":"3"}',
    );
    await kubectl("create job quick --image=any:1 -- true");
    await kubectl("wait --for=condition=complete job/quick --timeout=20s");
    expect(await kubectl("auth can-i create pods")).toBe("yes\n");
  });

  test("labels, annotates, patches and edits", async () => {
    await kubectl("run plain --image=any:1 --restart=Never --env=A=1 -- sleep 600");
    await kubectl("label pod plain team=lab");
    await kubectl("annotate pod plain note=kept");
    const patch = '{"spec":{"containers":[{"name":"plain","image":"any:2"}]}}';
    await kubectl(`patch pod plain -p ${patch}`);
    const path = "{.metadata.labels.team}:{.metadata.annotations.note}:{.spec.containers[0].image}";
    expect(await kubectl(`get pod plain -o jsonpath=${path}`)).toBe("lab:kept:any:2");
    expect(await kubectl("get pod plain -o jsonpath={.spec.containers[0].env}")).toBe(
      '[{"name":"A","value":"1"}]',
    );
    await expect(kubectl('patch pod plain -p {"spec":{"nodeName":"other"}}')).rejects.toThrow(
      "spec: Forbidden: pod updates may not change fields",
    );
    await kubectl("delete pod plain --now");
  });

  test("deletes, but not in a dry run; cordons, drains and taints", async () => {
    await kubectl("create -f -", job("held"));
    await kubectl("wait --for=jsonpath={.status.ready}=1 job/held --timeout=20s");
    expect(await kubectl("delete job held --dry-run=server")).toContain("(server dry run)");
    expect(await kubectl("get job held -o name")).toBe("job.batch/held\n");
    expect(await kubectl("drain node-1 --force --timeout=30s")).toContain("evicting pod default/held-");
    expect(await kubectl("get node node-1")).toContain("SchedulingDisabled");
    await kubectl("uncordon node-1");
    expect(await kubectl("taint node node-1 lab=yes:NoSchedule")).toContain("tainted");
    expect(await kubectl("taint node node-1 lab-")).toContain("untainted");
    await kubectl("delete job held");
    expect(await kubectl("logs --ignore-errors -l none=none")).toContain("No resources found");
  });
});
