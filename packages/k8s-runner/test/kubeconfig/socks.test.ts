/** Through a SOCKS5 proxy, as kubectl goes through one: requests, logs and sockets alike. */

import { createServer } from "node:net";
import { connect as connectSocket } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { startLocalCluster } from "@claude-k8s/local-cluster";
import type { LocalCluster } from "@claude-k8s/local-cluster";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect } from "../../src/index.ts";
import type { Cluster } from "../../src/index.ts";
import { openThroughSocks } from "../../src/cluster/socks.ts";

interface Behaviour {
  readonly login?: { readonly user: string; readonly password: string };
  /** In place of success. */
  readonly status?: number;
  readonly version?: number;
  /** Each octet is written by itself. */
  readonly slow?: boolean;
  /** Closes after so many answers. */
  readonly closesAfter?: number;
  /** Kind and octets of the address in its last answer. */
  readonly bound?: readonly number[];
}

interface SocksServer {
  readonly port: number;
  /** `kind octets port` of each connection asked for. */
  readonly asked: readonly string[];
}

const anyAddress = [1, 0, 0, 0, 0];

/** Leads every connection to `upstream`, whatever it was asked for. */
async function startSocks(upstream: number, behaviour: Behaviour = {}): Promise<SocksServer> {
  const asked: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    void serve(socket, behaviour, asked, () => {
      const other = connectSocket(upstream, "127.0.0.1");
      sockets.add(other);
      other.on("error", () => socket.destroy());
      socket.pipe(other).pipe(socket);
    }).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, asked };
}

async function serve(socket: Socket, behaviour: Behaviour, asked: string[], lead: () => void): Promise<void> {
  const { login, status = 0, version = 5, slow = false, closesAfter = Infinity } = behaviour;
  const read = readerOf(socket);
  let answers = 0;
  const answer = (octets: readonly number[]): void => {
    if (answers++ >= closesAfter) return void socket.end();
    if (slow) for (const octet of octets) socket.write(Buffer.from([octet]));
    else socket.write(Buffer.from(octets));
  };
  const [, count = 0] = await read(2);
  const methods = await read(count);
  const method = login === undefined ? 0 : methods.includes(2) ? 2 : 255;
  answer([version, method]);
  if (method === 2) {
    const words: string[] = [];
    await read(1);
    for (let word = 0; word < 2; word += 1) {
      const [length = 0] = await read(1);
      words.push((await read(length)).toString());
    }
    answer([1, words[0] === login?.user && words[1] === login?.password ? 0 : 1]);
  }
  const [, , , kind = 0] = await read(4);
  const [named] = kind === 3 ? await read(1) : [];
  const octets = await read(named ?? (kind === 1 ? 4 : 16));
  const port = (await read(2)).readUInt16BE();
  asked.push(`${kind} ${kind === 3 ? octets.toString() : octets.toString("hex")} ${port}`);
  answer([5, status, 0, ...(behaviour.bound ?? anyAddress), 0, 0]);
  if (status === 0) lead();
}

/** Exactly so many octets; what comes beyond them is left. */
function readerOf(socket: Socket): (count: number) => Promise<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  return async (count) => {
    while (held.length < count) {
      const octets = socket.read() as Buffer | null;
      if (octets !== null) held = Buffer.concat([held, octets]);
      else
        await new Promise((resolve, reject) => {
          socket.once("readable", resolve);
          socket.once("close", () => reject(new Error("closed")));
        });
    }
    const taken = held.subarray(0, count);
    held = held.subarray(count);
    return taken;
  };
}

async function start(): Promise<{ readonly local: LocalCluster; readonly upstream: number }> {
  const local = await startLocalCluster();
  onTestFinished(() => local.close());
  return { local, upstream: Number(new URL(local.url).port) };
}

const hidden = "https://api.hidden.example:6443";

async function open(local: LocalCluster, proxyUrl: string | null, brief = false): Promise<Cluster> {
  const data = Buffer.from(local.certificateAuthority).toString("base64");
  const kubeconfig = JSON.stringify({
    clusters: [
      {
        name: "k",
        cluster: {
          server: hidden,
          "tls-server-name": "localhost",
          "certificate-authority-data": data,
          ...(proxyUrl === null ? {} : { "proxy-url": proxyUrl }),
        },
      },
    ],
    users: [{ name: "u", user: { token: local.token } }],
    contexts: [{ name: "c", context: { cluster: "k", user: "u" } }],
    "current-context": "c",
  });
  const cluster = await connect({ kubeconfig, brief });
  onTestFinished(() => cluster.close());
  return cluster;
}

async function answerOf(cluster: Cluster): Promise<string> {
  const answer = await cluster.get("namespaces", null, "default");
  return answer.kind === "ok" ? "ok" : answer.error.message;
}

describe("the server is reached", () => {
  test.each([
    ["over HTTP/2", false],
    ["briefly", true],
  ])("%s, by the name that only the proxy knows", async (_, brief) => {
    const { local, upstream } = await start();
    const socks = await startSocks(upstream);
    const cluster = await open(local, `socks5://127.0.0.1:${socks.port}`, brief);
    const many = await Promise.all(Array.from({ length: 10 }, () => answerOf(cluster)));
    expect(new Set(many)).toEqual(new Set(["ok"]));
    expect(new Set(socks.asked)).toEqual(new Set(["3 api.hidden.example 6443"]));
  });

  test("with a socket for what is no request", async () => {
    const { local, upstream } = await start();
    const socks = await startSocks(upstream);
    const cluster = await open(local, `socks5://127.0.0.1:${socks.port}`);
    const { socket } = await cluster.openSocket({ signal: new AbortController().signal });
    const closed = new Promise((resolve) => socket.once("close", resolve));
    socket.destroy();
    await closed;
    expect(socks.asked).toEqual(["3 api.hidden.example 6443"]);
  });

  test.each(["socks5", "socks5h"])("by HTTPS_PROXY with %s://", async (scheme) => {
    const { local, upstream } = await start();
    const socks = await startSocks(upstream);
    vi.stubEnv("HTTPS_PROXY", `${scheme}://127.0.0.1:${socks.port}`);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await answerOf(await open(local, null))).toBe("ok");
    expect(socks.asked).toEqual(["3 api.hidden.example 6443"]);
  });

  test("without TLS, as kubectl proxy has it", async () => {
    const plain = await startPlain();
    const socks = await startSocks(plain);
    for (const brief of [false, true]) {
      const kubeconfig = JSON.stringify({
        clusters: [
          {
            name: "k",
            cluster: { server: "http://api.hidden.example", "proxy-url": `socks5://127.0.0.1:${socks.port}` },
          },
        ],
        contexts: [{ name: "c", context: { cluster: "k" } }],
        "current-context": "c",
      });
      const cluster = await connect({ kubeconfig, brief });
      onTestFinished(() => cluster.close());
      expect(await answerOf(cluster)).toBe("ok");
    }
    expect(new Set(socks.asked)).toEqual(new Set(["3 api.hidden.example 80"]));
  });

  test.each<readonly [string, Behaviour]>([
    ["that answers octet by octet", { slow: true }],
    ["that has a name itself", { bound: [3, 5, 112, 114, 111, 120, 121] }],
    ["that has an address of IPv6", { bound: [4, ...Array.from({ length: 16 }, () => 1)] }],
  ])("through a proxy %s", async (_, behaviour) => {
    const { local, upstream } = await start();
    const socks = await startSocks(upstream, behaviour);
    expect(await answerOf(await open(local, `socks5://127.0.0.1:${socks.port}`))).toBe("ok");
  });
});

describe("what the proxy refuses is told, and never its password", () => {
  const password = ["pass", "word"].join("-");
  const login = { user: "me", password };

  test("its own user and password are right", async () => {
    const { local, upstream } = await start();
    const socks = await startSocks(upstream, { login });
    expect(await answerOf(await open(local, `socks5://me:${password}@127.0.0.1:${socks.port}`))).toBe("ok");
  });

  test("a password with a % arrives as it is where it is percent-encoded, and is refused at once where it is not", async () => {
    const { local, upstream } = await start();
    const written = `${password}%ss`;
    const socks = await startSocks(upstream, { login: { user: "me", password: written } });
    const host = `127.0.0.1:${socks.port}`;
    expect(await answerOf(await open(local, `socks5://me:${encodeURIComponent(written)}@${host}`))).toBe(
      "ok",
    );
    await expect(open(local, `socks5://me:${written}@${host}`)).rejects.toMatchObject({
      name: "InvalidKubeconfigError",
      field: "proxy-url",
      message: expect.stringMatching(/^clusters\["k"\]\.cluster\.proxy-url .*percent-encoded/),
    });
  });

  test.each<readonly [string, Behaviour, string, RegExp]>([
    ["a wrong password", { login }, "me:other@", /Authentication failed/],
    ["no password", { login }, "", /no accepted authentication type/],
    ["a user that is too long", { login }, `${"u".repeat(256)}:other@`, /more than 255 bytes/],
    ["its rules", { status: 2 }, "", /NotAllowed/],
    ["a server that refuses", { status: 5 }, "", /ConnectionRefused/],
    ["a status that nobody knows", { status: 77 }, "", /rejected connection/],
    ["another version", { version: 4 }, "", /invalid socks version/],
    ["an end in the middle", { closesAfter: 1 }, "", /Socket closed/],
  ])("%s", async (_, behaviour, user, words) => {
    const { local, upstream } = await start();
    const socks = await startSocks(upstream, behaviour);
    for (const brief of [false, true]) {
      const answer = await answerOf(await open(local, `socks5://${user}127.0.0.1:${socks.port}`, brief));
      expect(answer).toMatch(words);
      expect(answer).not.toContain("other");
    }
  });
});

test.each([
  ["10.1.2.3", "1 0a010203 6443"],
  ["fd00::1", "4 fd000000000000000000000000000001 6443"],
  ["::", "4 00000000000000000000000000000000 6443"],
  ["2001:db8:1:2:3:4:5:6", "4 20010db8000100020003000400050006 6443"],
  ["::ffff:a01:203", "4 00000000000000000000ffff0a010203 6443"],
  ["api.example.com", "3 api.example.com 6443"],
])("the address %s", async (hostname, wanted) => {
  const socks = await startSocks(await startPlain());
  const proxy = new URL(`socks5://127.0.0.1:${socks.port}`);
  const socket = await openThroughSocks(proxy, { hostname, port: 6443 });
  socket.destroy();
  expect(socks.asked).toEqual([wanted]);
});

test("an abort does not wait for the proxy", async () => {
  const silent = createServer();
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void silent.close());
  const reason = new Error("enough");
  const abort = new AbortController();
  silent.once("connection", (socket) => {
    onTestFinished(() => void socket.destroy());
    abort.abort(reason);
  });
  const proxy = new URL(`socks5://127.0.0.1:${(silent.address() as AddressInfo).port}`);
  await expect(openThroughSocks(proxy, { hostname: "x", port: 1 }, abort.signal)).rejects.toBe(reason);
});

/** Answers every request with an object. */
async function startPlain(): Promise<number> {
  const { createServer: createPlain } = await import("node:http");
  const server = createPlain((_, answer) => answer.setHeader("content-type", "application/json").end("{}"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}
