import { type Cluster, InvalidKubeconfigError, jobManifest, validateRunSpec } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";
import { Document, isMap, isScalar, isSeq } from "yaml";

import { withCluster } from "../cluster.ts";
import { UsageError, exitCodes } from "../exit-codes.ts";
import { type FormatOptions, formatOf } from "../options.ts";
import { differences, originsOf } from "../plan-origins.ts";
import { type PlannedRun, type RunOptions, planRun } from "../run-options.ts";
import { escapeControls, plainData } from "../screen/plain.ts";
import { dryRun } from "../server-plan.ts";
import type { Streams } from "../streams.ts";

export interface PlanOptions extends RunOptions, FormatOptions {
  readonly server?: boolean;
}

/**
 * `plan`: the objects that `run` would make, with where each part comes from. Its Secrets hold prompt and variables, so only their
 * keys are shown. With `--server` the API server says what it would make of the Job; nothing is created.
 */
export async function planCommand(
  streams: Streams,
  words: readonly string[],
  options: PlanOptions,
): Promise<number> {
  const { output, environment } = streams;
  // A plan needs no prompt: what it says is in a Secret, and is not shown.
  const prompt = words.length === 0 ? "(the prompt)" : words.join(" ");
  const planned = await planRun(options, prompt, environment);
  for (const warning of planned.warnings) streams.errors.write(`▸ Warning: ${plainLine(warning)}\n`);
  const { namespace, job, answer, notes } = await withPlace(
    streams,
    planned,
    options,
    async (found, cluster) => {
      const placed = await planned.specFor({ namespace: found, cluster: null });
      // Nothing is made here, so nothing can be refused by the cluster.
      if (placed.kind === "refused") throw new UsageError(placed.ending.diagnosis.title);
      const { spec } = placed;
      validateRunSpec(spec);
      const made: object = jobManifest(spec);
      const stored = cluster === null || options.server !== true ? null : await dryRun(cluster, made, found);
      return { namespace: found, job: made, answer: stored, notes: placed.notes };
    },
  );
  const format = formatOf(options, "yaml");
  if (format === "json") {
    output.write(`${escapeControls(JSON.stringify(answer ?? job))}\n`);
    return exitCodes.success;
  }
  const origins = originsOf(planned, options);
  const shown = new Document(plainData(answer ?? job));
  shown.commentBefore = [
    ` What \`claude-k8s run\` would make in namespace ${namespace}; nothing was sent.`,
    ...notes.map((note) => ` ${plainLine(note)}.`),
    " Inherited from a pod: nothing. Only the adapter of a server that runs in a pod hands on what that pod has.",
    ` Prompt${Object.keys(planned.settings.env).length > 0 ? " and variables" : ""} travel in Secrets that the Job owns: ${Object.keys(planned.settings.env).join(", ") || "no variables"}.`,
    ...(answer === null
      ? []
      : [" As the API server would store it (dry run); what it adds or changes is marked."]),
  ].join("\n");
  for (const [path, origin] of origins) comment(shown, path, origin);
  if (answer !== null)
    for (const { path, kind } of differences(job, answer)) comment(shown, path, `${kind} by the API server`);
  output.write(shown.toString({ lineWidth: 0 }));
  return exitCodes.success;
}

/** In the namespace that `run` would take; without a kubeconfig, which a plan does not need, in `default`. */
async function withPlace<T>(
  streams: Streams,
  planned: PlannedRun,
  options: PlanOptions,
  use: (namespace: string, cluster: Cluster | null) => Promise<T>,
): Promise<T> {
  const { kubeconfig, namespace: told } = planned.settings.cluster;
  const named = options.namespace ?? told;
  if (options.server !== true && named !== null) return use(named, null);
  const chosen = { ...(kubeconfig !== null && { kubeconfig }), ...options };
  const isNamed = chosen.kubeconfig !== undefined || options.context !== undefined || options.server === true;
  try {
    return await withCluster(streams, chosen, ({ cluster }, namespace) => use(named ?? namespace, cluster));
  } catch (error) {
    if (isNamed || !InvalidKubeconfigError.isInstance(error)) throw error;
    return use("default", null);
  }
}

type Path = readonly (string | number)[];

function comment(document: Document, path: Path, text: string): void {
  const node: unknown = document.getIn(path, true);
  const line = ` ${plainLine(text)}`;
  if (isScalar(node)) node.comment = node.comment ? `${node.comment};${line}` : line;
  else if (isMap(node) || isSeq(node)) {
    const parent: unknown = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
    const pair = isMap(parent)
      ? parent.items.find(({ key }) => isScalar(key) && key.value === path.at(-1))
      : undefined;
    if (pair !== undefined && isScalar(pair.key)) pair.key.commentBefore = line;
    else node.commentBefore = line;
  }
}
