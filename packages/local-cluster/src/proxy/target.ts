import { readFileSync } from "node:fs";
import { parse } from "yaml";

/** The API server behind the proxy, and how the proxy proves who it is there. */
export interface Target {
  readonly server: URL;
  readonly certificateAuthority: string | null;
  readonly clientCertificate: string | null;
  readonly clientKey: string | null;
  /** Read anew for every request: token files of service accounts are rewritten about every hour. */
  readonly token: () => string | null;
  readonly verifyServer: boolean;
  readonly serverName: string | null;
  readonly namespace: string | null;
}

const brand = Symbol.for("@claude-k8s/local-cluster/KubeconfigError");

/** The kubeconfig given cannot be used; the message tells which part and why, and never quotes a credential. */
export class KubeconfigError extends Error {
  readonly [brand] = true;

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "KubeconfigError";
  }

  static isInstance(value: unknown): value is KubeconfigError {
    return typeof value === "object" && value !== null && brand in value;
  }
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads the current context of a kubeconfig. Understood are CA, client certificate and key (as data or files), tokens and
 * token files, `insecure-skip-tls-verify` and `tls-server-name`; not credential plugins.
 *
 * @throws KubeconfigError
 */
export function readTarget(kubeconfig: string): Target {
  const config = parseYaml(kubeconfig);
  const contextName = text(config, "current-context");
  if (contextName === null) throw new KubeconfigError("the kubeconfig has no current-context");
  const context = entry(config, "contexts", "context", contextName);
  const cluster = entry(config, "clusters", "cluster", text(context, "cluster") ?? "");
  const user = entry(config, "users", "user", text(context, "user") ?? "");
  for (const plugin of ["exec", "auth-provider"]) {
    if (user[plugin] !== undefined) {
      throw new KubeconfigError(
        `the user authenticates with a credential plugin (${plugin}); give a token or a client certificate instead`,
      );
    }
  }
  return {
    server: serverUrl(text(cluster, "server")),
    certificateAuthority: pem(cluster, "certificate-authority"),
    clientCertificate: pem(user, "client-certificate"),
    clientKey: pem(user, "client-key"),
    token: tokenOf(user),
    verifyServer: cluster["insecure-skip-tls-verify"] !== true,
    serverName: text(cluster, "tls-server-name"),
    namespace: text(context, "namespace"),
  };
}

function parseYaml(kubeconfig: string): Fields {
  let parsed: unknown;
  try {
    parsed = parse(kubeconfig);
  } catch {
    // The parser's message quotes the offending line, which may be a token.
    throw new KubeconfigError("the kubeconfig is not valid YAML");
  }
  if (!isFields(parsed)) throw new KubeconfigError("the kubeconfig is not a YAML mapping");
  return parsed;
}

function entry(config: Fields, list: string, field: string, name: string): Fields {
  const entries: unknown = config[list];
  const found = Array.isArray(entries)
    ? entries.find((candidate: unknown) => isFields(candidate) && candidate["name"] === name)
    : undefined;
  const content: unknown = isFields(found) ? found[field] : undefined;
  if (!isFields(content)) throw new KubeconfigError(`the kubeconfig has no entry "${name}" in its ${list}`);
  return content;
}

function serverUrl(server: string | null): URL {
  if (server === null || !URL.canParse(server)) {
    throw new KubeconfigError("the cluster's server is not a URL such as https://127.0.0.1:6443");
  }
  const url = new URL(server);
  if (url.protocol !== "https:") {
    throw new KubeconfigError(`the cluster's server must be https, not ${url.protocol}//`);
  }
  return url;
}

function pem(fields: Fields, field: string): string | null {
  const data = text(fields, `${field}-data`);
  if (data !== null) return Buffer.from(data, "base64").toString("utf8");
  const path = text(fields, field);
  return path === null ? null : readFile(path, field);
}

function tokenOf(user: Fields): () => string | null {
  const path = text(user, "tokenFile");
  const token = text(user, "token");
  return path === null ? () => token : () => readFile(path, "tokenFile").trim();
}

function readFile(path: string, field: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new KubeconfigError(`cannot read ${field} from ${path}`, { cause: error });
  }
}

function text(fields: Fields, field: string): string | null {
  const value = fields[field];
  return typeof value === "string" && value !== "" ? value : null;
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
