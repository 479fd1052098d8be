/** A registry of npm packages on loopback, which passes on what is not ours. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { execute, mustSucceed } from "../packed/execute.ts";

export interface Registry {
  readonly url: string;
  /** A user's configuration that may publish there. */
  readonly npmrc: string;
  /** The version that `latest` means; `null` where the package is unknown. */
  newest(name: string): Promise<string | null>;
  close(): Promise<void>;
}

const version = "6.10.4";

export async function startRegistry(place: string): Promise<Registry> {
  const folder = join(place, "registry");
  await mkdir(folder);
  // One of its dependencies is asked for by a tag that not every mirror has.
  const manifest = { private: true, overrides: { "node-fetch": "2.7.0" } };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest));
  const install = ["install", "--no-audit", "--no-fund", "--prefer-offline", `verdaccio@${version}`];
  mustSucceed(await execute("npm", install, { cwd: folder }));
  const upstream = mustSucceed(
    await execute("npm", ["config", "get", "registry"], { cwd: folder }),
  ).stdout.trim();
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  await writeFile(join(folder, "config.yaml"), configuration(upstream));
  const npmrc = join(folder, "npmrc");
  await writeFile(npmrc, `registry=${url}\n//127.0.0.1:${port}/:_authToken=rehearsal\n`);
  const server = spawn(
    process.execPath,
    [
      join(folder, "node_modules/verdaccio/bin/verdaccio"),
      "--config",
      join(folder, "config.yaml"),
      "--listen",
      `127.0.0.1:${port}`,
    ],
    { cwd: folder, stdio: ["ignore", "pipe", "inherit"] },
  );
  const ended = once(server, "close");
  await listening(server.stdout);
  return {
    url,
    npmrc,
    async newest(name) {
      const answer = await fetch(`${url}${name.replace("/", "%2f")}`);
      if (!answer.ok) return null;
      const { "dist-tags": tags } = (await answer.json()) as { "dist-tags": { latest: string } };
      return tags.latest;
    },
    async close() {
      server.kill();
      await ended;
    },
  };
}

const configuration = (upstream: string) => `
storage: ./storage
uplinks: { upstream: { url: "${upstream}" } }
packages:
  "@claude-k8s/*": { access: $all, publish: $all }
  "paperclip-adapter-claude-k8s": { access: $all, publish: $all }
  "**": { access: $all, proxy: upstream }
max_body_size: 100mb
log: { type: stdout, format: pretty, level: http }
`;

/** Goes on reading afterwards: a pipe that nobody reads would end the server. */
function listening(stdout: NodeJS.ReadableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = "";
    stdout.on("data", (chunk: Buffer) => {
      if (text.includes("http address")) return;
      text += chunk.toString();
      if (text.includes("http address")) resolve();
    });
    stdout.on("end", () => reject(new Error(`the registry ended before it listened:\n${text}`)));
  });
}
