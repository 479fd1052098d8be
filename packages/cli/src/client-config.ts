import { KubeConfig } from "@kubernetes/client-node";

import type { CommonOptions } from "./options.ts";

/** For the few questions that the runner never asks. */
export function configOf({ kubeconfig, context }: CommonOptions): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromDefault();
  else config.loadFromFile(kubeconfig);
  if (context !== undefined) config.setCurrentContext(context);
  return config;
}
