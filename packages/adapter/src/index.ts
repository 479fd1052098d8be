export { createServerAdapter } from "./server-adapter.ts";
export type {
  EnvironmentCheck,
  EnvironmentTestContext,
  EnvironmentTestResult,
  ExecutionContext,
  ExecutionResult,
  ServerAdapter,
} from "./host/contract.ts";
