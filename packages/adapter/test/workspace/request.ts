/** What a workspace mode is asked with, without a cluster. */

import type { Cluster } from "@claude-k8s/k8s-runner";

import type { OperatorFile } from "../../src/operator/file-schema.ts";
import { prepare } from "../../src/prepare.ts";
import { hostWorkspaceOf } from "../../src/workspace/host-workspace.ts";
import type { WorkspaceRequest } from "../../src/workspace/request.ts";
import { fakeHost, fakeServer } from "../host-context.ts";

export interface RequestOptions {
  readonly home: { readonly folder: string; readonly instance: string };
  readonly owner: { readonly company: string; readonly agent: string };
  readonly workspace: Record<string, unknown>;
  readonly config: Record<string, unknown>;
  readonly rules: OperatorFile;
  /** What the API server says of `pods/exec`; `null`: nothing. */
  readonly exec: boolean | null;
  /** Metadata of the claim that is found under any name; not given: there is none. */
  readonly claim?: Record<string, unknown>;
}

export async function openConfig(options: RequestOptions): Promise<WorkspaceRequest> {
  const { home, owner, workspace, config, rules, exec, claim } = options;
  const { context } = fakeHost({
    config: { image: "lab:1", ...config },
    context: { paperclipWorkspace: workspace },
    agentId: owner.agent,
  });
  const host = { ...context, agent: { ...context.agent, companyId: owner.company } };
  const server = fakeServer(rules, { home });
  const prepared = await prepare(host, server);
  if (prepared.kind === "refused") throw new Error(JSON.stringify(prepared.ending.diagnosis));
  const create = async () =>
    exec === null
      ? { kind: "error", error: { kind: "forbidden" } }
      : { kind: "ok", value: { status: { allowed: exec } }, resourceVersion: "" };
  const get = async () =>
    claim === undefined
      ? { kind: "error", error: { kind: "not-found" } }
      : { kind: "ok", value: { metadata: { name: "found", ...claim } }, resourceVersion: "1" };
  return {
    host,
    folders: hostWorkspaceOf(host),
    prepared,
    server,
    serverPod: { kind: "none", reason: "the server runs in no pod" },
    connection: { cluster: { create, get } as unknown as Cluster },
    namespace: "agents",
    slot: "slot",
    signal: new AbortController().signal,
  };
}
