/** Which repository is cloned, with which login, and onto which branch. */

import { describe, expect, test } from "vitest";

import type { OperatorFile } from "../../src/operator/file-schema.ts";
import { readAddress } from "../../src/workspace/checkout.ts";
import { openRepository } from "../../src/workspace/repository.ts";
import type { WorkspaceAnswer } from "../../src/workspace/workspace.ts";
import { openConfig } from "./request.ts";

const home = { folder: "/nonexistent", instance: "/nonexistent/instances/default" };
const host = "git.example.com";
const password = ["pass", "word"].join("-");

async function opened(
  config: Record<string, unknown>,
  workspace: Record<string, unknown> = {},
  rules: OperatorFile = {},
): Promise<WorkspaceAnswer> {
  const owner = { company: "company-1", agent: "agent-1" };
  const given = { workspaceMode: "repository", ...config };
  const request = await openConfig({ home, owner, workspace, config: given, rules, exec: true });
  return openRepository(request, { mode: "repository", why: "a test says so" });
}

function repositoryOf(answer: WorkspaceAnswer) {
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.ending.diagnosis));
  return answer.workspace.spec.repository;
}

describe("an address", () => {
  const token = `ghp_${"a1".repeat(18)}`;
  test.each([
    [`https://${host}/team/app.git`, `https://${host}/team/app.git`, false, null],
    [`https://bot:${password}@${host}/app`, `https://${host}/app`, false, { userName: "bot", password }],
    [
      `https://${token}@${host}/app`,
      `https://${host}/app`,
      false,
      { userName: "x-access-token", password: token },
    ],
    [`https://bot@${host}/app`, `https://${host}/app`, false, null],
    [`https://bot:p%40ss@${host}/app`, `https://${host}/app`, false, { userName: "bot", password: "p@ss" }],
    [`ssh://git@${host}:2222/app.git`, `ssh://git@${host}:2222/app.git`, true, null],
    [`git@${host}:team/app.git`, `git@${host}:team/app.git`, true, null],
  ])("%s", (given, url, isSsh, login) => {
    expect(readAddress(given)).toEqual({ url, isSsh, login });
  });

  test.each([
    "file:///etc/passwd",
    "/srv/app.git",
    "ext::sh -c id",
    "--upload-pack=id",
    "git@host:--upload-pack=id",
    "ssh://-oProxyCommand=id/app",
    "ssh://git@-oProxyCommand=id/app",
    "",
  ])("%s is none", (given) => {
    expect(readAddress(given)).toBeNull();
  });
});

describe("what is cloned", () => {
  test("what Paperclip names; without a push on the branch that it names", async () => {
    const workspace = { repoUrl: `https://${host}/team/app.git`, repoRef: "develop", branchName: "issue-7" };
    expect(repositoryOf(await opened({}, workspace))).toMatchObject({
      url: `https://${host}/team/app.git`,
      ref: "develop",
      branch: "issue-7",
      path: "/workspace/app",
    });
  });

  test("what settings name wins, and all of them reach the run", async () => {
    const config = {
      repositoryUrl: `https://${host}/other.git`,
      repositoryRef: "v2",
      repositoryBranch: "bots/{task}/work",
      repositoryDepth: 5,
      repositorySubmodules: true,
      repositoryLfs: "true",
      repositorySetUp: "npm ci\nnpm run build",
      repositorySetUpSec: 60,
      repositoryImage: "git:1",
      repositoryPath: "/src/code",
      repositoryCache: "objects",
      pushBranch: true,
    };
    const found = repositoryOf(await opened(config, { repoUrl: `https://${host}/app.git`, branchName: "x" }));
    expect(found).toMatchObject({
      url: `https://${host}/other.git`,
      ref: "v2",
      branch: expect.stringMatching(/^bots\/[A-Za-z0-9_-]+\/work$/),
      depth: 5,
      submodules: true,
      lfs: true,
      setUp: { command: "npm ci\nnpm run build", seconds: 60 },
      image: "git:1",
      path: "/src/code",
      cache: { persistentVolumeClaim: { claimName: "objects" } },
      push: { authorEmail: "agent-1@agents.invalid" },
    });
  });

  test("work that is pushed has a branch of its task", async () => {
    const found = repositoryOf(await opened({ repositoryUrl: `https://${host}/a.git`, pushBranch: true }));
    expect(found?.branch).toMatch(/^agents\/[A-Za-z0-9_-]+$/);
  });

  test("no repository at all is a setting that cannot be used", async () => {
    expect(await opened({})).toMatchObject({
      kind: "refused",
      ending: { diagnosis: { code: "settings_invalid" } },
    });
  });
});

test.each([
  "git@-oX:app",
  "-oX@host:app",
  "ssh://%2doX@host/app",
  "ssh://%2doProxyCommand=x/app",
  "ssh://git@%2DoProxyCommand=x/app",
])("%s is no address: it begins like an option of ssh", async (repositoryUrl) => {
  expect(await opened({ repositoryUrl })).toMatchObject({
    kind: "refused",
    ending: { diagnosis: { code: "settings_invalid" } },
  });
});

describe("a login", () => {
  const url = `https://${host}/team/app.git`;
  const login = { repositoryUrl: url, repositoryLogin: "git-login/password", repositoryUser: "bot" };

  test("goes to the repositories that the operator lists", async () => {
    const rules = { allow: { secrets: ["git-login"], repositories: [`https://${host}/team/*`] } };
    expect(repositoryOf(await opened(login, {}, rules))?.credential).toEqual({
      kind: "token",
      secretName: "git-login",
      key: "password",
      userName: "bot",
    });
    const ssh = { ...login, repositoryUrl: `git@${host}:team/app.git`, repositoryKnownHosts: "known_hosts" };
    const sshRules = { allow: { secrets: ["git-login"], repositories: [`git@${host}:team/*`] } };
    expect(repositoryOf(await opened(ssh, {}, sshRules))?.credential).toEqual({
      kind: "ssh",
      secretName: "git-login",
      key: "password",
      knownHostsKey: "known_hosts",
    });
  });

  test.each([
    ["nowhere without a list", {}],
    ["not to another address", { allow: { repositories: ["https://git.example.org/*"] } }],
    ["not to another company's", { allow: { repositories: [`https://${host}/{company}/*`] } }],
  ])("%s", async (_name, rules) => {
    expect(await opened(login, {}, rules)).toMatchObject({
      kind: "refused",
      ending: { diagnosis: { code: "not_allowed_by_operator" } },
    });
  });

  const listed = [
    `https://${host}/team/*`,
    `git@${host}:team/*`,
    `ssh://git@${host}/team/*`,
    "https://*.corp.example/*",
    "git@*.corp.example:*",
  ];
  test.each([
    `git@${host}:team/../other/app.git`,
    `git@${host}:team/./../other/app.git`,
    `https://${host}/team/..%2Fother/app.git`,
    `https://${host}/team/%252e%252e/other/app.git`,
    `https://${host}/team/..;/other/app.git`,
    `https://${host}/team/app?/../../other`,
    `https://${host}/team/app#/../../other`,
    `ssh://git@${host}/team/..%2fother/app.git`,
    "https://elsewhere.example/.corp.example/app.git",
    "git@elsewhere.example:.corp.example:app.git",
  ])("does not leave what the operator lists by %s", async (repositoryUrl) => {
    const rules = { allow: { secrets: ["git-login"], repositories: listed } };
    expect(await opened({ ...login, repositoryUrl }, {}, rules)).toMatchObject({
      kind: "refused",
      ending: { diagnosis: { code: "not_allowed_by_operator" } },
    });
  });

  test.each([
    `https://${host}/team/deeper/app..old.git`,
    `git@${host}:team/.config.git`,
    "https://git.corp.example/team/app.git",
    "git@git.corp.example:team/app.git",
  ])("goes to %s, which is near to those", async (repositoryUrl) => {
    const rules = { allow: { secrets: ["git-login"], repositories: listed } };
    expect(repositoryOf(await opened({ ...login, repositoryUrl }, {}, rules))?.credential).toBeDefined();
  });

  test("in the address is taken out of it, and given to git apart", async () => {
    const found = repositoryOf(
      await opened({ repositoryUrl: `https://bot:${password}@${host}/team/app.git` }),
    );
    expect(found).toMatchObject({ url, credential: { kind: "given", userName: "bot", password } });
  });
});
