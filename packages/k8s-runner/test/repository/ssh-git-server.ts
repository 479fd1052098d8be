/** Repositories of this machine over SSH, for whoever has the one key. */

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import ssh2 from "ssh2";

export interface SshGitServer extends AsyncDisposable {
  /** Before the absolute path of a repository. */
  readonly url: string;
  /** That opens the repositories; in the format of OpenSSH, as the key of a Secret is. */
  readonly key: string;
  /** The line of `known_hosts` by which the server is known. */
  readonly knownHosts: string;
}

/** Another one's. By OpenSSH itself: of the library's Ed25519 keys, OpenSSH cannot read one in a hundred. */
export function otherKey(): { readonly private: string; readonly public: string } {
  const folder = mkdtempSync(path.join(tmpdir(), "ssh-key-"));
  try {
    const file = path.join(folder, "key");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", file]);
    return { private: readFileSync(file, "utf8"), public: readFileSync(`${file}.pub`, "utf8").trim() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export async function startSshGitServer(): Promise<SshGitServer> {
  const host = otherKey();
  const client = otherKey();
  const open = new Set<ssh2.Connection>();
  const server = new ssh2.Server({ hostKeys: [host.private] }, (connection) => {
    open.add(connection);
    connection.on("close", () => open.delete(connection));
    // Whoever does not believe the server ends the connection in the middle of the handshake.
    connection.on("error", () => undefined);
    connection.on("authentication", (asked) => {
      if (asked.method === "publickey" && isProof(client.public, asked)) asked.accept();
      else asked.reject(["publickey"]);
    });
    connection.on("session", (accept) => {
      accept().on("exec", (acceptProgram, _reject, { command }) => serve(acceptProgram(), command));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `ssh://git@127.0.0.1:${port}`,
    key: client.private,
    knownHosts: knownHostsLine(port, host.public),
    async [Symbol.asyncDispose]() {
      for (const connection of open) connection.end();
      await new Promise((resolve) => void server.close(() => resolve(undefined)));
    },
  };
}

export function knownHostsLine(port: number, publicKey: string): string {
  return `[127.0.0.1]:${port} ${publicKey}\n`;
}

function isProof(publicKey: string, asked: ssh2.PublicKeyAuthContext): boolean {
  const known = ssh2.utils.parseKey(publicKey);
  if (known instanceof Error || !known.getPublicSSH().equals(asked.key.data)) return false;
  // First it is asked whether the key would do; then it is proved.
  if (asked.signature === undefined || asked.blob === undefined) return true;
  return known.verify(asked.blob, asked.signature, asked.hashAlgo);
}

/** `git-upload-pack` or `git-receive-pack`, as the client says it. */
function serve(channel: ssh2.ServerChannel, command: string): void {
  const program = spawn("/bin/sh", ["-c", command], { stdio: "pipe" });
  channel.pipe(program.stdin);
  program.stdin.on("error", () => undefined);
  program.stdout.pipe(channel, { end: false });
  program.stderr.pipe(channel.stderr, { end: false });
  program.once("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
}
