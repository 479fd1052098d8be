import type { Settings } from "./settings.ts";

/** Labels by which the adapter, the runner and Kubernetes find what belongs to a run. */
const ownLabels =
  /^((?:paperclip|claude-k8s)\.io\/|app\.kubernetes\.io\/managed-by$|kueue\.x-k8s\.io\/queue-name$|(batch\.kubernetes\.io\/)?(job-name|controller-uid)$)/;

/** Settings without what is not theirs to say: it is left out, and told. */
export function withoutReserved(settings: Settings): {
  readonly settings: Settings;
  readonly warnings: readonly string[];
} {
  const warnings: string[] = [];
  const labels = Object.entries(settings.pod.labels).filter(([key]) => {
    if (!ownLabels.test(key)) return true;
    const advice = key.startsWith("kueue") ? "; set queueName" : "";
    warnings.push(`labels.${key} is left out: this label is set for the run itself${advice}`);
    return false;
  });
  const references = Object.entries(settings.envReferences).filter(([name]) => {
    const reason = name.startsWith("PAPERCLIP_")
      ? "Paperclip's own variables come from Paperclip"
      : Object.hasOwn(settings.env, name)
        ? "env sets a variable of the same name"
        : null;
    if (reason !== null) warnings.push(`envReferences.${name} is left out: ${reason}`);
    return reason === null;
  });
  return {
    warnings,
    settings: {
      ...settings,
      pod: { ...settings.pod, labels: Object.fromEntries(labels) },
      envReferences: Object.fromEntries(references),
    },
  };
}
