/** Why a container did not start: its image, its command, or the node that had to prepare it. */
import type { FixCondition } from "../catalog/entry.ts";
import type { Facts } from "../facts/facts.ts";
import { count, flag, number, words } from "../facts/read.ts";
import { startReasons } from "../naming/pod-reasons.ts";
import { oneLine } from "../words/quote.ts";
import { exitWords } from "../words/signals.ts";
import { placeWords, said, waited } from "./place-words.ts";
import { refusedByNode } from "./resource-causes.ts";
import { startWords } from "./start-words.ts";
import type { Verdict } from "./verdict.ts";

export function imageFailure(
  kind: "image-pull-failed" | "image-invalid",
  facts: Facts,
  message: string | null,
): Verdict {
  const { failure } = facts;
  const image = words(failure["image"]);
  const reason = words(failure["reason"]) ?? "no reason told";
  const told = message ?? "";
  const untrusted = isUntrusted(told);
  const final = kind === "image-invalid" || flag(failure["final"]) === true || untrusted || isForPeople(told);
  const container = words(failure["container"]);
  return {
    code: kind === "image-invalid" ? "k8s_image_invalid" : "k8s_image_pull_failed",
    cause: `Image ${image ?? "?"}${container === null ? "" : ` of container ${container}`} ${kind === "image-invalid" ? "cannot be used" : "was not pulled"} (${reason}${
      count(failure["waitedSeconds"]) === 0 ? "" : `, waited${waited(failure["waitedSeconds"])}`
    }): ${said(message)}${placeWords(facts)}`,
    detail: `${reason} ${message ?? ""}`,
    family: final ? null : "transient_upstream",
    conditions: untrusted ? ["untrusted"] : pullConditions(told),
    names: { image },
  };
}

/** A certificate does not become trusted by waiting. */
function isUntrusted(message: string): boolean {
  return /x509:|certificate (?:signed by unknown|has expired|is not valid|verify failed)|failed to verify certificate/i.test(
    message,
  );
}

/** The registry answers, and somebody has to pay or to configure the node first. */
function isForPeople(message: string): boolean {
  return /http response to https client|payment required|\b402\b/i.test(message);
}

function pullConditions(message: string): readonly FixCondition[] {
  if (/no match(?:ing)? (?:for platform|manifest)/i.test(message)) return ["processor"];
  return /denied|unauthorized|forbidden|authenticat|\b40[13]\b/i.test(message) ? ["denied"] : [];
}

export function configurationFailure(facts: Facts, message: string | null): Verdict {
  const reason = words(facts.failure["reason"]);
  const asRoot = reason === "VerifyNonRootError" || /runAsNonRoot|run as root/i.test(message ?? "");
  return {
    code: "k8s_container_config_error",
    conditions: [asRoot ? "root" : "missing"],
    cause: `${reason ?? "The container's configuration is incomplete"}: ${said(message)}${placeWords(facts)}`,
    detail: message,
  };
}

export function containerStartFailure(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const reason = words(failure["reason"]);
  const exitCode = number(failure["exitCode"]);
  const told = outOfStep.test(message ?? "") ? null : startWords([message ?? ""]);
  // Evidence of earlier releases has the node's refusals under this kind, too.
  if (exitCode === null && told === null && reason !== null && !startReasons.has(reason))
    return refusedByNode(facts.cluster.nodeName, reason, message, facts);
  const trouble = preparation(message ?? "");
  const late = told === null && (trouble === "runtime" || /no space left/i.test(message ?? ""));
  return {
    code: "k8s_container_start_failed",
    ...(late ? { family: "transient_upstream" as const } : {}),
    cause: `${reason ?? "The command did not start"}${exitSuffix(failure["exitCode"])}: ${said(message)}${
      told === null ? "" : ` It means: ${told.means}.`
    }${placeWords(facts)}`,
    detail: message ?? reason,
    conditions: [told?.condition ?? trouble ?? "command"],
    names: { node: facts.cluster.nodeName },
  };
}

/** A runtime under load looks for a process of its own that is gone: no file of the image is missing. */
const outOfStep = /lstat \/proc\/\d{1,10}\/ns|failed to find pid/i;

/** What went wrong before the command's turn came; neither the command nor its image is at fault then. */
function preparation(message: string): "runtime" | "memory" | "node" | null {
  if (/oom-killed|memory limit too low|memory limit[^\n]{0,60}minimum/i.test(message)) return "memory";
  if (
    /hook #?\d|(?:prestart|createruntime|createcontainer) hook|nvidia-container-cli|apparmor|seccomp|no space left|cgroup/i.test(
      message,
    )
  )
    return "node";
  const late =
    /address already in use|connection (?:refused|reset)|no child processes|from pipe: eof|\bunexpected eof\b|container "[^"]{1,80}" is not running|context deadline exceeded|deadlineexceeded|is reserved for|transport is closing|ttrpc: closed|containerd\.sock|crio\.sock|timeout expired|timed out/i;
  return late.test(message) || outOfStep.test(message) ? "runtime" : null;
}

function exitSuffix(exitCode: unknown): string {
  const known = number(exitCode);
  return known === null ? "" : ` (${exitWords(known, null)})`;
}

export function initFailure(facts: Facts, message: string | null): Verdict {
  const { failure } = facts;
  const container = words(failure["container"]);
  const reason = words(failure["reason"]);
  const exitCode = number(failure["exitCode"]);
  const told = [exitCode === null ? null : exitWords(exitCode, null), reason].filter((part) => part !== null);
  return {
    code: "k8s_init_container_failed",
    cause: `Init container ${container ?? "?"} failed${told.length === 0 ? "" : `: ${told.join(", ")}`}${
      message === null ? "" : `: ${oneLine(message)}`
    }.${placeWords(facts)}`,
    detail: `${container ?? "?"} ${message ?? reason ?? ""}`,
    conditions: reason === "OOMKilled" ? ["memory"] : [],
    names: { container },
  };
}
