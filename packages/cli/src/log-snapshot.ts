import type { Cluster } from "@claude-k8s/k8s-runner";
import { type RunSummary, emptySummary, summarizeStream } from "@claude-k8s/stream-parser";

/** The container that a run is. */
const mainContainer = "main";

/** What the log of a Job's newest pod holds now. `null`: there is none to read. */
export async function readLogNow(
  cluster: Cluster,
  { namespace, jobName }: { readonly namespace: string; readonly jobName: string },
  { signal, sinceSecond }: { readonly signal: AbortSignal; readonly sinceSecond?: number },
): Promise<AsyncIterable<Uint8Array> | null> {
  const pods = await cluster.list(
    "pods",
    namespace,
    { labelSelector: `batch.kubernetes.io/job-name=${jobName}` },
    { signal },
  );
  if (pods.kind === "error") return null;
  const newest = pods.value.items
    .toSorted((a, b) =>
      (a.metadata?.creationTimestamp ?? "").localeCompare(b.metadata?.creationTimestamp ?? ""),
    )
    .at(-1);
  const podName = newest?.metadata?.name;
  if (podName === undefined) return null;
  return readPodLog(
    cluster,
    { namespace, podName },
    { signal, ...(sinceSecond !== undefined && { sinceSecond }) },
  );
}

/** The same of a pod whose name is known. `tailRecords`: only so many of its last records, of which a long line has several. */
export async function readPodLog(
  cluster: Cluster,
  { namespace, podName }: { readonly namespace: string; readonly podName: string },
  {
    signal,
    ...part
  }: { readonly signal: AbortSignal; readonly sinceSecond?: number; readonly tailRecords?: number },
): Promise<AsyncIterable<Uint8Array> | null> {
  const answer = await cluster.logs.open(
    { namespace, podName, container: mainContainer, follow: false, ...part },
    { signal },
  );
  return answer.kind === "stream" ? withoutTimestamps(answer.chunks) : null;
}

/** `2026-01-01T00:00:00.000000000Z `: every record of an answer begins with one. */
const timestamp = /^\d{4}-\d\d-\d\dT\S{1,40} /;

async function* withoutTimestamps(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let rest = "";
  for await (const chunk of chunks) {
    // One character a byte: the text stays bytes.
    const lines = (rest + Buffer.from(chunk).toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    if (lines.length > 0)
      yield Buffer.from(lines.map((line) => `${line.replace(timestamp, "")}\n`).join(""), "latin1");
  }
  if (rest !== "") yield Buffer.from(rest.replace(timestamp, ""), "latin1");
}

export async function countLines(
  cluster: Cluster,
  target: { readonly namespace: string; readonly jobName: string },
  signal: AbortSignal,
): Promise<number> {
  const chunks = await readLogNow(cluster, target, { signal });
  let lines = 0;
  if (chunks !== null)
    for await (const chunk of chunks) for (const byte of chunk) if (byte === 0x0a) lines += 1;
  return lines;
}

/** What a Job's log says so far; the empty summary where there is none to read. */
export async function summaryNow(
  cluster: Cluster,
  target: { readonly namespace: string; readonly jobName: string },
  signal: AbortSignal,
): Promise<RunSummary> {
  const chunks = await readLogNow(cluster, target, { signal });
  return chunks === null ? emptySummary() : summarizeStream(chunks);
}
