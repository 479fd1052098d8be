/** An image with git, of this machine's own: shell, git, and the libraries that they need. */

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { machine } from "./machine.ts";

export const gitImage = "lab/git:1";

/** Why it cannot be made here; empty: it can. */
export function missingForGit(): string {
  const needed = ["/bin/busybox", "/usr/bin/git", "/usr/lib/git-core"];
  return needed
    .filter((file) => !existsSync(file))
    .map((file) => `${file} is missing`)
    .join("; ");
}

export function makeGitImage(): string {
  const images = execFileSync(machine.cluster.path, ["ctr", "images", "ls", "-q"], { encoding: "utf8" });
  if (images.split("\n").includes(`docker.io/${gitImage}`)) return gitImage;
  const root = mkdtempSync(path.join(tmpdir(), "git-image-"));
  try {
    for (const folder of [
      "bin",
      "usr/bin",
      "usr/lib",
      "usr/share",
      "etc",
      "tmp",
      "proc",
      "sys",
      "dev",
      "run",
      "workspace",
    ])
      mkdirSync(path.join(root, folder), { recursive: true });
    execFileSync("cp", ["-L", "/bin/busybox", path.join(root, "bin/busybox")]);
    const applets = execFileSync("/bin/busybox", ["--list"], { encoding: "utf8" }).trim().split("\n");
    for (const applet of applets.filter((name) => name !== "busybox"))
      execFileSync("ln", ["-sf", "busybox", path.join(root, "bin", applet)]);
    execFileSync("cp", ["-L", "/usr/bin/git", path.join(root, "usr/bin/git")]);
    execFileSync("cp", ["-a", "/usr/lib/git-core", path.join(root, "usr/lib/")]);
    if (existsSync("/usr/share/git-core"))
      execFileSync("cp", ["-a", "/usr/share/git-core", path.join(root, "usr/share/")]);
    for (const program of ["/bin/busybox", "/usr/bin/git", "/usr/lib/git-core/git-remote-http"])
      for (const library of librariesOf(program)) {
        mkdirSync(path.join(root, path.dirname(library)), { recursive: true });
        execFileSync("cp", ["-L", library, path.join(root, library)]);
      }
    writeFileSync(
      path.join(root, "etc/passwd"),
      "root:x:0:0::/root:/bin/sh\nagent:x:1000:1000::/tmp:/bin/sh\n",
    );
    execFileSync(machine.cluster.path, ["image", gitImage, root, "/bin/sh"], { stdio: "ignore" });
    return gitImage;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function librariesOf(program: string): readonly string[] {
  try {
    const output = execFileSync("ldd", [program], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return [...output.matchAll(/(\/\S+)(?= \()/g)].map(([library]) => library);
  } catch {
    // It needs none.
    return [];
  }
}
