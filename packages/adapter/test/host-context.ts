import { readFileSync } from "node:fs";

import type { ExecutionContext, HostEvent, HostInvocation } from "../src/host/contract.ts";
import type { HostServer } from "../src/host/server.ts";
import type { OperatorFile } from "../src/operator/file-schema.ts";

/** A server whose operator has said `rules`, with a home of its own. */
export function fakeServer(
  rules: OperatorFile = {},
  changes: Partial<Omit<HostServer, "operator">> & { readonly file?: string | null } = {},
): HostServer {
  const { file = null, ...others } = changes;
  return {
    operator: { word: async () => ({ kind: "rules", file, rules, problems: [] }) },
    home: { folder: "/nonexistent/paperclip", instance: "/nonexistent/paperclip/instances/default" },
    environment: {},
    bundledSkills: [],
    ...others,
  };
}

export interface FakeHost {
  readonly context: ExecutionContext;
  readonly chunks: { readonly stream: string; readonly chunk: string }[];
  readonly events: HostEvent[];
  readonly invocations: HostInvocation[];
  readonly calls: string[];
  readonly cancel: AbortController;
  output(): string;
}

/** A context as a real server passed it, with functions that keep what they are given. */
export function fakeHost(changes: {
  readonly config?: Record<string, unknown>;
  readonly context?: Record<string, unknown>;
  readonly runtime?: Partial<ExecutionContext["runtime"]>;
  readonly runId?: string;
  readonly authToken?: string;
  readonly agentId?: string;
  readonly companyId?: string;
  readonly onLog?: (chunk: string) => void;
}): FakeHost {
  const sample = JSON.parse(
    readFileSync(new URL("fixtures/context.json", import.meta.url), "utf8"),
  ) as ExecutionContext;
  const chunks: { stream: string; chunk: string }[] = [];
  const events: HostEvent[] = [];
  const invocations: HostInvocation[] = [];
  const calls: string[] = [];
  const cancel = new AbortController();
  const { instructionsFilePath: _path, ...config } = sample.config;
  const context: ExecutionContext = {
    runId: changes.runId ?? sample.runId,
    agent: {
      ...sample.agent,
      ...(changes.agentId !== undefined && { id: changes.agentId }),
      ...(changes.companyId !== undefined && { companyId: changes.companyId }),
    },
    runtime: {
      sessionId: null,
      sessionParams: null,
      sessionDisplayId: null,
      taskKey: sample.runtime.taskKey,
      ...changes.runtime,
    },
    config: { ...config, paperclipRuntimeSkills: [], ...changes.config },
    context: { ...sample.context, ...changes.context },
    authToken: changes.authToken ?? ["run", "jwt", "0123456789abcdef"].join("."),
    signal: cancel.signal,
    onCancellationReady: async () => void calls.push("cancellation-ready"),
    onDispatch: () => void calls.push("dispatch"),
    onLog: async (stream, chunk) => {
      chunks.push({ stream, chunk });
      changes.onLog?.(chunk);
    },
    onEvent: async (event) => void events.push(event),
    onMeta: async (meta) => void invocations.push(meta),
    onRuntimeProgress: () => undefined,
  };
  return {
    context,
    chunks,
    events,
    invocations,
    calls,
    cancel,
    output: () => chunks.map(({ chunk }) => chunk).join(""),
  };
}
