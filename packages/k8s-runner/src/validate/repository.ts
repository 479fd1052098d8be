/** The repository that a run works in. */

import { posix } from "node:path";
import type { RunSpec } from "../types/spec.ts";
import * as rules from "./rules.ts";

const addresses =
  /^(?:https?:\/\/|ssh:\/\/|file:\/\/\/)[^\s-][^\s]*$|^[A-Za-z0-9_.-]+@[A-Za-z0-9.-]+:[^\s-][^\s]*$/;

export function checkRepository({ repository, volumeMounts, writablePaths, copies }: RunSpec): void {
  if (repository === undefined) return;
  const { url, ref, branch, path, depth, credential, setUp, push, image, closingSeconds } = repository;
  if (typeof url !== "string" || url.length > 2000 || !addresses.test(url))
    rules.fail(
      "repository.url",
      "***",
      "must be an address: https://…, ssh://…, user@host:path or file:///…",
    );
  // Whatever stands before the host might be one.
  if (/^https?:\/\/[^/:]*:[^/@]*@/.test(url))
    rules.fail("repository.url", "***", "must have no password in it; that is a credential");
  for (const [name, value] of Object.entries({ ref, branch }))
    if (value !== undefined && !isRefName(value))
      rules.fail(`repository.${name}`, value, "must be a branch, a tag or a commit");
  rules.absolutePath("repository.path", path);
  const volume = posix.dirname(path);
  const taken = [
    ...(volumeMounts ?? []).map(({ mountPath }) => mountPath),
    ...(writablePaths ?? []),
    ...(copies?.folders ?? []).map((folder) => folder.path),
  ];
  const isOfGit = `${path}/`.startsWith("/run-repository/");
  if (volume === "/" || volume === "/tmp" || isOfGit || taken.includes(volume))
    rules.fail(
      "repository.path",
      path,
      "must be in a folder that nothing else is mounted at, such as /workspace",
    );
  rules.wholeNumber("repository.depth", depth);
  rules.wholeNumber("repository.closingSeconds", closingSeconds);
  rules.wholeNumber("repository.setUp.seconds", setUp?.seconds);
  if (image !== undefined) rules.nonEmpty("repository.image", image, 1024);
  if (setUp !== undefined) rules.nonEmpty("repository.setUp.command", setUp.command, 16_384);
  if (credential !== undefined && credential.kind !== "given")
    rules.nonEmpty("repository.credential.secretName", credential.secretName, 253);
  if (push === undefined) return;
  if (branch === undefined) rules.fail("repository.branch", "", "must be given where work is pushed");
  rules.nonEmpty("repository.push.message", push.message, 10_000);
  rules.nonEmpty("repository.push.authorName", push.authorName, 200);
  rules.nonEmpty("repository.push.authorEmail", push.authorEmail, 200);
}

/** As `git check-ref-format` has it, and nothing that git would take for an option. */
function isRefName(name: unknown): boolean {
  if (typeof name !== "string" || name === "" || name.length > 250) return false;
  const parts = name.split("/");
  const whole = parts.every((part) => part !== "" && !part.startsWith(".") && !part.endsWith(".lock"));
  const plain = !/[\s~^:?*[\]\\\p{Cc}]|\.\.|@\{/u.test(name);
  return whole && plain && !name.startsWith("-") && !name.endsWith(".") && name !== "@";
}
