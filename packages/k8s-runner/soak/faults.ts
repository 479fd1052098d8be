/** Which faults a soak puts in front of the API server. */

import type { PlanEntry } from "@claude-k8s/local-cluster";

/** `strength` 1: about every second log request and every tenth other one. */
export function faultPlan(strength: number): PlanEntry[] {
  const when = { kind: ["log-follow", "log-read"] };
  return [
    {
      when,
      probability: 0.3 * strength,
      fault: (random) => ({
        kind: "cut",
        ending: (["clean", "reset", "disconnect"] as const)[Math.floor(random() * 3)] ?? "clean",
        boundary: random() < 0.5 ? "byte" : "line",
        afterBytes: Math.floor(random() * 60_000),
        afterMilliseconds: Math.floor(random() * 3000),
      }),
    },
    {
      when,
      probability: 0.05 * strength,
      fault: (random) => ({
        kind: "silence",
        afterBytes: Math.floor(random() * 20_000),
        forMilliseconds: Math.floor(random() * 4000),
      }),
    },
    {
      when: { kind: "log-follow" },
      probability: 0.05 * strength,
      fault: (random) => ({
        kind: "error-text",
        text: "failed to create fsnotify watcher: too many open files",
        afterBytes: Math.floor(random() * 20_000),
      }),
    },
    {
      when,
      probability: 0.1 * strength,
      fault: { kind: "status", code: 500, message: "dial tcp: i/o timeout" },
    },
    { probability: 0.02 * strength, fault: { kind: "status", code: 503 } },
    { probability: 0.02 * strength, fault: { kind: "refuse", ending: "disconnect" } },
    { probability: 0.02 * strength, fault: { kind: "goaway" } },
    {
      when: { kind: "watch *" },
      probability: 0.1 * strength,
      fault: (random) => ({ kind: "watch-drop", afterEvents: Math.floor(random() * 5) }),
    },
    {
      when: { kind: "create *" },
      probability: 0.05 * strength,
      fault: { kind: "lost-reply", instead: "reset" },
    },
  ];
}
