/** What a soak is told on its command line. */

import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import type { LogDefects } from "../src/logs/follow/follow-context.ts";

export const help = `pnpm soak [options]

Runs many Jobs on a local cluster, or on the one of a kubeconfig, while everything around them breaks: a proxy breaks requests
and answers, the cluster's parts are restarted, logs are rotated, supervising processes are killed. Then it judges every run:
nothing lost without a gap, nothing repeated, no gap without a rotation, no hang, no live run declared dead, nothing left.
Exit code 0: all that holds, and every kind of fault happened often enough.

  --seed N             of everything drawn by chance: what runs print, faults, kills, disturbances (default: a new one, printed)
  --runs N             how many runs (60)
  --minutes N          no run is begun later; what was begun is brought to its end (no limit)
  --lines N            about how many lines a run prints (200)
  --concurrency N      runs at the same time (24)
  --lanes N            supervising processes at the same time, each behind a proxy of its own (3)
  --strength X         multiplies the probability of every fault; 0: no faults (1)
  --no-kills           supervisors are not killed
  --no-rotation        logs are not rotated
  --no-disturbances    no part of the local cluster is restarted, no clock is stepped
  --no-full-disk       no supervisor gets a spool folder on a full disk (it needs root)

  --floor N            fails when any kind of fault happened less often (0)
  --faults N           fails when all kinds together happened less often (0)
  --hang SECONDS       a run not over after so long hangs (240)

  --only RUN           this run alone: its number or its slot's name
  --most-faults N      each proxy stops breaking after so many faults
  --kinds A,B          only these kinds of the proxy's faults, by their names in the table

  --kubeconfig PATH    on a real cluster; --namespace NAME (default), --image NAME with node and sh (lab/base:1)
  --rotating           its kubelet rotates logs of this size, so gaps are allowed
  --recorded           about half of the runs record their output, and must be whole whatever is rotated
  --away SECONDS       a supervisor that was killed is missed for so long (0)
  --disturb COMMAND    run again and again with "restart PART", "restart PART KILL", "freeze PART" and "thaw PART", where
                       PART is one of --parts (apiserver,kubelet,containerd)

  --adapter            the whole path: settings, the adapter's execute() in server processes that are killed and adopt each other's
                       runs, files and sessions that are copied, outputs that are recorded; --runs counts tasks, of one to three runs

  --defect NAME        a runner that is broken on purpose: without-alignment or without-final-sweep
  --teeth              three short soaks: a runner without defects must pass, one with each defect must fail
  --keep               keep the files of a soak that found nothing

To repeat a problem: the same --seed, --runs, --lines and --lanes with --only RUN; then fewer faults by --kinds and
--most-faults. The seed fixes what is drawn, not how processes interleave: repeat it a few times.`;

const defects = ["without-alignment", "without-final-sweep"] as const;
export type Defect = (typeof defects)[number];

export type Settings = ReturnType<typeof readSettings>;

export function readSettings(args: readonly string[]) {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: "boolean", default: false },
      seed: { type: "string", default: String(randomInt(2 ** 31)) },
      runs: { type: "string", default: "60" },
      minutes: { type: "string", default: "100000" },
      lines: { type: "string", default: "200" },
      concurrency: { type: "string", default: "24" },
      lanes: { type: "string", default: "3" },
      strength: { type: "string", default: "1" },
      "no-kills": { type: "boolean", default: false },
      "no-rotation": { type: "boolean", default: false },
      "no-disturbances": { type: "boolean", default: false },
      "no-full-disk": { type: "boolean", default: false },
      floor: { type: "string", default: "0" },
      faults: { type: "string", default: "0" },
      hang: { type: "string", default: "240" },
      only: { type: "string" },
      "most-faults": { type: "string", default: "Infinity" },
      kinds: { type: "string" },
      kubeconfig: { type: "string" },
      namespace: { type: "string", default: "default" },
      image: { type: "string", default: "lab/base:1" },
      rotating: { type: "boolean", default: false },
      recorded: { type: "boolean", default: false },
      away: { type: "string", default: "0" },
      disturb: { type: "string" },
      parts: { type: "string", default: "apiserver,kubelet,containerd" },
      defect: { type: "string" },
      teeth: { type: "boolean", default: false },
      keep: { type: "boolean", default: false },
      adapter: { type: "boolean", default: false },
    },
  });
  const seed = wholeNumber("seed", values.seed, 0);
  return {
    help: values.help,
    seed,
    runs: wholeNumber("runs", values.runs, 1),
    minutes: number("minutes", values.minutes),
    lines: wholeNumber("lines", values.lines, 1),
    concurrency: wholeNumber("concurrency", values.concurrency, 1),
    lanes: wholeNumber("lanes", values.lanes, 1),
    strength: number("strength", values.strength),
    kills: !values["no-kills"],
    rotation: !values["no-rotation"],
    disturbances: !values["no-disturbances"],
    fullDisk: !values["no-full-disk"],
    floor: wholeNumber("floor", values.floor, 0),
    faults: wholeNumber("faults", values.faults, 0),
    hangSeconds: wholeNumber("hang", values.hang, 1),
    only: values.only === undefined ? null : wholeNumber("only", values.only.replace(/^.*-/, ""), 0),
    mostFaults: number("most-faults", values["most-faults"]),
    kinds: values.kinds?.split(",") ?? null,
    kubeconfig: values.kubeconfig ?? null,
    namespace: values.namespace,
    image: values.image,
    rotating: values.rotating,
    recorded: values.recorded,
    awaySeconds: number("away", values.away),
    disturb: values.disturb ?? null,
    parts: values.parts.split(","),
    defect: values.defect === undefined ? null : defectNamed(values.defect),
    teeth: values.teeth,
    keep: values.keep,
    adapter: values.adapter,
  };
}

/** `null`: there is nothing to be done, since help was asked for, or what was asked for cannot be. */
export function askedSettings(args: readonly string[]): Settings | null {
  try {
    const asked = readSettings(args);
    if (!asked.help) return asked;
    console.log(help);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  }
  return null;
}

/** The numbers of the runs. */
export function runsOf({ runs, only }: Settings): readonly number[] {
  return Array.from({ length: runs }, (_, index) => index).filter((index) => only === null || index === only);
}

export function defectsOf({ defect }: Settings): LogDefects {
  return {
    ...(defect === "without-alignment" ? { withoutAlignment: true } : {}),
    ...(defect === "without-final-sweep" ? { withoutFinalSweep: true } : {}),
  };
}

export function repeatCommand(settings: Settings, slot: string): string {
  const { seed, runs, lines, lanes, concurrency, kubeconfig, defect } = settings;
  const more = [
    ...(kubeconfig === null ? [] : [`--kubeconfig ${kubeconfig}`]),
    ...(settings.rotating ? ["--rotating"] : []),
    ...(settings.recorded ? ["--recorded"] : []),
    ...(settings.adapter ? ["--adapter"] : []),
    ...(settings.awaySeconds > 0 ? [`--away ${settings.awaySeconds}`] : []),
    ...(defect === null ? [] : [`--defect ${defect}`]),
  ];
  const flags = [`--seed ${seed}`, `--runs ${runs}`, `--lines ${lines}`, `--lanes ${lanes}`];
  return ["pnpm soak", ...flags, `--concurrency ${concurrency}`, ...more, `--only ${slot}`].join(" ");
}

function defectNamed(name: string): Defect {
  const found = defects.find((defect) => defect === name);
  if (found === undefined) throw new RangeError(`--defect is one of ${defects.join(", ")}, not ${name}`);
  return found;
}

function wholeNumber(name: string, text: string, least: number): number {
  const value = number(name, text);
  if (!Number.isInteger(value) || value < least)
    throw new RangeError(`--${name} is a whole number of at least ${least}, not ${text}`);
  return value;
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isNaN(value) || value < 0) throw new RangeError(`--${name} is a number, not ${text}`);
  return value;
}
