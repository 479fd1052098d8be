/** What git says where something on its way is not there: neither a refusal, nor a network. */

import { describe, expect, test } from "vitest";
import { diagnose } from "../src/index.ts";

const unread =
  "fatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.";

const diagnosisOf = (message: string, repository = "git@git.example.com:team/app.git") =>
  diagnose({
    exit: {
      kind: "failed",
      started: false,
      failure: { kind: "workspace-failed", step: "clone", repository, ref: null, exitCode: 128, message },
    },
  } as unknown as Parameters<typeof diagnose>[0]);

describe("a program that git needs is not in the image", () => {
  test.each([
    ["dash, without ssh", `ssh -F /dev/null -o BatchMode=yes: 1: ssh: not found\n${unread}`],
    ["bash, without ssh", `bash: line 1: ssh: command not found\n${unread}`],
    ["git itself, without ssh", "error: cannot run ssh: No such file or directory\nfatal: unable to fork"],
    ["ssh, of a user without a name", `No user exists for uid 1000\n${unread}`],
    ["git, without LFS", "git: 'lfs' is not a git command. See 'git --help'."],
    [
      "a hook of git, without LFS",
      "git-lfs filter-process: 1: git-lfs: not found\nfatal: the remote end hung up",
    ],
    ["no git at all", "/bin/sh: 12: git: not found"],
  ])("%s", (_name, message) => {
    const diagnosis = diagnosisOf(message);
    expect(diagnosis).toMatchObject({ code: "workspace_clone_failed", family: null });
    expect(JSON.stringify(diagnosis)).toContain("Image with git");
  });

  test.each([
    ["the key", `git@git.example.com: Permission denied (publickey).\n${unread}`],
    ["the host", `Host key verification failed.\n${unread}`],
    ["the repository", `ERROR: Repository not found.\n${unread}`],
  ])("near miss: it is there, and %s is refused", (_name, message) => {
    const diagnosis = diagnosisOf(message);
    expect(diagnosis).toMatchObject({ code: "workspace_credentials_refused" });
    expect(JSON.stringify(diagnosis)).not.toContain("Image with git");
    expect(JSON.stringify(diagnosisOf(message, "deploy@git.example.com:app.git"))).toContain("known_hosts");
  });
});

test.each([
  `kex_exchange_identification: Connection closed by remote host\nConnection closed by 192.0.2.7 port 22\n${unread}`,
  `Connection closed by remote host\n${unread}`,
])("a server that ends the connection before it asks for a key: %j", (message) => {
  expect(diagnosisOf(message)).toMatchObject({
    code: "workspace_clone_failed",
    family: "transient_upstream",
  });
});
