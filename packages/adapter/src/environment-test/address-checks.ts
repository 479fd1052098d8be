import { buildPaperclipEnv } from "@paperclipai/adapter-utils/server-utils";

import type { EnvironmentCheck } from "../host/contract.ts";
import { type Ask, answerOf, info, patience, warn, whereToSet } from "./checks.ts";

const label = `"Paperclip's address for pods"`;

/**
 * Will a pod reach Paperclip? The server tries it in the pod's place: what it cannot reach either is told as far as that says
 * something, and an address that only means the pod itself is told in any case. Never an error: the run begins all the same.
 */
export async function addressChecks(setting: string | null, ask: Ask): Promise<readonly EnvironmentCheck[]> {
  const address = setting ?? ownAddress();
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol))
    return [
      warn(
        "paperclip_address_missing",
        "Pods do not know where Paperclip is.",
        whereToSet(label, "paperclipApiUrl"),
      ),
    ];
  if (isLoopback(url.hostname))
    return [
      warn(
        "paperclip_address_loopback",
        `Pods would look for Paperclip at ${url.origin}, which is the pod itself${setting === null ? "; no other address is set" : ""}.`,
        `${whereToSet(label, "paperclipApiUrl")} The server must know the host name, too: PAPERCLIP_ALLOWED_HOSTNAMES.`,
      ),
    ];
  return [await reached(url, ask)];
}

async function reached(url: URL, ask: Ask): Promise<EnvironmentCheck> {
  const health = `${url.origin}${url.pathname.replace(/\/$/, "")}/api/health`;
  const answer = await answerOf(ask, health, { signal: patience() });
  if ("error" in answer) {
    const message = `Paperclip's address for pods, ${url.origin}, does not answer this server (${answer.error}).`;
    // The cluster's own names exist nowhere else.
    return isClusterName(url.hostname) && /ENOTFOUND|EAI_AGAIN/.test(answer.error)
      ? info("paperclip_address_unknown", `${message} It is a name of the cluster, which pods may well know.`)
      : warn(
          "paperclip_address_unreachable",
          message,
          `Correct ${label}, or see to it that pods reach it: a Service, an ingress, a network policy.`,
        );
  }
  const { status } = answer.response;
  if (status === 200)
    return info("paperclip_address", `Paperclip answers at ${url.origin}, the address for pods.`);
  if (status === 403)
    return warn(
      "paperclip_address_refused",
      `Paperclip does not answer requests for the host name ${url.hostname} (HTTP 403), so the agent could not use its API.`,
      `Add ${url.hostname} to PAPERCLIP_ALLOWED_HOSTNAMES in the server's environment, and restart it.`,
    );
  return warn(
    "paperclip_address_wrong",
    `What answers at ${url.origin} does not look like Paperclip (HTTP ${status} for /api/health).`,
    `Correct ${label}.`,
  );
}

/** By the host's own rule, read when it is asked: the server makes its address known when it begins to listen. */
function ownAddress(): string {
  return buildPaperclipEnv({ id: "test", companyId: "test" })["PAPERCLIP_API_URL"] ?? "";
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\]|0\.0\.0\.0|\[::\])$/i.test(hostname);
}

function isClusterName(hostname: string): boolean {
  return !hostname.includes(".") || /\.svc(\.|$)|\.cluster\.local$/i.test(hostname);
}
