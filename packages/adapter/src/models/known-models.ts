import type { HostModel } from "../host/contract.ts";

/** Whose API the pod talks to. Each has names of its own for the same model. */
export type Provider = "anthropic" | "bedrock" | "vertex";

interface KnownModel {
  readonly label: string;
  readonly names: Readonly<Record<Provider, string>>;
}

/** As Claude Code 2.1.330 knows them; of older ones, those that are still in use. */
const known: readonly KnownModel[] = [
  model("Opus 5.5", "claude-opus-5-5"),
  model("Sonnet 5.5", "claude-sonnet-5-5"),
  model("Fable 5.2", "claude-fable-5-2"),
  model("Haiku 5.5", "claude-haiku-5-5"),
  model("Fable 5.1", "claude-fable-5-1"),
  model("Fable 5", "claude-fable-5"),
  model("Mythos 5", "claude-mythos-5"),
  model("Opus 5", "claude-opus-5"),
  model("Sonnet 5", "claude-sonnet-5"),
  model("Opus 4.8", "claude-opus-4-8"),
  model("Opus 4.7", "claude-opus-4-7"),
  model("Opus 4.6", "claude-opus-4-6", { bedrock: "us.anthropic.claude-opus-4-6-v1" }),
  model("Sonnet 4.6", "claude-sonnet-4-6"),
  dated("Opus 4.5", "claude-opus-4-5", "20251101"),
  dated("Sonnet 4.5", "claude-sonnet-4-5", "20250929"),
  dated("Haiku 4.5", "claude-haiku-4-5", "20251001"),
];

function model(label: string, name: string, others: Partial<KnownModel["names"]> = {}): KnownModel {
  return { label, names: { anthropic: name, bedrock: `us.anthropic.${name}`, vertex: name, ...others } };
}

/** The clouds kept the date in the names of these. */
function dated(label: string, name: string, date: string): KnownModel {
  return model(label, name, {
    bedrock: `us.anthropic.${name}-${date}-v1:0`,
    vertex: `${name}@${date}`,
  });
}

const providerLabels: Readonly<Record<Provider, string>> = {
  anthropic: "Claude",
  bedrock: "Bedrock · Claude",
  vertex: "Vertex · Claude",
};

export function modelsOf(provider: Provider): readonly HostModel[] {
  return known.map(({ label, names }) => ({
    id: names[provider],
    label: `${providerLabels[provider]} ${label}`,
  }));
}

/** Each name once, under its first label. */
export function withoutDoubles(models: readonly HostModel[]): HostModel[] {
  const first = new Map<string, HostModel>();
  for (const each of models) if (!first.has(each.id)) first.set(each.id, each);
  return [...first.values()];
}

/** What the host shows before anything was asked; any other name may be typed. */
export const models: HostModel[] = withoutDoubles(modelsOf("anthropic"));
