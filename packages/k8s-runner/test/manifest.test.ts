import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InvalidRunSpecError, jobManifest, validateRunSpec } from "../src/index.ts";
import type { RunSpec } from "../src/index.ts";
import { escapeDollars } from "../src/manifest/escape.ts";
import { jobNameOf, runLabel, setupContainer } from "../src/manifest/names.ts";
import { mergeStrategically } from "../src/manifest/overlay.ts";
import { planPayload } from "../src/manifest/payload.ts";

const spec: RunSpec = { namespace: "n", slot: "s", runId: "r", image: "i:1", command: ["run"] };

describe("the Job", () => {
  const job = jobManifest({
    ...spec,
    stdin: "prompt",
    secretEnv: { TOKEN: "hidden-value" },
    env: { A: "$(B) $$" },
    command: ["run", "$(HOME)"],
  });
  const pod = job.spec?.template.spec;
  test("is claimed before it may run, and runs once", () => {
    expect(job.spec).toMatchObject({
      suspend: true,
      backoffLimit: 0,
      parallelism: 1,
      podReplacementPolicy: "Failed",
    });
    expect(pod).toMatchObject({
      restartPolicy: "Never",
      shareProcessNamespace: true,
      automountServiceAccountToken: false,
    });
  });
  test("passes Pod Security restricted", () => {
    expect(pod?.securityContext).toMatchObject({
      runAsNonRoot: true,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(pod?.containers[0]?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
    });
  });
  test("what a repository's set-up leaves is not in reach of the containers that have its login", () => {
    const repository = {
      url: "https://git.example.com/app.git",
      path: "/workspace/app",
      branch: "b",
      setUp: { command: "npm ci" },
      push: { message: "m", authorName: "a", authorEmail: "a@example.com" },
      credential: { kind: "token", secretName: "git", key: "token" },
    } as const;
    const { initContainers = [], containers = [] } =
      jobManifest({ ...spec, repository }).spec?.template.spec ?? {};
    const all = [...initContainers, ...containers];
    const mounts = all.map(({ volumeMounts = [] }) => volumeMounts);
    const writableOf = (name: string): string[] =>
      (all.find((container) => container.name === name)?.volumeMounts ?? [])
        .filter(({ readOnly }) => readOnly !== true)
        .map((mount) => mount.name);
    const withLogin = mounts.filter((some) =>
      some.some(({ mountPath }) => mountPath.endsWith("/credential")),
    );
    expect(withLogin).toHaveLength(2);
    const shared = new Set(withLogin.flatMap((some) => some.map(({ name }) => name)));
    expect(writableOf(setupContainer).filter((name) => shared.has(name))).toEqual(["run-repository"]);
  });
  test.each(["/run-repository/state", "/run-repository/x", "/run-repository/credential/x"])(
    "no repository lies at %s, where git's own files and the login are",
    (path) => {
      const repository = { url: "https://git.example.com/app.git", path };
      expect(() => validateRunSpec({ ...spec, repository })).toThrow(/repository\.path/);
    },
  );
  test("keeps the image as it is where that is asked for, with folders to write to", () => {
    const big = new Uint8Array(1_500_000);
    const locked = jobManifest({
      ...spec,
      files: [{ path: "/data/big", content: big }],
      readOnlyRootFilesystem: true,
      writablePaths: ["/home/agent", "/cache"],
    }).spec?.template.spec;
    const containers = [...(locked?.initContainers ?? []), ...(locked?.containers ?? [])];
    expect(containers.map(({ securityContext }) => securityContext?.readOnlyRootFilesystem)).toEqual([
      true,
      true,
    ]);
    expect(locked?.containers[0]?.volumeMounts).toEqual(
      expect.arrayContaining([
        { name: "tmp", mountPath: "/tmp" },
        { name: "writable-0", mountPath: "/home/agent" },
        { name: "writable-1", mountPath: "/cache" },
      ]),
    );
    expect(locked?.volumes).toEqual(
      expect.arrayContaining([
        { name: "writable-0", emptyDir: {} },
        { name: "writable-1", emptyDir: {} },
      ]),
    );
  });
  test("tells how many files are too many", () => {
    const files = Array.from({ length: 501 }, (_, index) => ({ path: `/a/${index}`, content: "" }));
    expect(() => validateRunSpec({ ...spec, files })).toThrow(
      'files is "501 files", but it must have at most 500: each is a mount of its own',
    );
    validateRunSpec({ ...spec, files: files.slice(1) });
  });
  test("has no secret and no prompt in it", () => {
    expect(JSON.stringify(job)).not.toContain("hidden-value");
    expect(JSON.stringify(job)).not.toContain('prompt"');
    expect(pod?.containers[0]?.env).toContainEqual({
      name: "TOKEN",
      valueFrom: { secretKeyRef: { name: expect.stringContaining(`${jobNameOf("s")}-`), key: "env.TOKEN" } },
    });
  });
  test("escapes what Kubernetes would expand", () => {
    expect(pod?.containers[0]?.env).toContainEqual({ name: "A", value: "$$(B) $$$$" });
    expect(pod?.containers[0]?.command).toEqual([
      "/bin/sh",
      "-c",
      'exec "$$@" < "$$0"',
      "/payload/stdin",
      "run",
      "$$(HOME)",
    ]);
  });
  test("ends gently first, then by the pod's deadline, then by the Job's", () => {
    const limited = jobManifest({ ...spec, deadlineSeconds: 100, graceSeconds: 10 }).spec;
    const podSeconds = limited?.template.spec?.activeDeadlineSeconds ?? 0;
    expect(podSeconds).toBeGreaterThan(110);
    expect(limited?.activeDeadlineSeconds).toBeGreaterThan(podSeconds);
  });
});

test("Kubernetes' expansion gives every string back", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("$", "(", ")", "A", "\n", "é") }), (text) => {
      expect(expandLikeKubernetes(escapeDollars(text), { A: "wrong" })).toBe(text);
    }),
  );
});

test("names hold for any words", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", minLength: 1 }), (text) => {
      expect(jobNameOf(text)).toMatch(/^run-[a-z0-9]{20}$/);
      expect(runLabel(text)).toMatch(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/);
    }),
  );
});

test("a payload of any size is packed whole, no Secret beyond its limit", () => {
  const sizes = fc.array(fc.integer({ min: 0, max: 2_500_000 }), { maxLength: 6 });
  fc.assert(
    fc.property(sizes, (lengths) => {
      const files = lengths.map((length, index) => ({
        path: `/f/${index}`,
        content: Buffer.alloc(length, index + 1),
      }));
      const { secrets } = planPayload({ ...spec, files }, "job", "attempt");
      const total = (data: Readonly<Record<string, Uint8Array>>) =>
        Object.values(data).reduce((sum, bytes) => sum + bytes.length, 0);
      for (const { data } of secrets) expect(total(data)).toBeLessThanOrEqual(1024 * 1024);
      for (const [index, length] of lengths.entries()) {
        const parts = secrets
          .flatMap(({ data }) => Object.entries(data))
          .filter(([key]) => key === `file-${index}` || key.startsWith(`file-${index}.`))
          .toSorted(([left], [right]) => left.localeCompare(right));
        const joined = Buffer.concat(parts.map(([, bytes]) => bytes));
        expect(joined.equals(Buffer.alloc(length, index + 1))).toBe(true);
      }
    }),
    { numRuns: 20 },
  );
});

describe("the overlay", () => {
  test("merges containers by name, variables by name, mounts by path, and replaces other lists", () => {
    const merged = jobManifest({
      ...spec,
      env: { A: "1", B: "2" },
      tolerations: [{ key: "old" }],
      podTemplate: {
        metadata: { labels: { team: "x", "app.kubernetes.io/managed-by": "other" } },
        spec: {
          tolerations: [{ key: "new" }],
          containers: [
            { name: "main", env: [{ name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
            { name: "side", image: "side:1" },
          ],
        },
      },
    }).spec?.template;
    expect(merged?.spec?.tolerations).toEqual([{ key: "new" }]);
    expect(merged?.spec?.containers.map(({ name }) => name)).toEqual(["main", "side"]);
    expect(merged?.spec?.containers[0]).toMatchObject({ image: "i:1", command: ["run"] });
    expect(merged?.spec?.containers[0]?.env).toEqual([
      { name: "A", value: "1" },
      { name: "B", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
    ]);
    expect(merged?.metadata?.labels).toMatchObject({
      team: "x",
      "app.kubernetes.io/managed-by": "claude-k8s",
    });
  });
  test("removes fields and elements", () => {
    const base = {
      a: 1,
      b: { c: 2, d: 3 },
      env: [
        { name: "X", value: "1" },
        { name: "Y", value: "2" },
      ],
    };
    const overlay = { a: null, b: { c: null }, env: [{ name: "X", $patch: "delete" }] };
    expect(mergeStrategically(base, overlay)).toEqual({ b: { d: 3 }, env: [{ name: "Y", value: "2" }] });
  });
});

describe("a wrong spec is told by field and rule", () => {
  const long = "x".repeat(131_072);
  test.each<[string, Partial<Record<keyof RunSpec, unknown>>]>([
    ["namespace", { namespace: "Bad_Name" }],
    ["slot", { slot: "" }],
    ["runId", { runId: "" }],
    ["image", { image: "with space" }],
    ["command", { command: [] }],
    ["command[1]", { command: ["run", "nul\0"] }],
    ["command[1]", { command: ["run", long] }],
    ["env.A", { env: { A: long } }],
    ["env", { env: { "1A": "x" } }],
    ["secretEnv.A", { env: { A: "1" }, secretEnv: { A: "2" } }],
    ["secretEnvFrom.A.secretName", { secretEnvFrom: { A: { secretName: "No_Name", key: "k" } } }],
    ["files[0].path", { files: [{ path: "relative", content: "" }] }],
    ["files", { files: Array.from({ length: 501 }, (_, index) => ({ path: `/a/${index}`, content: "" })) }],
    ["writablePaths[0]", { writablePaths: ["relative"] }],
    ["writablePaths[0]", { writablePaths: ["/tmp"] }],
    ["writablePaths[1]", { writablePaths: ["/cache", "/cache"] }],
    ["volumes[0].name", { volumes: [{ name: "writable-0", emptyDir: {} }] }],
    ["files[0].path", { files: [{ path: "/a/../b", content: "" }] }],
    [
      "files[1].path",
      {
        files: [
          { path: "/a", content: "" },
          { path: "/a", content: "" },
        ],
      },
    ],
    ["files[0].mode", { files: [{ path: "/a", content: "", mode: 0o7777 }] }],
    ["resources.limits.memory", { resources: { limits: { memory: "two gigs" } } }],
    ["labels.a", { labels: { a: "not valid!" } }],
    ["labels", { labels: { "claude-k8s.io/slot": "x" } }],
    ["graceSeconds", { graceSeconds: 1.5 }],
    ["deadlineSeconds", { deadlineSeconds: -1 }],
    ["budgets.initSeconds", { budgets: { initSeconds: Number.NaN } }],
    ["initContainers[0].name", { initContainers: [{ name: "main" }] }],
    ["volumes[0].name", { volumes: [{ name: "tmp", emptyDir: {} }] }],
    ...["tmp", "payload-0", "writable-0", "run-files-0", "run-files-state", "work"].map(
      (name): [string, Partial<Record<keyof RunSpec, unknown>>] => [
        "podTemplate.spec.volumes[1].name",
        {
          volumes: [{ name: "work", emptyDir: {} }],
          podTemplate: {
            spec: {
              volumes: [
                { name: "mine", persistentVolumeClaim: { claimName: "c" } },
                { name, persistentVolumeClaim: { claimName: "c" } },
              ],
            },
          },
        },
      ],
    ),
    [
      "podTemplate.spec.volumes[0].name",
      { podTemplate: { spec: { volumes: [{ name: "payload-0", emptyDir: {} }] } } },
    ],
    ["podTemplate.spec.restartPolicy", { podTemplate: { spec: { restartPolicy: "OnFailure" } } }],
  ])("%s", (field, change) => {
    const wrong = { ...spec, ...change } as RunSpec;
    expect(() => validateRunSpec(wrong)).toThrow(
      expect.objectContaining({ name: "InvalidRunSpecError", field }),
    );
  });
  test("without its value where that may be secret", () => {
    const secret = ["hidden", "value\0"].join("-");
    const wrong = { ...spec, secretEnv: { KEY: secret } };
    expect(() => validateRunSpec(wrong)).toThrow(InvalidRunSpecError);
    expect(() => validateRunSpec(wrong)).not.toThrow(/hidden/);
  });
  test("an overlay may say how large an empty volume of the pod is", () => {
    const volumes = [
      { name: "tmp", emptyDir: { sizeLimit: "1Gi" } },
      { name: "work", emptyDir: { medium: "Memory" } },
      { name: "workspace", persistentVolumeClaim: { claimName: "c" } },
    ];
    expect(() =>
      validateRunSpec({
        ...spec,
        volumes: [{ name: "work", emptyDir: {} }],
        podTemplate: { spec: { volumes } },
      }),
    ).not.toThrow();
  });
  test("a right one passes", () => {
    expect(() =>
      validateRunSpec({
        ...spec,
        resources: { limits: { cpu: "500m", memory: "1.5Gi" } },
        deadlineSeconds: 0.5,
      }),
    ).not.toThrow();
  });
});

/** `k8s.io/kubernetes/third_party/forked/golang/expansion`. */
function expandLikeKubernetes(text: string, variables: Readonly<Record<string, string>>): string {
  let out = "";
  for (let at = 0; at < text.length; at += 1) {
    const next = text[at + 1];
    if (text[at] !== "$" || next === undefined) out += text[at];
    else if (next === "$") {
      out += "$";
      at += 1;
    } else if (next === "(" && text.includes(")", at)) {
      const end = text.indexOf(")", at);
      const name = text.slice(at + 2, end);
      out += variables[name] ?? `$(${name})`;
      at = end;
    } else {
      out += `$${next}`;
      at += 1;
    }
  }
  return out;
}

test("an overlay of thousands of containers is merged without a search through all of them for each", () => {
  let looks = 0;
  const containers = Array.from({ length: 3000 }, (_, index) => ({
    get name() {
      looks += 1;
      return `own-${index}`;
    },
  }));
  const others = Array.from({ length: 3000 }, (_, index) => ({ name: `other-${index}` }));
  const merged = mergeStrategically(
    { containers },
    { containers: [...others, { name: "own-7", image: "i" }] },
  );
  expect(merged.containers).toHaveLength(6000);
  // Each with each are nine millions.
  expect(looks).toBeLessThan(3000 * 10);
});
