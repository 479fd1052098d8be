import type { FakeHost } from "../host-context.ts";

/** Lines of the adapter's own stand between those of the output, never in one. */
const isStatus = (line: string): boolean => line.startsWith("[claude_k8s] ");
const linesOf = (host: FakeHost): readonly string[] => host.output().split("\n");

export const statusOf = (host: FakeHost): readonly string[] => linesOf(host).filter(isStatus);
export const outputOf = (host: FakeHost): string =>
  linesOf(host)
    .filter((line) => !isStatus(line))
    .join("\n");
