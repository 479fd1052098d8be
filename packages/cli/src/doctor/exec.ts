import type { Cluster, RunRef } from "@claude-k8s/k8s-runner";

import { type Check, fine } from "./check.ts";

const title = "A program started in the pod (exec)";
/** Longer than the pod waits for it. */
const patienceSeconds = 25;
const word = "works";

/** Copied folders and recorded output come and go by it. `pid`: the process that it lets go of, as the shell in the pod counts. */
export async function execCheck(
  cluster: Cluster,
  { namespace, jobName }: RunRef,
  pid: string,
  outer: AbortSignal,
): Promise<Check> {
  const patience = AbortSignal.timeout(patienceSeconds * 1000);
  const signal = AbortSignal.any([outer, patience]);
  const failed = (reason: string): Check =>
    unusable(namespace, patience.aborted ? `it did not answer within ${patienceSeconds} s` : reason);
  try {
    const labelSelector = `batch.kubernetes.io/job-name=${jobName}`;
    const pods = await cluster.list("pods", namespace, { labelSelector }, { signal });
    if (pods.kind === "error") return failed(pods.error.message);
    const podName = pods.value.items[0]?.metadata?.name;
    if (podName === undefined) return failed("its pod was gone before it could be tried");
    const command = ["/bin/sh", "-c", `echo ${word}; kill -USR1 ${pid}`];
    const answer = await cluster.exec.open({ namespace, podName, container: "main", command }, { signal });
    if (answer.kind === "error") return failed(answer.error.message);
    const { session } = answer;
    const chunks: Uint8Array[] = [];
    for await (const chunk of session.output) chunks.push(chunk);
    const said = Buffer.concat(chunks).toString();
    if (said === `${word}\n`) return fine("exec", title, "answers: folders can be copied, output recorded");
    const ended = await session.ended;
    const reason = ended.kind === "exited" ? `it exited with ${ended.exitCode}` : ended.message;
    return failed(session.errors().trim() || reason);
  } catch (error) {
    return failed(error instanceof Error ? error.message : String(error));
  }
}

function unusable(namespace: string, reason: string): Check {
  return {
    code: "exec",
    level: "warning",
    title,
    found: `${reason.slice(0, 300)}; runs with copied folders (\`--copy\`) or recorded output do not work`,
    fix: [
      `kubectl auth can-i create pods/exec -n ${namespace}`,
      "let WebSockets (`Connection: Upgrade`) through every proxy between here and the API server, and port 10250 of the nodes through the firewall between it and them",
    ],
  };
}
