/** Which faults a soak puts in front of the API server, and what each is called in its table. */

import type { Fault, Incident, PlanEntry } from "@claude-k8s/local-cluster";
import { pick } from "./random.ts";
import type { Random } from "./random.ts";

const log = { kind: ["log-follow", "log-read"] };
const writes = { kind: ["create *", "patch *", "delete *"] };
const anyRead = { kind: ["get *", "list *"] };

/** At `strength` 1 about every second log request and every sixth other one is broken. */
export function faultPlan(strength: number, only: readonly string[] | null): PlanEntry[] {
  return [...logFaults, ...watchFaults, ...requestFaults].map((entry) =>
    Object.assign({}, entry, {
      probability: Math.min(0.95, entry.probability * strength),
      // What a fault is may depend on its draw: with others left out, they become a delay of nothing.
      fault: (random: Random): Fault => {
        const drawn = typeof entry.fault === "function" ? entry.fault(random) : entry.fault;
        if (only === null) return drawn;
        const names = [nameOf(drawn, "log-read"), nameOf(drawn, "log-follow")];
        return names.some((name) => only.includes(name)) ? drawn : nothing;
      },
    }),
  );
}

const nothing: Fault = { kind: "latency", milliseconds: 0 };

const logFaults: PlanEntry[] = [
  {
    when: { kind: "log-follow" },
    probability: 0.45,
    fault: (random) => ({
      kind: "cut",
      ending: pick(random, ["clean", "reset", "disconnect", "reset", "clean"] as const),
      boundary: random() < 0.5 ? "byte" : "line",
      afterBytes: Math.floor(random() * 60_000),
      afterMilliseconds: Math.floor(random() * 2500),
    }),
  },
  {
    when: { kind: "log-read" },
    probability: 0.25,
    fault: (random) => ({
      kind: "cut",
      ending: pick(random, ["clean", "clean", "reset"] as const),
      boundary: random() < 0.7 ? "line" : "byte",
      afterBytes: Math.floor(random() ** 2 * 30_000),
    }),
  },
  {
    when: log,
    probability: 0.05,
    fault: (random) => ({
      kind: "silence",
      afterBytes: Math.floor(random() * 10_000),
      forMilliseconds: Math.floor(random() * 4000),
    }),
  },
  {
    when: { kind: "log-follow" },
    probability: 0.05,
    fault: (random) => ({
      kind: "error-text",
      text: "failed to create fsnotify watcher: too many open files",
      afterBytes: Math.floor(random() * 20_000),
      afterMilliseconds: 2000,
    }),
  },
  {
    when: { kind: "log-read" },
    probability: 0.04,
    fault: {
      kind: "error-text",
      text: "unable to retrieve container logs for containerd://1",
      afterBytes: 0,
    },
  },
  {
    when: log,
    probability: 0.05,
    fault: { kind: "status", code: 500, message: "dial tcp 10.0.0.1:10250: i/o timeout" },
  },
];

const watchFaults: PlanEntry[] = [
  {
    when: { kind: "watch *" },
    probability: 0.25,
    fault: (random) => ({ kind: "watch-drop", afterEvents: Math.floor(random() * 5) }),
  },
  {
    when: { kind: "watch *" },
    probability: 0.25,
    fault: (random) => ({ kind: "watch-repeat", afterEvents: Math.floor(random() * 5), times: 2 }),
  },
  {
    when: { kind: "watch *" },
    probability: 0.2,
    fault: (random) =>
      random() < 0.5
        ? { kind: "gone", as: "http" }
        : { kind: "gone", as: "event", afterEvents: Math.floor(random() * 3) },
  },
  {
    when: { kind: "watch *" },
    probability: 0.08,
    fault: (random) => ({ kind: "silence", forMilliseconds: Math.floor(random() * 8000) }),
  },
  {
    when: { kind: "watch *" },
    probability: 0.5,
    fault: (random) => ({
      kind: "cut",
      ending: pick(random, ["clean", "reset"] as const),
      afterMilliseconds: Math.floor(random() * 6000),
    }),
  },
];

const requestFaults: PlanEntry[] = [
  {
    when: writes,
    probability: 0.06,
    fault: (random) => ({
      kind: "lost-reply",
      instead: pick(random, ["reset", "disconnect", "gateway-timeout"] as const),
    }),
  },
  { when: anyRead, probability: 0.12, fault: { kind: "stale" } },
  { probability: 0.02, fault: { kind: "status", code: 429, retryAfterSeconds: 1 } },
  { probability: 0.012, fault: { kind: "status", code: 500 } },
  { probability: 0.016, fault: { kind: "status", code: 502, body: "html" } },
  { probability: 0.016, fault: { kind: "status", code: 503 } },
  { probability: 0.016, fault: { kind: "status", code: 504, body: "html" } },
  {
    probability: 0.005,
    fault: (random) => ({ kind: "unauthorized", renewAfterMilliseconds: Math.floor(random() * 1500) }),
  },
  {
    probability: 0.015,
    fault: (random) => ({ kind: "refuse", ending: pick(random, ["reset", "disconnect"]) }),
  },
  {
    probability: 0.02,
    fault: (random) => ({
      kind: "goaway",
      afterMilliseconds: random() < 0.7 ? 0 : Math.floor(random() * 500),
    }),
  },
  {
    probability: 0.03,
    fault: (random) => ({ kind: "latency", milliseconds: Math.floor(random() * 1500) }),
  },
  {
    when: anyRead,
    probability: 0.01,
    fault: (random) => ({
      kind: "silence",
      beforeHeaders: true,
      ...(random() < 0.8 ? { forMilliseconds: Math.floor(random() * 6000) } : {}),
    }),
  },
];

/** Every kind that the proxy injects. */
export const proxyKinds = [
  "cut clean",
  "cut reset",
  "cut disconnect",
  "truncated log read",
  "silence",
  "latency",
  "429 with Retry-After",
  "500",
  "502",
  "503",
  "504",
  "401 until a new token",
  "refused",
  "lost reply",
  "stale read",
  "missing watch event",
  "repeated watch event",
  "410",
  "GOAWAY",
  "kubelet text in a 200",
] as const;

export type ProxyKind = (typeof proxyKinds)[number];

export function kindOf({ fault, request }: Incident): ProxyKind | null {
  return fault.kind === "latency" && fault.milliseconds === 0 ? null : nameOf(fault, request.kind);
}

function nameOf(fault: Fault, request: string): ProxyKind {
  switch (fault.kind) {
    case "cut":
      return fault.ending === "clean" && request === "log-read"
        ? "truncated log read"
        : `cut ${fault.ending}`;
    case "silence":
    case "latency":
      return fault.kind;
    case "status":
      return nameOfStatus(fault.code);
    case "unauthorized":
      return "401 until a new token";
    case "refuse":
      return "refused";
    case "lost-reply":
      return "lost reply";
    case "stale":
      return "stale read";
    case "watch-drop":
      return "missing watch event";
    case "watch-repeat":
      return "repeated watch event";
    case "gone":
      return "410";
    case "goaway":
      return "GOAWAY";
    case "error-text":
      return "kubelet text in a 200";
  }
}

function nameOfStatus(code: number): ProxyKind {
  switch (code) {
    case 429:
      return "429 with Retry-After";
    case 500:
    case 502:
    case 503:
    case 504:
      return `${code}`;
    default:
      throw new TypeError(`the plan has no status ${code}`);
  }
}
