export { createServerAdapter } from "./server-adapter.ts";
export { adapterLabel as label, adapterType as type } from "./host/adapter-type.ts";
export { models } from "./models/known-models.ts";
export { sessionCodec } from "./host/session-codec.ts";
export { agentConfigurationDoc } from "./settings/documentation.ts";
export { settingsForm as getConfigSchema } from "./settings/form.ts";
export type {
  EnvironmentCheck,
  EnvironmentTestContext,
  EnvironmentTestResult,
  ExecutionContext,
  ExecutionResult,
  ServerAdapter,
} from "./host/contract.ts";
