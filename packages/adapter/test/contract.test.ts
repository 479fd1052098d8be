import type {
  AdapterExecutionContext,
  AdapterExecutionResult,
  ServerAdapterModule,
  TranscriptEntry,
} from "@paperclipai/adapter-utils";
import { expect, expectTypeOf, test } from "vitest";

import type { ExecutionContext, ExecutionResult } from "../src/host/contract.ts";
import { createServerAdapter } from "../src/index.ts";
import type { TranscriptEntry as OwnEntry } from "../src/ui/entries.ts";

test("the host's own types take the adapter as it is", () => {
  expectTypeOf<AdapterExecutionContext>().toExtend<ExecutionContext>();
  expectTypeOf<ExecutionResult>().toExtend<AdapterExecutionResult>();
  expectTypeOf<OwnEntry>().toExtend<TranscriptEntry>();
  const adapter: ServerAdapterModule = createServerAdapter();
  expect(adapter.type).toBe("claude_k8s");
  expect(adapter.agentConfigurationDoc).toContain("claude_k8s");
});
