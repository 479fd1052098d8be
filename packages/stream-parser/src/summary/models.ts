import { MOST_MODELS } from "../usage-sum.ts";

export function withModels(models: readonly string[], more: readonly string[]): readonly string[] {
  const added = more.filter((model) => !models.includes(model));
  return added.length === 0 ? models : [...models, ...added].slice(0, MOST_MODELS);
}
