import { request, Agent } from "node:https";
import type { LocalCluster } from "../../src/index.ts";

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  // Whatever the server said; tests look at what they need.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly json: any;
}

export interface Stream {
  readonly status: number;
  /** Text so far. */
  text(): string;
  /** Resolves when the text matches; rejects when the stream ends before. */
  until(pattern: RegExp): Promise<string>;
  /** Complete lines, at least `count` of them. */
  lines(count: number): Promise<string[]>;
  readonly ended: Promise<string>;
  close(): void;
}

/** Plain HTTPS, no client library: what is tested is the server. */
export interface Api {
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answer>;
  stream(path: string): Promise<Stream>;
  close(): void;
}

export interface CallOptions {
  readonly type?: string;
  readonly token?: string | null;
  readonly accept?: string;
}

export function apiOf(cluster: Pick<LocalCluster, "url" | "certificateAuthority" | "token">): Api {
  const agent = new Agent({ ca: cluster.certificateAuthority, keepAlive: true, maxSockets: 50 });
  const headers = (options: CallOptions) => ({
    ...(options.token === null ? {} : { authorization: `Bearer ${options.token ?? cluster.token}` }),
    ...(options.accept === undefined ? {} : { accept: options.accept }),
  });
  return {
    call(method, path, body, options = {}) {
      return new Promise((resolve, reject) => {
        const payload = body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body);
        const sent = request(
          cluster.url + path,
          {
            method,
            agent,
            headers: {
              ...headers(options),
              ...(payload === null
                ? {}
                : {
                    "content-type": options.type ?? "application/json",
                    "content-length": Buffer.byteLength(payload),
                  }),
            },
          },
          (response) => {
            const parts: Buffer[] = [];
            response.on("data", (part: Buffer) => parts.push(part));
            response.on("error", reject);
            response.on("end", () => {
              const text = Buffer.concat(parts).toString("utf8");
              const isJson = response.headers["content-type"] === "application/json";
              resolve({
                status: response.statusCode ?? 0,
                headers: response.headers,
                text,
                json: isJson && text !== "" ? JSON.parse(text) : null,
              });
            });
          },
        );
        sent.on("error", reject);
        sent.end(payload ?? undefined);
      });
    },
    stream(path) {
      return new Promise((resolve, reject) => {
        const sent = request(cluster.url + path, { agent, headers: headers({}) }, (response) => {
          let text = "";
          let over = false;
          let newlines = 0;
          const waiters = new Set<() => void>();
          const look = () => {
            for (const waiter of waiters) waiter();
          };
          const ended = new Promise<string>((done) => {
            const finish = () => {
              over = true;
              look();
              done(text);
            };
            response.on("end", finish);
            response.on("close", finish);
            response.on("error", finish);
          });
          const wait = (test: () => boolean, what: string) =>
            new Promise<void>((found, lost) => {
              const check = () => {
                if (test()) found();
                else if (over) lost(new Error(`ended before ${what}: ${text}`));
                else return;
                waiters.delete(check);
              };
              waiters.add(check);
              check();
            });
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
            newlines += part.split("\n").length - 1;
            look();
          });
          resolve({
            status: response.statusCode ?? 0,
            text: () => text,
            ended,
            close: () => void sent.destroy(),
            until: (pattern) => wait(() => pattern.test(text), String(pattern)).then(() => text),
            lines: (count) =>
              wait(() => newlines >= count, `${count} lines`).then(() => text.split("\n").slice(0, -1)),
          });
        });
        sent.on("error", reject);
        sent.end();
      });
    },
    close: () => agent.destroy(),
  };
}

export const jobsPath = "/apis/batch/v1/namespaces/default/jobs";
export const podsPath = "/api/v1/namespaces/default/pods";
export const secretsPath = "/api/v1/namespaces/default/secrets";

export function jobBody(name: string, container: object, spec: object = {}, podSpec: object = {}): object {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: {
        spec: {
          restartPolicy: "Never",
          containers: [{ name: "main", image: "busybox:1", ...container }],
          ...podSpec,
        },
      },
      ...spec,
    },
  };
}

export function podBody(name: string, container: object, spec: object = {}): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: {
      restartPolicy: "Never",
      containers: [{ name: "main", image: "busybox:1", ...container }],
      ...spec,
    },
  };
}

/** Follows one object by its watch until a condition holds. */
export async function until(
  api: Api,
  path: string,
  name: string,
  // oxlint-disable-next-line typescript/no-explicit-any
  condition: (object: any) => boolean,
  // oxlint-disable-next-line typescript/no-explicit-any
): Promise<any> {
  const watch = await api.stream(`${path}?watch=true&fieldSelector=metadata.name%3D${name}`);
  try {
    let seen = 0;
    for (;;) {
      for (const line of (await watch.lines(seen + 1)).slice(seen)) {
        seen += 1;
        const event = JSON.parse(line);
        if (event.type === "DELETED" && !condition(null)) throw new Error(`${name} was deleted`);
        if (condition(event.type === "DELETED" ? null : event.object)) return event.object;
      }
    }
  } finally {
    watch.close();
  }
}

/** The pod that a Job made, as soon as there is one. */
export async function podOf(api: Api, job: string): Promise<string> {
  const watch = await api.stream(`${podsPath}?watch=true&labelSelector=job-name%3D${job}`);
  try {
    const [first = ""] = await watch.lines(1);
    return JSON.parse(first).object.metadata.name;
  } finally {
    watch.close();
  }
}

// oxlint-disable-next-line typescript/no-explicit-any
export const finished = (job: any): boolean =>
  (job?.status?.conditions ?? []).some(
    (condition: { type: string; status: string }) =>
      ["Complete", "Failed"].includes(condition.type) && condition.status === "True",
  );

// oxlint-disable-next-line typescript/no-explicit-any
export const ended = (pod: any): boolean => ["Succeeded", "Failed"].includes(pod?.status?.phase);
