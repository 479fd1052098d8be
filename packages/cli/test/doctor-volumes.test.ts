import { expect, test } from "vitest";

import { canBeShared, judgeVolumes } from "../src/doctor/volumes.ts";

const mark = "storageclass.kubernetes.io/is-default-class";
const storageClass = (name: string, provisioner: string, isDefault = false) => ({
  metadata: { name, ...(isDefault && { annotations: { [mark]: "true" } }) },
  provisioner,
});
const disk = storageClass("standard", "ebs.csi.aws.com", true);
const files = storageClass("files", "efs.csi.aws.com");

test.each([
  ["efs.csi.aws.com", true],
  ["file.csi.azure.com", true],
  ["kubernetes.io/azure-file", true],
  ["nfs.csi.k8s.io", true],
  ["cluster.local/nfs-subdir-external-provisioner", true],
  ["rook-ceph.cephfs.csi.ceph.com", true],
  ["filestore.csi.storage.gke.io", true],
  ["driver.longhorn.io", true],
  ["ebs.csi.aws.com", false],
  ["pd.csi.storage.gke.io", false],
  ["disk.csi.azure.com", false],
  ["rook-ceph.rbd.csi.ceph.com", false],
  ["rancher.io/local-path", false],
  ["kubernetes.io/no-provisioner", false],
  ["example.com/unfsx", false],
])("%s: several nodes at once: %s", (provisioner, shared) => {
  expect(canBeShared({ provisioner })).toBe(shared);
});

test.each([
  ["no class", [], null, "warning", "there is no storage class"],
  ["a default one for one node", [disk], null, "ok", "of class standard, for one node at a time"],
  ["one for several nodes beside it", [disk, files], null, "ok", "(ReadWriteMany): files"],
  ["no default one", [files], null, "warning", "must name one of files (setting workspaceClaimClass)"],
  [
    "a default one for several nodes",
    [{ ...files, ...storageClass("files", "efs.csi.aws.com", true) }],
    null,
    "ok",
    "of class files; on several",
  ],
  [
    "a quota on claims",
    [disk],
    "exceeded quota: no-claims",
    "warning",
    "would be refused: exceeded quota: no-claims",
  ],
] as const)("%s", (_name, classes, refusal, level, words) => {
  const check = judgeVolumes([...classes], refusal, "agents");
  expect(check).toMatchObject({ code: "volumes", level });
  expect(check.found).toContain(words);
  expect(check.fix.length).toBe(level === "ok" ? 0 : 1);
});
