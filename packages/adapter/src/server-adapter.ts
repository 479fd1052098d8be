import { homedir } from "node:os";
import path from "node:path";

import { connectRunner, writableFolder } from "./connect.ts";
import { createConnections } from "./connections.ts";
import { execute } from "./execute.ts";
import { createDailyLedger } from "./guards/daily-budget.ts";
import { adapterType } from "./host/adapter-type.ts";
import type { ServerAdapter } from "./host/contract.ts";
import { models } from "./host/models.ts";
import { sessionCodec } from "./host/session-codec.ts";
import { listSkills } from "./host/skills.ts";
import { testEnvironment } from "./host/environment-test.ts";
import { agentConfigurationDoc } from "./settings/documentation.ts";
import { configSchema } from "./settings/schema.ts";

/**
 * The adapter as Paperclip's plugin loader wants it. Called again on every reload: all state is in the returned object, and
 * nothing runs until a run is asked for. Its Jobs survive the server: no signal handler is installed, and none deletes one.
 */
export function createServerAdapter(): ServerAdapter {
  // The plugin has no other way to learn where the server keeps its data.
  const home = process.env["PAPERCLIP_HOME"]?.trim() || path.join(homedir(), ".paperclip");
  const connections = createConnections((kubeconfig) =>
    connectRunner(kubeconfig, { spoolFolder: writableFolder([path.join(home, "claude-k8s", "spool")]) }),
  );
  const ledger = createDailyLedger(writableFolder([path.join(home, "claude-k8s", "spend")]));
  return {
    type: adapterType,
    execute: (context) => execute(context, { connections, ledger }),
    testEnvironment: (context) => testEnvironment(context, { connections }),
    sessionCodec,
    supportsLocalAgentJwt: true,
    // Otherwise connection tools come as a bearer token within the wake's context.
    runtimeToolDelivery: "native_mcp",
    supportsInstructionsBundle: true,
    instructionsPathKey: "instructionsFilePath",
    requiresMaterializedRuntimeSkills: false,
    models,
    // The model is the image's or the agent's own: nothing on the server tells it.
    detectModel: async () => null,
    listSkills,
    syncSkills: listSkills,
    getConfigSchema: configSchema,
    agentConfigurationDoc,
  };
}
