import { expect } from "vitest";

import type { Answer, Json } from "../http-client.ts";
import { isRunning, sh, UNTIL_TERM, type Behaviour } from "../subject.ts";

const configMap = (name: string, data: Json = {}, labels: Json = {}): Json => ({
  metadata: { name, labels },
  data,
});

export const objectBehaviours: readonly Behaviour[] = [
  {
    name: "a create answers 201 with uid, resourceVersion and creationTimestamp",
    async show({ client, path, namespace }) {
      const created = await client.post(path("configmaps"), configMap("one", { key: "value" }));
      expect(created.status).toBe(201);
      expect(created.headers["content-type"]).toBe("application/json");
      expect(created.json).toMatchObject({
        kind: "ConfigMap",
        apiVersion: "v1",
        metadata: {
          name: "one",
          namespace,
          uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
          resourceVersion: expect.stringMatching(/^\d+$/),
          creationTimestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        },
        data: { key: "value" },
      });
      expect((await client.get(`${path("configmaps")}/one`)).json.metadata.uid).toBe(
        created.json.metadata.uid,
      );
    },
  },
  {
    name: "a second create of the same name answers 409 AlreadyExists",
    async show({ client, path, create }) {
      await create(path("secrets"), { metadata: { name: "one" } });
      const second = await client.post(path("secrets"), { metadata: { name: "one" } });
      expect(second.status).toBe(409);
      expect(second.json).toEqual({
        kind: "Status",
        apiVersion: "v1",
        metadata: {},
        status: "Failure",
        message: 'secrets "one" already exists',
        reason: "AlreadyExists",
        details: { name: "one", kind: "secrets" },
        code: 409,
      });
    },
  },
  {
    name: "of many creates of one name at the same time exactly one wins",
    async show({ client, jobs, image }) {
      const body = {
        metadata: { name: "slot" },
        spec: {
          suspend: true,
          template: { spec: { restartPolicy: "Never", containers: [{ name: "main", image }] } },
        },
      };
      const answers = await Promise.all(Array.from({ length: 12 }, () => client.post(jobs, body)));
      expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1);
      expect(answers.filter((answer) => answer.json.reason === "AlreadyExists")).toHaveLength(11);
    },
  },
  {
    name: "an absent object answers 404 NotFound with its kind and name",
    async show({ client, path, jobs }) {
      const secret = await client.get(`${path("secrets")}/absent`);
      expect(secret.status).toBe(404);
      expect(secret.json).toMatchObject({
        kind: "Status",
        message: 'secrets "absent" not found',
        reason: "NotFound",
        details: { name: "absent", kind: "secrets" },
        code: 404,
      });
      const job = await client.delete(`${jobs}/absent`);
      expect(job.json).toMatchObject({
        message: 'jobs.batch "absent" not found',
        details: { name: "absent", group: "batch", kind: "jobs" },
      });
    },
  },
  {
    name: "in an absent namespace a create answers 404, a list is empty",
    async show({ client }) {
      const created = await client.post("/api/v1/namespaces/contract-absent/secrets", {
        metadata: { name: "one" },
      });
      expect(created.status).toBe(404);
      expect(created.json.message).toBe('namespaces "contract-absent" not found');
      const list = await client.get("/api/v1/namespaces/contract-absent/secrets");
      expect(list.status).toBe(200);
      expect(list.json.items).toEqual([]);
    },
  },
  {
    name: "generateName adds five letters",
    async show({ create, path }) {
      const made = await create(path("secrets"), { metadata: { generateName: "payload-" } });
      expect(made.metadata.name).toMatch(/^payload-[a-z0-9]{5}$/);
      expect(made.metadata.generateName).toBe("payload-");
    },
  },
  {
    name: "label selectors: equality, sets, presence",
    async show({ client, path, create }) {
      await create(path("configmaps"), configMap("a", {}, { app: "x", tier: "one" }));
      await create(path("configmaps"), configMap("b", {}, { app: "x", tier: "two" }));
      await create(path("configmaps"), configMap("c", {}, { app: "y" }));
      const names = async (selector: string): Promise<string[]> => {
        const list = await client.get(`${path("configmaps")}?labelSelector=${encodeURIComponent(selector)}`);
        return list.json.items
          .map((item: Json) => item.metadata.name)
          .filter((name: string) => name !== "kube-root-ca.crt");
      };
      expect(await names("app=x")).toEqual(["a", "b"]);
      expect(await names("app==x,tier=two")).toEqual(["b"]);
      expect(await names("app!=x")).toEqual(["c"]);
      expect(await names("app in (x, y),tier")).toEqual(["a", "b"]);
      expect(await names("tier notin (one)")).toEqual(["b", "c"]);
      expect(await names("app,!tier")).toEqual(["c"]);
      const bad = await client.get(`${path("configmaps")}?labelSelector=${encodeURIComponent("app in x")}`);
      expect(bad.status).toBe(400);
      expect(bad.json.reason).toBe("BadRequest");
    },
  },
  {
    name: "field selectors: name and namespace everywhere, others refused with 400",
    async show({ client, path, create, namespace }) {
      await create(path("secrets"), { metadata: { name: "a" } });
      await create(path("secrets"), { metadata: { name: "b" } });
      const one = await client.get(`${path("secrets")}?fieldSelector=metadata.name%3Da`);
      expect(one.json.items.map((item: Json) => item.metadata.name)).toEqual(["a"]);
      const everywhere = await client.get(`/api/v1/secrets?fieldSelector=metadata.namespace%3D${namespace}`);
      expect(everywhere.json.items).toHaveLength(2);
      const bad = await client.get(`${path("secrets")}?fieldSelector=metadata.uid%3Dx`);
      expect(bad.status).toBe(400);
      expect(bad.json.message).toContain("field label not supported");
    },
  },
  {
    name: "limit and continue page through a list as it was",
    async show({ client, path, create }) {
      for (const name of ["a", "b", "c", "d", "e"]) await create(path("secrets"), { metadata: { name } });
      const first = await client.get(`${path("secrets")}?limit=2`);
      expect(first.json.items.map((item: Json) => item.metadata.name)).toEqual(["a", "b"]);
      expect(first.json.metadata.remainingItemCount).toBe(3);
      await create(path("secrets"), { metadata: { name: "cc" } });
      const { continue: next, resourceVersion } = first.json.metadata;
      const second = await client.get(`${path("secrets")}?limit=2&continue=${encodeURIComponent(next)}`);
      expect(second.json.items.map((item: Json) => item.metadata.name)).toEqual(["c", "d"]);
      expect(second.json.metadata.resourceVersion).toBe(resourceVersion);
      const token = encodeURIComponent(second.json.metadata.continue);
      const third = await client.get(`${path("secrets")}?limit=2&continue=${token}`);
      expect(third.json.items.map((item: Json) => item.metadata.name)).toEqual(["e"]);
      expect(third.json.metadata.continue ?? "").toBe("");
      const bad = await client.get(`${path("secrets")}?limit=2&continue=nonsense`);
      expect(bad.status).toBe(400);
    },
  },
  {
    name: "a merge patch merges, and null removes",
    async show({ client, path, create }) {
      await create(path("configmaps"), configMap("one", { keep: "1", change: "1", remove: "1" }));
      const patched = await client.patch(`${path("configmaps")}/one`, {
        data: { change: "2", remove: null, add: "3" },
        metadata: { annotations: { note: "yes" } },
      });
      expect(patched.status).toBe(200);
      expect(patched.json.data).toEqual({ keep: "1", change: "2", add: "3" });
      expect(patched.json.metadata.annotations).toEqual({ note: "yes" });
    },
  },
  {
    name: "a JSON patch adds, replaces and removes, and its failed test answers 422",
    async show({ client, path, create }) {
      await create(path("configmaps"), configMap("one", { a: "1", b: "2" }));
      const target = `${path("configmaps")}/one`;
      const patch = [
        { op: "test", path: "/data/a", value: "1" },
        { op: "replace", path: "/data/a", value: "9" },
        { op: "remove", path: "/data/b" },
        { op: "add", path: "/metadata/annotations", value: { "lab.example/turn": "1" } },
        { op: "add", path: "/metadata/annotations/lab.example~1next", value: "2" },
      ];
      const patched = await client.patch(target, patch, "json");
      expect(patched.json.data).toEqual({ a: "9" });
      expect(patched.json.metadata.annotations).toEqual({ "lab.example/turn": "1", "lab.example/next": "2" });
      const again = await client.patch(target, patch, "json");
      expect(again.status).toBe(422);
      expect(again.json.reason).toBe("Invalid");
      expect((await client.get(target)).json.data).toEqual({ a: "9" });
    },
  },
  {
    name: "a strategic merge patch merges lists by the key of their items, and finalizers as a set",
    async show({ client, jobs, job }) {
      const env = [
        { name: "A", value: "1" },
        { name: "B", value: "2" },
      ];
      const made = await job("run", { ...sh("true"), env }, { spec: { suspend: true } });
      const finalizers = { metadata: { finalizers: ["lab.example/one"] } };
      expect((await client.patch(`${jobs}/run`, finalizers, "strategic-merge")).status).toBe(200);
      const second = { metadata: { finalizers: ["lab.example/two"] } };
      expect((await client.patch(`${jobs}/run`, second, "strategic-merge")).json.metadata.finalizers).toEqual(
        ["lab.example/two", "lab.example/one"],
      );
      const removed = await client.patch(
        `${jobs}/run`,
        { metadata: { "$deleteFromPrimitiveList/finalizers": ["lab.example/one", "lab.example/two"] } },
        "strategic-merge",
      );
      expect(removed.json.metadata.finalizers).toBeUndefined();
      const containers = [{ name: "main", env: [{ name: "B", value: "2" }] }];
      const same = await client.patch(
        `${jobs}/run`,
        { spec: { template: { spec: { containers } } } },
        "strategic-merge",
      );
      expect(same.status).toBe(200);
      expect(same.json.spec.template.spec.containers).toEqual(made.spec.template.spec.containers);
      const nameless = { spec: { template: { spec: { containers: [{ image: "x:1" }] } } } };
      const refused = await client.patch(`${jobs}/run`, nameless, "strategic-merge");
      expect(refused.json.message).toBe("map: map[image:x:1] does not contain declared merge key: name");
    },
  },
  {
    name: "a running pod keeps its spec: only images, a shorter deadline and more tolerations can be patched",
    async show({ client, pods, pod, until }) {
      await pod("p", UNTIL_TERM);
      await until("pods", isRunning, "p");
      const patch = (spec: Json): Promise<Answer> => client.patch(`${pods}/p`, { spec }, "strategic-merge");
      expect((await patch({ containers: [{ name: "main", image: "other:2" }] })).status).toBe(200);
      expect((await patch({ activeDeadlineSeconds: 500 })).status).toBe(200);
      expect((await patch({ activeDeadlineSeconds: 600 })).json.message).toBe(
        'Pod "p" is invalid: spec.activeDeadlineSeconds: Invalid value: 600: must be less than or equal to previous value',
      );
      for (const change of [
        { nodeName: "other" },
        { restartPolicy: "Always" },
        { containers: [{ name: "main", env: [{ name: "A", value: "1" }] }] },
      ]) {
        const refused = await patch(change);
        expect(refused).toMatchObject({ status: 422, json: { reason: "Invalid" } });
        expect(refused.json.details.causes[0]).toMatchObject({
          reason: "FieldValueForbidden",
          field: "spec",
        });
        expect(refused.json.message).toContain(
          'Pod "p" is invalid: spec: Forbidden: pod updates may not change fields other than `spec.containers[*].image`',
        );
      }
      expect((await patch({ containers: [{ name: "second", image: "x:1" }] })).json.message).toBe(
        'Pod "p" is invalid: spec.containers: Forbidden: pod updates may not add or remove containers',
      );
    },
  },
  {
    name: "a delete whose body says dryRun removes nothing, and one that says anything else is refused",
    async show({ client, create, path }) {
      await create(path("secrets"), { metadata: { name: "one" } });
      const secret = `${path("secrets")}/one`;
      expect((await client.delete(secret, { dryRun: ["All"] })).status).toBe(200);
      expect((await client.get(secret)).status).toBe(200);
      const refused = await client.delete(secret, { dryRun: ["Some"] });
      expect(refused).toMatchObject({
        status: 422,
        json: {
          message:
            'DeleteOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"',
        },
      });
    },
  },
  {
    name: "a patch with a resourceVersion that is not the object's answers 409 Conflict",
    async show({ client, path, create }) {
      const made = await create(path("configmaps"), configMap("one"));
      const version: string = made.metadata.resourceVersion;
      const first = await client.patch(`${path("configmaps")}/one`, {
        metadata: { resourceVersion: version, annotations: { turn: "1" } },
      });
      expect(first.status).toBe(200);
      const second = await client.patch(`${path("configmaps")}/one`, {
        metadata: { resourceVersion: version, annotations: { turn: "2" } },
      });
      expect(second.status).toBe(409);
      expect(second.json).toMatchObject({
        reason: "Conflict",
        message:
          'Operation cannot be fulfilled on configmaps "one": the object has been modified; please apply your changes to the latest version and try again',
      });
    },
  },
  {
    name: "an update needs the current resourceVersion, or none",
    async show({ client, path, create }) {
      const made = await create(path("configmaps"), configMap("one", { a: "1" }));
      const next = await client.put(`${path("configmaps")}/one`, { ...made, data: { a: "2" } });
      expect(next.status).toBe(200);
      expect(Number(next.json.metadata.resourceVersion)).toBeGreaterThan(
        Number(made.metadata.resourceVersion),
      );
      expect((await client.put(`${path("configmaps")}/one`, { ...made, data: { a: "3" } })).status).toBe(409);
      expect((await client.put(`${path("configmaps")}/one`, configMap("one", { a: "4" }))).status).toBe(200);
    },
  },
  {
    name: "a write that changes nothing keeps the resourceVersion",
    async show({ client, path, create }) {
      const made = await create(path("configmaps"), configMap("one", { a: "1" }));
      const same = await client.patch(`${path("configmaps")}/one`, { data: { a: "1" } });
      expect(same.json.metadata.resourceVersion).toBe(made.metadata.resourceVersion);
    },
  },
  {
    name: "a delete's preconditions hold: another uid or resourceVersion answers 409",
    async show({ client, path, create }) {
      const made = await create(path("secrets"), { metadata: { name: "one" } });
      const target = `${path("secrets")}/one`;
      const otherUid = await client.delete(target, {
        preconditions: { uid: "00000000-0000-0000-0000-000000000000" },
      });
      expect(otherUid.status).toBe(409);
      expect(otherUid.json.reason).toBe("Conflict");
      expect((await client.delete(target, { preconditions: { resourceVersion: "1" } })).status).toBe(409);
      expect((await client.delete(target, { preconditions: { uid: made.metadata.uid } })).status).toBe(200);
      expect((await client.get(target)).status).toBe(404);
    },
  },
  {
    name: "finalizers hold a deleted object until they are gone",
    async show({ client, path, create }) {
      await create(path("configmaps"), { metadata: { name: "held", finalizers: ["lab.example/hold"] } });
      const target = `${path("configmaps")}/held`;
      const deleted = await client.delete(target);
      expect(deleted.json.metadata.deletionTimestamp).toMatch(/Z$/);
      expect((await client.get(target)).json.metadata.deletionTimestamp).toBe(
        deleted.json.metadata.deletionTimestamp,
      );
      const again = await client.post(path("configmaps"), configMap("held"));
      expect(again.status).toBe(409);
      expect(again.json.message).toBe('object is being deleted: configmaps "held" already exists');
      await client.patch(target, { metadata: { finalizers: null } });
      expect((await client.get(target)).status).toBe(404);
    },
  },
  {
    name: "deletecollection removes what the selector matches",
    async show({ client, path, create }) {
      await create(path("secrets"), { metadata: { name: "a", labels: { run: "1" } } });
      await create(path("secrets"), { metadata: { name: "b", labels: { run: "2" } } });
      const deleted = await client.delete(`${path("secrets")}?labelSelector=run%3D1`);
      expect(deleted.status).toBe(200);
      const left = await client.get(path("secrets"));
      expect(left.json.items.map((item: Json) => item.metadata.name)).toEqual(["b"]);
    },
  },
  {
    name: "what an owner owns goes with it",
    async show({ client, path, create, untilGone }) {
      const owner = await create(path("configmaps"), configMap("owner"));
      const reference = { apiVersion: "v1", kind: "ConfigMap", name: "owner", uid: owner.metadata.uid };
      await create(path("secrets"), { metadata: { name: "owned", ownerReferences: [reference] } });
      await client.delete(`${path("configmaps")}/owner`, { propagationPolicy: "Background" });
      await untilGone("secrets", "owned");
      expect((await client.get(`${path("secrets")}/owned`)).status).toBe(404);
    },
  },
  {
    name: "a dry run answers as if and changes nothing",
    async show({ client, path }) {
      const made = await client.post(`${path("secrets")}?dryRun=All`, { metadata: { name: "one" } });
      expect(made.status).toBe(201);
      expect((await client.get(`${path("secrets")}/one`)).status).toBe(404);
    },
  },
  {
    name: "a Secret's stringData is stored as base64 data, type Opaque",
    async show({ create, path }) {
      const made = await create(path("secrets"), {
        metadata: { name: "one" },
        stringData: { prompt: "grüß" },
      });
      expect(made.type).toBe("Opaque");
      expect(made.stringData).toBeUndefined();
      expect(made.data).toEqual({ prompt: Buffer.from("grüß").toString("base64") });
    },
  },
  {
    name: "an immutable Secret refuses other data with 422",
    async show({ client, create, path }) {
      await create(path("secrets"), { metadata: { name: "one" }, immutable: true, stringData: { a: "1" } });
      const changed = await client.patch(`${path("secrets")}/one`, { stringData: { a: "2" } });
      expect(changed.status).toBe(422);
      expect(changed.json.details.causes).toEqual([
        {
          reason: "FieldValueForbidden",
          message: "Forbidden: field is immutable when `immutable` is set",
          field: "data",
        },
      ]);
    },
  },
  {
    name: "a Secret over 1 MiB is refused with 422",
    async show({ client, path }) {
      const data = { prompt: Buffer.alloc(1_048_577).toString("base64") };
      const refused = await client.post(path("secrets"), { metadata: { name: "large" }, data });
      expect(refused.status).toBe(422);
      expect(refused.json.message).toBe(
        'Secret "large" is invalid: data: Too long: may not be more than 1048576 bytes',
      );
    },
  },
  {
    name: "an invalid name is refused with 422 and its cause",
    async show({ client, path }) {
      const refused = await client.post(path("secrets"), { metadata: { name: "Not_Valid" } });
      expect(refused.status).toBe(422);
      expect(refused.json.reason).toBe("Invalid");
      expect(refused.json.details).toMatchObject({
        name: "Not_Valid",
        kind: "Secret",
        causes: [{ reason: "FieldValueInvalid", field: "metadata.name" }],
      });
      expect(refused.json.details.causes[0].message).toContain(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'",
      );
    },
  },
  {
    name: "an invalid label value is refused with 422",
    async show({ client, path }) {
      const refused = await client.post(path("secrets"), {
        metadata: { name: "one", labels: { team: "not valid!" } },
      });
      expect(refused.status).toBe(422);
      expect(refused.json.details.causes[0].field).toBe("metadata.labels");
      const long = await client.post(path("secrets"), {
        metadata: { name: "one", labels: { team: "x".repeat(64) } },
      });
      expect(long.json.details.causes[0].message).toContain("must be no more than 63 characters");
    },
  },
  {
    name: "annotations over 256 KiB are refused with 422",
    async show({ client, path }) {
      const annotations = { note: "x".repeat(262_145) };
      const refused = await client.post(path("configmaps"), { metadata: { name: "one", annotations } });
      expect(refused.status).toBe(422);
      expect(refused.json.details.causes[0]).toMatchObject({
        reason: "FieldValueTooLong",
        field: "metadata.annotations",
      });
    },
  },
  {
    name: "a create without a name is refused with 422",
    async show({ client, path }) {
      const refused = await client.post(path("secrets"), { metadata: {} });
      expect(refused.status).toBe(422);
      expect(refused.json.message).toContain("name or generateName is required");
    },
  },
  {
    name: "a body that is no JSON, or of the wrong type, answers 400",
    async show({ client, path }) {
      const headers = { "content-type": "application/json" };
      const malformed = await client.send("POST", path("secrets"), { body: "{", headers });
      expect(malformed.status).toBe(400);
      expect(malformed.json.reason).toBe("BadRequest");
      const typed = await client.post(path("configmaps"), { metadata: { name: "one" }, data: ["list"] });
      expect(typed.status).toBe(400);
    },
  },
  {
    name: "a body of an unknown content type answers 415",
    async show({ client, path }) {
      const sent = await client.send("POST", path("secrets"), {
        body: "x",
        headers: { "content-type": "text/plain" },
      });
      expect(sent.status).toBe(415);
      expect(sent.json.reason).toBe("UnsupportedMediaType");
    },
  },
  {
    name: "an unknown path answers 404, an unknown method 405",
    async show({ client, path }) {
      expect((await client.get("/apis/batch/v9/jobs")).status).toBe(404);
      expect((await client.get("/api/v1/namespaces/default/nonsense")).status).toBe(404);
      const put = await client.put(path("secrets"), {});
      expect(put.status).toBe(405);
      expect(put.json.reason).toBe("MethodNotAllowed");
    },
  },
  {
    name: "a token that is not known answers 401, a right that is missing 403",
    async show({ client, powerless, path, namespace }) {
      const headers = { authorization: "Bearer nobody" };
      const unknown = await client.send("GET", path("secrets"), { headers });
      expect(unknown.status).toBe(401);
      expect(unknown.json).toMatchObject({
        kind: "Status",
        reason: "Unauthorized",
        message: "Unauthorized",
        code: 401,
      });
      const forbidden = await powerless.get(path("secrets"));
      expect(forbidden.status).toBe(403);
      expect(forbidden.json).toMatchObject({ reason: "Forbidden", details: { kind: "secrets" } });
      expect(forbidden.json.message).toMatch(
        new RegExp(
          `^secrets is forbidden: User ".+" cannot list resource "secrets" in API group "" in the namespace "${namespace}"$`,
        ),
      );
      const log = await powerless.get(`${path("pods")}/run/log`);
      expect(log.json.message).toContain('cannot get resource "pods/log" in API group ""');
    },
  },
  {
    name: "a SelfSubjectAccessReview tells what the user may do",
    async show({ client, powerless, namespace }) {
      const review = async (from: typeof client, resource: string, subresource = ""): Promise<Json> =>
        (
          await from.post("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews", {
            kind: "SelfSubjectAccessReview",
            apiVersion: "authorization.k8s.io/v1",
            spec: { resourceAttributes: { namespace, verb: "get", group: "", resource, subresource } },
          })
        ).json;
      expect(await review(client, "pods", "log")).toMatchObject({
        kind: "SelfSubjectAccessReview",
        spec: { resourceAttributes: { namespace, verb: "get", resource: "pods", subresource: "log" } },
        status: { allowed: true },
      });
      expect((await review(powerless, "pods")).status.allowed).toBe(false);
    },
  },
  {
    name: "discovery tells version, groups and resources",
    async show({ client }) {
      expect((await client.get("/version")).json).toMatchObject({
        major: "1",
        gitVersion: expect.stringMatching(/^v1\./),
      });
      expect((await client.get("/api")).json).toMatchObject({ kind: "APIVersions", versions: ["v1"] });
      const groups = (await client.get("/apis")).json;
      expect(groups.kind).toBe("APIGroupList");
      expect(groups.groups.map((group: Json) => group.name)).toEqual(
        expect.arrayContaining(["batch", "coordination.k8s.io", "authorization.k8s.io"]),
      );
      const core = (await client.get("/api/v1")).json;
      expect(core.resources.map((resource: Json) => resource.name)).toEqual(
        expect.arrayContaining([
          "pods",
          "pods/log",
          "pods/eviction",
          "secrets",
          "configmaps",
          "events",
          "nodes",
          "namespaces",
        ]),
      );
      const batch = (await client.get("/apis/batch/v1")).json;
      expect(batch.resources.find((resource: Json) => resource.name === "jobs")).toMatchObject({
        kind: "Job",
        namespaced: true,
        verbs: expect.arrayContaining(["create", "delete", "get", "list", "patch", "update", "watch"]),
      });
      for (const probe of ["/healthz", "/livez", "/readyz"])
        expect((await client.get(probe)).text).toBe("ok");
    },
  },
  {
    name: "lists can be had as tables, as kubectl prints them",
    async show({ client, create, path }) {
      await create(path("configmaps"), configMap("one", { a: "1", b: "2" }));
      const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
      const table = (
        await client.send("GET", `${path("configmaps")}?fieldSelector=metadata.name%3Done`, {
          headers: { accept },
        })
      ).json;
      expect(table.kind).toBe("Table");
      expect(table.columnDefinitions.map((column: Json) => column.name)).toEqual(["Name", "Data", "Age"]);
      expect(table.rows[0].cells.slice(0, 2)).toEqual(["one", 2]);
      const pods = (await client.send("GET", path("pods"), { headers: { accept } })).json;
      expect(pods.columnDefinitions.slice(0, 5).map((column: Json) => column.name)).toEqual([
        "Name",
        "Ready",
        "Status",
        "Restarts",
        "Age",
      ]);
    },
  },
  {
    name: "a Lease is a compare-and-swap: of two writers of one version exactly one wins",
    async show({ client, create, path }) {
      const renewTime = "2026-01-01T00:00:00.123456Z";
      const spec = { holderIdentity: "a", leaseDurationSeconds: 20, renewTime, acquireTime: renewTime };
      const made = await create(path("leases"), { metadata: { name: "supervisor" }, spec });
      expect(made.spec).toEqual(spec);
      const target = `${path("leases")}/supervisor`;
      const answers = await Promise.all(
        ["b", "c", "d", "e"].map((holderIdentity) =>
          client.put(target, { ...made, spec: { ...spec, holderIdentity } }),
        ),
      );
      expect(answers.map((answer) => String(answer.status)).toSorted()).toEqual(["200", "409", "409", "409"]);
      const winner = answers.find((answer) => answer.status === 200);
      expect((await client.get(target)).json.spec.holderIdentity).toBe(winner?.json.spec.holderIdentity);
      const bad = await client.patch(target, { spec: { leaseDurationSeconds: 0 } });
      expect(bad.status).toBe(422);
    },
  },
];
