import { randomInt } from "node:crypto";

import { UsageError, exitCodes } from "../exit-codes.ts";
import type { Interrupts } from "../interrupts.ts";
import type { CommonOptions } from "../options.ts";
import { withStatusLine } from "../screen/status.ts";
import { table } from "../screen/table.ts";
import { faults, plannedFault } from "../simulate/faults.ts";
import { tellOutcome } from "../simulate/outcome.ts";
import { play } from "../simulate/play.ts";
import { createRandom } from "../simulate/story/plan.ts";
import { readTranscript } from "../simulate/transcript.ts";
import { tellStory } from "../simulate/story/tell.ts";
import { type Streams, tableWidthOf } from "../streams.ts";

export interface SimulateOptions extends CommonOptions {
  readonly list?: boolean;
  readonly fault?: readonly string[];
  readonly transcript?: string;
  readonly speed?: number;
  readonly seed?: number;
  readonly image?: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** The scenario that is played when none is named. */
const story = "story";

/** `simulate`: a run with trouble on the way, and what became of it. */
export async function simulateCommand(
  streams: Streams,
  scenario: string | undefined,
  options: SimulateOptions,
  interrupts: Interrupts,
): Promise<number> {
  const seed = options.seed ?? randomInt(1_000_000);
  const playsStory =
    (scenario ?? story) === story && (options.fault ?? []).length === 0 && options.list !== true;
  if (playsStory) {
    const { kubeconfig = null, context = null, namespace = null, image = null, port = 0 } = options;
    if (kubeconfig === null && context !== null)
      throw new UsageError("--context needs --kubeconfig: the local cluster has only one");
    if (kubeconfig !== null && port !== 0)
      throw new UsageError("--port is the local cluster's: it has no meaning with --kubeconfig");
    const { speed = 1, json = false } = options;
    return tellStory({ kubeconfig, context, namespace, image, seed, speed, port, json }, streams, interrupts);
  }
  if (options.list === true) return list(streams);
  if (options.kubeconfig !== undefined)
    throw new UsageError(
      "only the story plays on a real cluster: leave the scenario and --fault out, or --kubeconfig",
    );
  return playScenario(streams, scenario ?? "success", options, seed, interrupts);
}

async function playScenario(
  streams: Streams,
  name: string,
  options: SimulateOptions,
  seed: number,
  interrupts: Interrupts,
): Promise<number> {
  const { scenarios } = await import("../simulate/scenarios.ts");
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (scenario === undefined)
    throw new UsageError(
      `there is no scenario ${name}; there are story, ${Object.keys(scenarios).join(", ")}`,
    );
  const random = createRandom(seed);
  const planned = [...(scenario.faults ?? []), ...(options.fault ?? [])].map((text) =>
    plannedFault(text, random),
  );
  const transcript = readTranscript(options.transcript ?? null);
  const { status, streams: shared } = withStatusLine(streams);
  const shown = { ...shared, status };
  const quiet = { ...shown, output: { write: () => true }, errors: { write: () => true } };
  if (options.json !== true)
    streams.output.write(
      `${name}: ${scenario.title}\n${planned.map(({ name: fault, atSeconds }) => `  ${fault} after ${atSeconds.toFixed(1)} s\n`).join("")}  seed ${seed}\n\n`,
    );
  const outcome = await play(
    {
      // A fault of one's own that ends the run has another ending than the scenario: whatever comes is shown.
      scenario,
      faults: planned,
      transcript,
      speed: options.speed ?? 1,
      seed,
      port: options.port ?? 0,
      verbose: options.verbose === true,
    },
    options.json === true ? quiet : shown,
    interrupts,
  );
  if (options.json === true)
    streams.output.write(`${JSON.stringify({ type: "proof", scenario: name, seed, ...outcome })}\n`);
  else tellOutcome(outcome, streams);
  if (interrupts.signal.aborted) return exitCodes.interrupted;
  const isOwnEnd = (options.fault ?? []).some((text) => faults[text.split("@")[0] ?? ""]?.ends === true);
  return outcome.holds || isOwnEnd ? exitCodes.success : exitCodes.failure;
}

async function list({ output }: Streams): Promise<number> {
  const { scenarios } = await import("../simulate/scenarios.ts");
  const width = tableWidthOf(output);
  const rows = Object.entries(scenarios).map(([name, { family, expected, title }]) => [
    name,
    family,
    expected ?? "success",
    title,
  ]);
  const columns = [
    { head: "SCENARIO" },
    { head: "FAMILY", dispensable: 1 },
    { head: "ENDS AS" },
    { head: "WHAT HAPPENS", least: 16 },
  ];
  output.write(
    table(
      columns,
      [["story", "success", "the proof", "log cut twice, supervisor killed, then out of memory"], ...rows],
      width,
    ),
  );
  output.write("\n");
  const faultRows = Object.entries(faults).map(([name, { title, ends }]) => [
    name,
    ends ? "ends it" : "outlived",
    title,
  ]);
  output.write(
    table([{ head: "FAULT" }, { head: "THE RUN" }, { head: "WHAT HAPPENS", least: 16 }], faultRows, width),
  );
  return exitCodes.success;
}
