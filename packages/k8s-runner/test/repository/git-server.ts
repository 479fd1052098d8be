/** Repositories of a folder over HTTP, by git's own program for it. */

import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface GitServer extends AsyncDisposable {
  readonly url: string;
  /** That were offered to it. */
  readonly passwords: readonly string[];
}

export interface GitServerOptions {
  /** Default: everybody may read and write. */
  readonly user?: string;
  readonly password?: string;
  readonly readOnly?: boolean;
  readonly host?: string;
}

export async function startGitServer(
  folder: string,
  { user, password, readOnly = false, host = "127.0.0.1" }: GitServerOptions,
): Promise<GitServer> {
  const passwords: string[] = [];
  const server = createServer((request, response) => {
    const [, credential = ""] = /^Basic (.+)$/.exec(request.headers.authorization ?? "") ?? [];
    const given = Buffer.from(credential, "base64").toString("utf8");
    if (given !== "") passwords.push(given.slice(given.indexOf(":") + 1));
    if (user !== undefined && given !== `${user}:${password ?? ""}`) {
      response.writeHead(401, { "www-authenticate": 'Basic realm="git"' }).end();
      return;
    }
    const url = new URL(request.url ?? "/", "http://host");
    const writes =
      url.pathname.endsWith("/git-receive-pack") || url.searchParams.get("service") === "git-receive-pack";
    if (readOnly && writes) {
      response.writeHead(403).end("this one may only read");
      return;
    }
    const backend = spawn("git", ["http-backend"], {
      env: {
        PATH: process.env["PATH"],
        GIT_PROJECT_ROOT: folder,
        GIT_HTTP_EXPORT_ALL: "1",
        GIT_CONFIG_COUNT: "2",
        GIT_CONFIG_KEY_0: "safe.directory",
        GIT_CONFIG_VALUE_0: "*",
        GIT_CONFIG_KEY_1: "http.receivepack",
        GIT_CONFIG_VALUE_1: "true",
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        REQUEST_METHOD: request.method,
        CONTENT_TYPE: request.headers["content-type"],
        HTTP_CONTENT_ENCODING: request.headers["content-encoding"],
        HTTP_GIT_PROTOCOL: request.headers["git-protocol"] as string | undefined,
        REMOTE_USER: user ?? "anybody",
      },
      stdio: ["pipe", "pipe", "ignore"],
    });
    request.pipe(backend.stdin);
    backend.stdin.on("error", () => undefined);
    let head = Buffer.alloc(0);
    let begun = false;
    backend.stdout.on("data", (chunk: Buffer) => {
      if (begun) {
        response.write(chunk);
        return;
      }
      head = Buffer.concat([head, chunk]);
      const end = head.indexOf("\r\n\r\n");
      if (end === -1) return;
      begun = true;
      const lines = head.subarray(0, end).toString("utf8").split("\r\n");
      const headers = lines.map((line) => line.split(": ", 2) as [string, string]);
      const status = Number(headers.find(([name]) => name === "Status")?.[1].slice(0, 3) ?? 200);
      response.writeHead(status, Object.fromEntries(headers.filter(([name]) => name !== "Status")));
      response.write(head.subarray(end + 4));
    });
    backend.once("close", () => response.end());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    passwords,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
