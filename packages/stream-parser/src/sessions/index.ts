export { usageOfSessions } from "./usage.ts";
export type { SessionContent, SessionUsage, SessionUsageOptions, UsageRow, UsageSum } from "./usage.ts";
