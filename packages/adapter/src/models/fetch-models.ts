import type { HostModel } from "../host/contract.ts";
import { isObject } from "../settings/values.ts";
import { type FetchUrl, fetchJson } from "./fetch-json.ts";

export type ModelsAnswer =
  | { readonly kind: "models"; readonly models: readonly HostModel[] }
  | { readonly kind: "failed"; readonly reason: string };

const longestName = 200;
const longestLabel = 100;
const mostModels = 1000;

export interface Source {
  readonly key: string;
  readonly origin: string;
}

/** https://docs.claude.com/en/api/models-list */
export async function fetchModels({ key, origin }: Source, fetch: FetchUrl): Promise<ModelsAnswer> {
  const answer = await fetchJson(
    `${origin}/v1/models?limit=${mostModels}`,
    { "x-api-key": key, "anthropic-version": "2023-06-01" },
    fetch,
  );
  if (answer.kind === "failed") return answer;
  const list: unknown = isObject(answer.body) ? answer.body["data"] : null;
  if (!Array.isArray(list)) return { kind: "failed", reason: "the answer is no list of models" };
  const models = list.slice(0, mostModels).flatMap((each: unknown): HostModel[] => {
    const { id, display_name: label } = isObject(each) ? each : {};
    if (typeof id !== "string" || id.length > longestName || !/^\S+$/.test(id)) return [];
    const shown = typeof label === "string" && label.trim() !== "" ? label.trim().slice(0, longestLabel) : id;
    return [{ id, label: shown }];
  });
  return { kind: "models", models };
}
