/** What copied folders add to a pod. */

import { expect, test } from "vitest";
import { checkPodPolicy, InvalidRunSpecError, jobManifest, validateRunSpec } from "../../src/index.ts";
import type { CopiedFolders, RunSpec } from "../../src/index.ts";

function specWith(copies: CopiedFolders, more: Partial<RunSpec> = {}): RunSpec {
  return {
    namespace: "agents",
    slot: "slot",
    runId: "run",
    image: "registry.example/agent:1",
    command: ["work", "$HOME"],
    copies,
    ...more,
  };
}

const copies: CopiedFolders = { folders: [{ path: "/workspace", folder: "/srv/work" }] };

test("Pod Security restricted, and the closed policy, allow it", () => {
  expect(checkPodPolicy(jobManifest(specWith(copies)), {})).toEqual([]);
});

test("the command keeps its words and its input, and announces itself first", () => {
  const commandOf = (spec: RunSpec) => jobManifest(spec).spec?.template.spec?.containers[0]?.command;
  const announced = "echo $$$$ > /run-files/signal/main && exec";
  expect(commandOf(specWith(copies))).toEqual([
    "/bin/sh",
    "-c",
    `${announced} "$$@"`,
    "/payload/stdin",
    "work",
    "$$HOME",
  ]);
  expect(commandOf(specWith(copies, { stdin: "x" }))?.[2]).toBe(`${announced} "$$@" < "$$0"`);
});

test("a cache is mounted where files are received, and nowhere else", () => {
  const cache = { name: "cache", persistentVolumeClaim: { claimName: "agent-cache" } };
  const { spec } = jobManifest(specWith({ ...copies, cache })).spec!.template;
  const withCache = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(
    ({ name, volumeMounts = [] }) =>
      volumeMounts.filter((mount) => mount.name === "cache").map(({ mountPath }) => [name, mountPath]),
  );
  expect(withCache).toEqual([["files", "/run-files/cache"]]);
  expect(spec?.volumes).toContainEqual(cache);
});

test("no path of this machine stands in the Job", () => {
  expect(JSON.stringify(jobManifest(specWith(copies)))).not.toContain("/srv/work");
});

test("the kubelet leaves time to fetch what there is, and the deadlines of pod and Job do, too", () => {
  const seconds = (spec: RunSpec) => {
    const { template } = jobManifest(spec).spec!;
    return [template.spec?.terminationGracePeriodSeconds, template.spec?.activeDeadlineSeconds];
  };
  const { copies: _, ...without } = specWith(copies, { deadlineSeconds: 60, graceSeconds: 10 });
  const [grace, deadline] = seconds(without);
  expect(seconds({ ...without, copies })).toEqual([(grace ?? 0) + 120, (deadline ?? 0) + 900]);
  expect(seconds({ ...without, copies: { ...copies, holdSeconds: 30 } })).toEqual([
    (grace ?? 0) + 30,
    (deadline ?? 0) + 30,
  ]);
});

const wrong: readonly (readonly [string, string, CopiedFolders, Partial<RunSpec>?])[] = [
  ["no folder", "copies.folders", { folders: [] }],
  ["a path that is not absolute", "copies.folders[0].path", { folders: [{ path: "work", folder: "/a" }] }],
  [
    "a folder that is not absolute",
    "copies.folders[0].folder",
    { folders: [{ path: "/work", folder: "a" }] },
  ],
  ["the root", "copies.folders[0].path", { folders: [{ path: "/", folder: "/a" }] }],
  ["/tmp, which is mounted", "copies.folders[0].path", { folders: [{ path: "/tmp/", folder: "/a" }] }],
  [
    "one path twice",
    "copies.folders[1].path",
    {
      folders: [
        { path: "/w", folder: "/a" },
        { path: "/w/", folder: "/b" },
      ],
    },
  ],
  ["a mount in its place", "copies.folders[0].path", copies, { writablePaths: ["/workspace"] }],
  [
    "a pattern that climbs",
    "copies.folders[0].exclude",
    { folders: [{ path: "/w", folder: "/a", exclude: ["../x"] }] },
  ],
  ["half a byte", "copies.limits.bytes", { ...copies, limits: { bytes: 0.5 } }],
];

test.each(wrong.map(([name, field, given, more = {}]) => [name, field, given, more] as const))(
  "%s is refused by its field",
  (_, field, given, more) => {
    const fails = (): void => validateRunSpec(specWith(given, more));
    expect(fails).toThrow(InvalidRunSpecError);
    expect(fails).toThrow(field);
  },
);
