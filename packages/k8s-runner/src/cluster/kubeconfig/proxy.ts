/** Which proxy leads to the API server: `proxy-url` of the kubeconfig, else the environment's, by the rules of Go's programs. */

import { BlockList, isIP, isIPv6 } from "node:net";
import { InvalidKubeconfigError } from "../../errors.ts";
import { quote } from "./fields.ts";
import type { KubeconfigCluster } from "./kubeconfig.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** `null`: none. Throws an `InvalidKubeconfigError` that names the field or the variable. */
export function proxyFor(
  { name, server, proxyUrl }: Pick<KubeconfigCluster, "name" | "server" | "proxyUrl">,
  environment: Environment,
): string | null {
  if (proxyUrl !== null) {
    const place = `clusters[${quote(name)}].cluster.proxy-url of the kubeconfig`;
    return usable(proxyUrl, { field: "proxy-url", place });
  }
  const { protocol } = new URL(server);
  const variables = protocol === "https:" ? ["HTTPS_PROXY", "https_proxy"] : ["HTTP_PROXY", "http_proxy"];
  const variable = variables.find((one) => (environment[one] ?? "") !== "");
  if (variable === undefined) return null;
  const without = environment["NO_PROXY"] || environment["no_proxy"] || "";
  if (!leadsThroughProxy(new URL(server), without)) return null;
  return usable(environment[variable] as string, { field: variable, place: variable });
}

/** What kubectl takes: of the kubeconfig only a whole URL, of the environment also a host and a port, and another name for SOCKS. */
const schemes = {
  "proxy-url": ["http", "https", "socks5"],
  variable: ["http", "https", "socks5", "socks5h"],
};

interface Setting {
  readonly field: string;
  /** In words, for whoever is to correct it. */
  readonly place: string;
}

/** Its errors do not repeat the value, which may hold a password. */
function usable(written: string, { field, place }: Setting): string {
  const inKubeconfig = field === "proxy-url";
  const url = inKubeconfig || written.includes("://") ? written : `http://${written}`;
  const known = inKubeconfig ? schemes["proxy-url"] : schemes.variable;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const remedy = `write it as ${known.map((scheme) => `${scheme}://HOST:PORT`).join(", ")}`;
  if (parsed === null || !url.includes("://"))
    throw new InvalidKubeconfigError(field, `${place} is no URL of a proxy; ${remedy}`);
  if (parsed.hostname === "" || !known.includes(parsed.protocol.slice(0, -1)))
    throw new InvalidKubeconfigError(
      field,
      `${place} names a proxy with ${parsed.protocol}//, which kubectl does not take either; ${remedy}`,
    );
  const part = undecodable(parsed);
  if (part !== null)
    throw new InvalidKubeconfigError(
      field,
      `${place} has a % in its ${part} that begins no percent-encoded character of UTF-8; write the ${part} percent-encoded, a % itself as %25`,
    );
  return url;
}

/** A URL may hold any %; whoever sends the words to the proxy has to decode them. */
function undecodable({ username, password }: URL): "user" | "password" | null {
  if (!isDecodable(username)) return "user";
  return isDecodable(password) ? null : "password";
}

function isDecodable(word: string): boolean {
  try {
    decodeURIComponent(word);
    return true;
  } catch {
    return false;
  }
}

/** https://pkg.go.dev/golang.org/x/net/http/httpproxy#Config: names, `.suffixes`, addresses, CIDR blocks, each with a port or not; `*`. */
export function leadsThroughProxy(server: URL, withoutProxy: string): boolean {
  const host = server.hostname
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const port = server.port || (server.protocol === "https:" ? "443" : "80");
  if (host === "localhost" || isLoopback(host)) return false;
  return !withoutProxy
    .split(",")
    .map((entry) => entry.trim().toLowerCase())
    .some((entry) => entry !== "" && covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInBlock(host, entry);
  const { name, wantedPort } = splitPort(entry);
  if (wantedPort !== null && wantedPort !== port) return false;
  if (isIP(name) !== 0) return isInBlock(host, `${name}/${isIPv6(name) ? 128 : 32}`);
  if (name.startsWith("*.")) return host.endsWith(name.slice(1));
  if (name.startsWith(".")) return host.endsWith(name);
  return host === name || host.endsWith(`.${name}`);
}

function splitPort(entry: string): { readonly name: string; readonly wantedPort: string | null } {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null) return { name: bracketed[1] ?? "", wantedPort: bracketed[2] ?? null };
  const [name = "", wantedPort, ...more] = entry.split(":");
  // More than one colon: an address of IPv6.
  return wantedPort === undefined || more.length > 0
    ? { name: entry, wantedPort: null }
    : { name, wantedPort };
}

function isInBlock(host: string, block: string): boolean {
  const [address = "", bits = ""] = block.split("/");
  const family = isIPv6(address) ? "ipv6" : "ipv4";
  const prefix = Number(bits);
  if (isIP(address) === 0 || isIP(host) === 0 || isIPv6(host) !== isIPv6(address)) return false;
  if (bits === "" || !Number.isInteger(prefix) || prefix > (family === "ipv6" ? 128 : 32)) return false;
  const blocks = new BlockList();
  blocks.addSubnet(address, prefix, family);
  return blocks.check(host, family);
}

function isLoopback(host: string): boolean {
  return isInBlock(host, "127.0.0.0/8") || host === "::1";
}
