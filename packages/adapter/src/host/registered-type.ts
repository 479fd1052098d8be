import { adapterType } from "./adapter-type.ts";

/** Paperclip's own adapter of that name steps back for ours as long as ours is installed. */
export type RegisteredType = typeof adapterType | "claude_local";

/** Named in the server's own environment: it moves every Claude agent of the server, so no setting can do it. */
export const asVariable = "CLAUDE_K8S_AS";

export function registeredType(
  environment: Readonly<Record<string, string | undefined>>,
  log: (line: string) => void,
): RegisteredType {
  const wanted = environment[asVariable]?.trim() || adapterType;
  if (wanted === adapterType || wanted === "claude_local") return wanted;
  log(
    `${asVariable}=${JSON.stringify(wanted.slice(0, 80))} is neither ${adapterType} nor claude_local; it is ${adapterType}`,
  );
  return adapterType;
}

/**
 * The settings of an agent that was made for the server's own machine, in a pod. Its working directory names a folder of the server,
 * which reaches the pod by the setting Workspace; as the pod's own it would be an empty folder of that name.
 */
export function settingsForPods<Context extends { readonly config: Record<string, unknown> }>(
  type: RegisteredType,
  context: Context,
): Context {
  if (type === adapterType) return context;
  const { cwd: _ofTheServer, ...config } = context.config;
  return { ...context, config };
}
