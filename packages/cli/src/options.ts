import { type Command, InvalidArgumentError, Option } from "commander";

/** "90", "90s", "5m", "2h", "1d" → seconds. */
export function duration(text: string): number {
  const [, number, unit = "s"] = /^(\d+(?:\.\d+)?)([smhd])?$/.exec(text.trim()) ?? [];
  if (number === undefined)
    throw new InvalidArgumentError("It must be a number of seconds, or a time like 90s, 5m, 2h or 1d.");
  return Number(number) * { s: 1, m: 60, h: 3600, d: 86_400 }[unit as "s" | "m" | "h" | "d"];
}

/** What it cannot read it hands on as it is, to be told together with everything else that is wrong with a run's settings. */
export function lenient<T>(read: (text: string) => T): (text: string) => T | string {
  return (text) => {
    try {
      return read(text);
    } catch (error) {
      if (error instanceof InvalidArgumentError) return text;
      throw error;
    }
  };
}

const units = ["", "k", "M", "G", "T"] as const;

/** "500Mi", "2G" → bytes, as Kubernetes writes quantities. */
export function byteQuantity(text: string): number {
  const [, number, unit = "", binary] = /^(\d+(?:\.\d+)?)([kKMGT]?)(i?)$/.exec(text.trim()) ?? [];
  const power = units.findIndex((name) => name.toLowerCase() === unit.toLowerCase());
  if (number === undefined || !(Number(number) > 0) || (binary === "i" && power === 0))
    throw new InvalidArgumentError("It must be a size, for example 500Mi or 20Gi.");
  return Math.floor(Number(number) * (binary === "i" ? 1024 : 1000) ** power);
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("It must be a whole number, 0 or more.");
  return Number(text);
}

/** How much faster than life. */
export function speedFactor(text: string): number {
  const factor = Number(text);
  if (!(factor >= 0.25 && factor <= 10))
    throw new InvalidArgumentError("It must be a number from 0.25 to 10.");
  return factor;
}

export function portNumber(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535)
    throw new InvalidArgumentError("It must be a port, 0 to 65535 (0: any free one).");
  return Number(text);
}

export function exitCodeNumber(text: string): number {
  if (!/^\d{1,3}$/.test(text) || Number(text) > 255)
    throw new InvalidArgumentError("It must be a whole number from 0 to 255.");
  return Number(text);
}

export function dollars(text: string): number {
  const amount = Number(text.replace(/^\$/, ""));
  if (text.trim() === "" || !(amount > 0) || amount > 1e6)
    throw new InvalidArgumentError("It must be an amount of US dollars above 0, for example 2.50.");
  return amount;
}

/** For an option that may be given several times, each time with one value. */
export function collect(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

export type OutputFormat = "table" | "wide" | "json" | "yaml" | "name" | "markdown" | "text" | "helm";

export interface FormatOptions {
  readonly output?: OutputFormat;
  readonly json?: boolean;
}

/** `-o`, with the formats that make sense for the command, the first being the usual one; `--json` is short for `-o json`. */
export function addFormat(command: Command, formats: readonly OutputFormat[]): Command {
  const list = formats.join("|");
  command.addOption(new Option("-o, --output <format>", `${list} (default: ${formats[0]})`).choices(formats));
  return formats.includes("json") ? command.option("--json", "the same as -o json") : command;
}

export function formatOf(options: FormatOptions, usual: OutputFormat): OutputFormat {
  return options.output ?? (options.json === true ? "json" : usual);
}

export interface CommonOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace?: string;
  readonly color?: boolean;
  readonly verbose?: boolean;
}

/** Known to every command, before and after its name. */
export function addCommon(program: Command): Command {
  return program
    .option("--kubeconfig <file>", "kubeconfig (default: KUBECONFIG, ~/.kube/config, or the pod's own)")
    .option("--context <name>", "context of the kubeconfig (default: its current one)")
    .option("-n, --namespace <name>", "namespace (default: that of the context)")
    .option("--no-color", "no colours, as the variable NO_COLOR does")
    .option("-v, --verbose", "show each request to the cluster, and every event of a run");
}

/** What a list of runs can be sorted by. */
export const sortKeys = ["name", "age", "state", "agent", "task", "tokens", "cost", "node"] as const;
export type SortKey = (typeof sortKeys)[number];
