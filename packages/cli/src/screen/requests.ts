import type { Cluster } from "@claude-k8s/k8s-runner";
import { plainLine } from "@claude-k8s/stream-parser/terminal";

import type { Streams } from "../streams.ts";

const requests = ["create", "get", "list", "patch", "replace", "delete", "watch"] as const;

/** Each request as one line, with its answer and the time it took. Bodies are left out: they hold what is secret. */
export function withRequestsShown(cluster: Cluster, { errors }: Streams): Cluster {
  const show = (what: string, answer: string, since: number): void =>
    void errors.write(
      `› ${plainLine(what)} → ${plainLine(answer)} (${Math.round(performance.now() - since)} ms)\n`,
    );
  const shown = Object.fromEntries(
    requests.map((verb) => [
      verb,
      async (...given: readonly unknown[]) => {
        const since = performance.now();
        const what = `${verb} ${placeOf(given)}`;
        try {
          const call = cluster[verb] as (...all: readonly unknown[]) => Promise<unknown>;
          const answer = await call(...given);
          show(what, answerWords(answer), since);
          return answer;
        } catch (error) {
          show(what, "given up", since);
          throw error;
        }
      },
    ]),
  );
  const logs: Cluster["logs"] = {
    async open(request, options) {
      const since = performance.now();
      const answer = await cluster.logs.open(request, options);
      const from =
        request.sinceSecond === undefined
          ? ""
          : ` since ${new Date(request.sinceSecond * 1000).toISOString()}`;
      show(
        `get pods/${request.namespace}/${request.podName}/log${request.follow ? " --follow" : ""}${from}`,
        answer.kind,
        since,
      );
      return answer;
    },
  };
  return new Proxy(cluster, {
    get: (target, name) =>
      name === "logs" ? logs : (shown[String(name)] ?? (Reflect.get(target, name) as unknown)),
  });
}

function placeOf(given: readonly unknown[]): string {
  // Names and selectors; whatever comes behind them is a body or a deadline.
  const [resource, namespace, third] = given;
  const name = typeof third === "string" ? `/${third}` : selectorOf(third);
  return `${String(resource)}${typeof namespace === "string" ? `/${namespace}` : ""}${name}`;
}

function selectorOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return "";
  const { labelSelector, fieldSelector } = value as Record<string, unknown>;
  return [labelSelector, fieldSelector]
    .flatMap((text) => (typeof text === "string" ? [` ${text}`] : []))
    .join("");
}

function answerWords(answer: unknown): string {
  const { kind, error } = answer as { kind?: string; error?: { kind: string; httpStatus: number | null } };
  if (kind === "error" && error !== undefined)
    return `${error.kind}${error.httpStatus === null ? "" : ` (${error.httpStatus})`}`;
  return kind ?? "ok";
}
