/** A container's last words, and what is made of them. */

import { describe, expect, test } from "vitest";
import { cloneFailure, pushFailure, repositoryEvidence } from "../../src/repository/report.ts";

const head = "claude-k8s-repository";
const words = (lines: readonly string[], said = "") => `${[head, ...lines].join("\n")}\n\n${said}`;

describe("a clone that failed", () => {
  test("says where, and with which words of git", () => {
    const url = "https://git.example.com/app.git";
    const message = words(
      ["step clone", "exit 128", `url ${url}`, "ref main", "command "],
      "fatal: Authentication failed\n",
    );
    expect(cloneFailure(message)).toEqual({
      kind: "workspace-failed",
      step: "clone",
      repository: url,
      ref: "main",
      command: null,
      exitCode: 128,
      message: "fatal: Authentication failed",
    });
  });

  test.each([
    ["nothing", null],
    ["words of another program", "sh: git: not found"],
    ["the mark somewhere else", `x ${words(["step clone"])}`],
  ])("with %s is an init container like any other", (_name, message) => {
    expect(cloneFailure(message)).toBeNull();
  });

  test("may be cut anywhere", () => {
    const whole = words(["step setup", "exit 7", "url u", "ref r", "command c"], "said");
    for (let end = head.length + 1; end < whole.length; end += 1)
      expect(cloneFailure(whole.slice(0, end))).toMatchObject({ kind: "workspace-failed" });
  });
});

describe("the end of the command", () => {
  const counted = ["url u", "ref b", "head 0abc", "commits 2", "dirty 3"];
  test("counts", () => {
    expect(repositoryEvidence(words(["step keep", "exit 0", ...counted, "pushed no"], "noise"))).toEqual({
      url: "u",
      branch: "b",
      head: "0abc",
      commits: 2,
      dirty: 3,
      pushed: false,
      message: null,
    });
  });

  test("numbers that are none count as nothing", () => {
    expect(repositoryEvidence(words(["step keep", "exit 0", "commits -1", "dirty 1e9"]))).toMatchObject({
      commits: 0,
      dirty: 0,
    });
  });

  test.each([
    ["pushed", ["step push", "exit 0"]],
    ["not meant to be pushed", ["step keep", "exit 128"]],
  ])("%s is no failure", (_name, lines) => {
    expect(pushFailure(words(lines, "no"))).toBeNull();
  });

  test("a push that was refused is one", () => {
    expect(pushFailure(words(["step push", "exit 1", ...counted], "no"))).toMatchObject({
      step: "push",
      exitCode: 1,
      ref: "b",
      message: "no",
    });
  });
});
