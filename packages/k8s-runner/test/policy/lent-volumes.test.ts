/** A shared disk holds other people's files: what of it a run is lent, and every way to reach for more. */

import { expect, test } from "vitest";
import { checkPodPolicy, jobManifest } from "../../src/index.ts";
import type { PodPolicy, RunSpec } from "../../src/index.ts";
import { passingSpec } from "./variants.ts";

type Json = any;

const disk = { name: "disk", persistentVolumeClaim: { claimName: "paperclip" } };
const spec: RunSpec = {
  ...passingSpec,
  fsGroup: null,
  volumes: [disk],
  volumeMounts: [{ name: "disk", mountPath: "/paperclip/projects/a", subPath: "projects/a" }],
};
const policy: PodPolicy = { lent: [{ volume: disk, subPaths: ["projects/a", "homes/a"], fsGroup: null }] };
const main = (more: Json): Json => ({ spec: { containers: [{ name: "main", ...more }] } });
const mount = (more: Json): Json => main({ volumeMounts: [{ name: "disk", mountPath: "/x", ...more }] });

function violations(podTemplate: Json, rules: PodPolicy = policy): readonly string[] {
  return checkPodPolicy(jobManifest({ ...spec, podTemplate }), rules).map(
    ({ field, rule }) => `${field}: ${rule}`,
  );
}

test.each<[string, Json]>([
  ["what was lent", {}],
  ["the same part at another path", mount({ subPath: "projects/a" })],
  ["the same part, only to read", mount({ subPath: "projects/a", readOnly: true })],
  ["another part that was lent", mount({ subPath: "homes/a" })],
])("%s", (_name, overlay) => {
  expect(violations(overlay)).toEqual([]);
});

const second = "spec.containers[0].volumeMounts[2]";
test.each<[string, Json, string]>([
  ["the whole disk", mount({}), `${second}.subPath: lentVolume`],
  ["the whole disk by an empty text", mount({ subPath: "" }), `${second}.subPath: lentVolume`],
  ["somebody else's part", mount({ subPath: "projects/b" }), `${second}.subPath: lentVolume`],
  ["a part around it", mount({ subPath: "projects" }), `${second}.subPath: lentVolume`],
  ["a part by a detour", mount({ subPath: "projects/a/../b" }), `${second}.subPath: lentVolume`],
  ["a part by a variable", mount({ subPathExpr: "projects/$(X)" }), `${second}.subPathExpr: lentVolume`],
  [
    "a container of its own",
    {
      spec: {
        containers: [{ name: "other", image: "x", volumeMounts: [{ name: "disk", mountPath: "/x" }] }],
      },
    },
    "spec.containers[1].volumeMounts[0].subPath: lentVolume",
  ],
  [
    "an init container",
    {
      spec: {
        initContainers: [{ name: "i", image: "x", volumeMounts: [{ name: "disk", mountPath: "/x" }] }],
      },
    },
    "spec.initContainers[0].volumeMounts[0].subPath: lentVolume",
  ],
  [
    "the claim under another name",
    { spec: { volumes: [{ name: "mine", persistentVolumeClaim: { claimName: "paperclip" } }] } },
    "spec.volumes[2].persistentVolumeClaim.claimName: claim",
  ],
  [
    "another claim under the lent name",
    { spec: { volumes: [{ name: "disk", persistentVolumeClaim: { claimName: "other" } }] } },
    "spec.volumes[1].persistentVolumeClaim.claimName: claim",
  ],
  [
    "the disk as a device",
    main({ volumeDevices: [{ name: "disk", devicePath: "/dev/x" }] }),
    "spec.containers[0].volumeDevices[0].name: lentVolume",
  ],
  [
    "a group that the kubelet would hand the disk to",
    { spec: { securityContext: { fsGroup: 4242 } } },
    "spec.securityContext.fsGroup: lentVolume",
  ],
])("%s is refused", (_name, overlay, violation) => {
  expect(violations(overlay)).toContain(violation);
});

test("an overlay that moves the lent mount to another part is refused", () => {
  const moved = main({ volumeMounts: [{ name: "disk", mountPath: "/paperclip/projects/a", subPath: "db" }] });
  expect(violations(moved)).toEqual([`spec.containers[0].volumeMounts[1].subPath: lentVolume`]);
});

test("without being lent, it is a claim like any other", () => {
  expect(violations({}, {})).toEqual(["spec.volumes[1].persistentVolumeClaim.claimName: claim"]);
});

test("a kind that no pod may have otherwise is lent, too, and only as it is", () => {
  const nfs = { name: "disk", nfs: { server: "10.0.0.1", path: "/export" } };
  const lent: PodPolicy = { lent: [{ volume: nfs, subPaths: ["projects/a"] }] };
  const job = (volume: Json) => jobManifest({ ...spec, volumes: [volume] });
  expect(checkPodPolicy(job(nfs), lent)).toEqual([]);
  expect(
    checkPodPolicy(job({ ...nfs, nfs: { ...nfs.nfs, path: "/" } }), lent).map(({ rule }) => rule),
  ).toContain("restrictedVolumes");
});

test("a key that was lent opens neither its Secret nor another of its keys", () => {
  const lentKeys = [{ secretName: "model", key: "anthropic" }];
  const reading = (secretKeyRef: Json) => main({ env: [{ name: "X", valueFrom: { secretKeyRef } }] });
  const found = (overlay: Json) => violations(overlay, { ...policy, lentKeys });
  expect(found(reading({ name: "model", key: "anthropic" }))).toEqual([]);
  expect(found(reading({ name: "model", key: "database" }))).toEqual([
    "spec.containers[0].env[0].valueFrom.secretKeyRef.name: secret",
  ]);
  expect(found(reading({ name: "other", key: "anthropic" }))).toHaveLength(1);
  expect(found({ spec: { volumes: [{ name: "s", secret: { secretName: "model" } }] } })).toHaveLength(1);
  expect(found(main({ envFrom: [{ secretRef: { name: "model" } }] }))).toHaveLength(1);
});
