/** By what the server's pod is known to the provider of the model. Pure. */

import { posix } from "node:path";

import type { OwnMount } from "@claude-k8s/k8s-runner";

/** Names that the command line reads; everything else of the server is the server's. */
const variables: ReadonlySet<string> = new Set([
  "ANTHROPIC_API_KEY",
  "ANTHROPIC_AUTH_TOKEN",
  "ANTHROPIC_BASE_URL",
  "ANTHROPIC_CUSTOM_HEADERS",
  "ANTHROPIC_BEDROCK_BASE_URL",
  "ANTHROPIC_VERTEX_BASE_URL",
  "ANTHROPIC_VERTEX_PROJECT_ID",
  "ANTHROPIC_FOUNDRY_API_KEY",
  "ANTHROPIC_FOUNDRY_BASE_URL",
  "ANTHROPIC_FOUNDRY_RESOURCE",
  "CLAUDE_CODE_OAUTH_TOKEN",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_BEARER_TOKEN_BEDROCK",
  "AWS_REGION",
]);

export function isProviderVariable(name: string): boolean {
  return variables.has(name);
}

const fileVariables = ["GOOGLE_APPLICATION_CREDENTIALS", "AWS_SHARED_CREDENTIALS_FILE"] as const;

export interface ProviderFile {
  readonly variable: string;
  /** On the server, and in the pod. */
  readonly path: string;
  readonly mount: OwnMount;
}

/** Files with credentials, where a Secret is mounted for them. */
export function providerFiles(
  environment: Readonly<Record<string, string | undefined>>,
  mounts: readonly OwnMount[],
): readonly ProviderFile[] {
  return fileVariables.flatMap((variable) => {
    const path = environment[variable];
    if (path === undefined || !posix.isAbsolute(path)) return [];
    const mount = mounts.find(
      ({ volume, mountPath, subPath }) =>
        volume.secret != null && subPath !== null && (path === mountPath || path.startsWith(`${mountPath}/`)),
    );
    return mount === undefined ? [] : [{ variable, path, mount }];
  });
}
