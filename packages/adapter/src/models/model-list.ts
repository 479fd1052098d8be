import type { DetectedModel, HostModel } from "../host/contract.ts";
import type { HostServer } from "../host/server.ts";
import type { FetchUrl } from "./fetch-json.ts";
import { fetchModels, type Source } from "./fetch-models.ts";
import { modelsOf, withoutDoubles } from "./known-models.ts";
import { type Variables, providerOf, variablesOfAllPods } from "./provider.ts";

export interface ModelListOptions {
  readonly server: Pick<HostServer, "operator" | "environment">;
  /** One line for the server's log. */
  readonly log: (line: string) => void;
  /** Default: the system's. */
  readonly fetch?: FetchUrl;
  readonly now?: () => number;
}

export interface ModelList {
  list(): Promise<HostModel[]>;
  /** The same, and asks the API again however short ago that was. */
  refresh(): Promise<HostModel[]>;
  /** What runs without a model of their own use, so far as the server can know it. */
  detect(): Promise<DetectedModel | null>;
}

const freshMilliseconds = 60_000;

/**
 * Models for agents that nobody knows yet: the host asks without naming one. What the operator gives to all pods decides whose
 * names they are; without that any agent may use any provider, so that the names of all are offered. With a key for Anthropic's own
 * API that API is asked what it has.
 */
export function createModelList({
  server,
  log,
  fetch = globalThis.fetch,
  now = Date.now,
}: ModelListOptions): ModelList {
  let asked: { readonly source: string; readonly at: number; readonly models: readonly HostModel[] } | null =
    null;

  async function listed(again: boolean): Promise<HostModel[]> {
    const pods = variablesOfAllPods(await server.operator.word());
    const provider = providerOf(pods);
    if (provider === "bedrock" || provider === "vertex") return withoutDoubles(modelsOf(provider));
    const found = await askedFor(sourceOf(pods) ?? sourceOf(server.environment), again);
    const own = withoutDoubles([...found, ...modelsOf("anthropic")]);
    if (provider === "anthropic") return own;
    // A server that uses a cloud itself has agents that do, as often as not.
    return providerOf(server.environment) === "vertex"
      ? withoutDoubles([...modelsOf("vertex"), ...own, ...modelsOf("bedrock")])
      : providerOf(server.environment) === "bedrock"
        ? withoutDoubles([...modelsOf("bedrock"), ...own, ...modelsOf("vertex")])
        : withoutDoubles([...own, ...modelsOf("bedrock"), ...modelsOf("vertex")]);
  }

  async function askedFor(source: Source | null, again: boolean): Promise<readonly HostModel[]> {
    if (source === null) return [];
    const name = JSON.stringify(source);
    const last = asked?.source === name ? asked : null;
    if (last !== null && !again && now() - last.at < freshMilliseconds) return last.models;
    const answer = await fetchModels(source, fetch);
    if (answer.kind === "failed")
      log(`the models cannot be asked for (${answer.reason}); those that are known are offered`);
    const models = answer.kind === "models" ? answer.models : (last?.models ?? []);
    // A failure is kept as well: a page that is opened often must not wait for it each time.
    asked = { source: name, at: now(), models };
    return models;
  }

  return {
    list: () => listed(false),
    refresh: () => listed(true),
    async detect() {
      const word = await server.operator.word();
      if (word.kind !== "rules") return null;
      const pods = variablesOfAllPods(word);
      const provider = providerOf(pods) ?? "anthropic";
      const { model } = word.rules.defaults ?? {};
      const source = `defaults of the operator's file${word.file === null ? "" : ` ${word.file}`}`;
      if (typeof model === "string" && model.trim() !== "") return { model: model.trim(), provider, source };
      const named = pods["ANTHROPIC_MODEL"]?.trim() ?? "";
      return named === "" ? null : { model: named, provider, source: `ANTHROPIC_MODEL in the ${source}` };
    },
  };
}

/** Key and address of one giver: a key must not go to the address that somebody else has given. */
function sourceOf(variables: Variables): Source | null {
  const key = variables["ANTHROPIC_API_KEY"]?.trim() ?? "";
  const given = variables["ANTHROPIC_BASE_URL"]?.trim() ?? "";
  if (key === "" || (given !== "" && !URL.canParse(given))) return null;
  return { key, origin: (given === "" ? "https://api.anthropic.com" : given).replace(/(?<!\/)\/+$/, "") };
}
