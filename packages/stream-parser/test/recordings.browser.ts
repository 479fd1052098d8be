/// <reference types="vite/client" />
/** The browser's form of `recordings.ts`: the test project puts it in its place. */
import type { RecordedFacts } from "./recordings.ts";

const bytesUrls = import.meta.glob<string>("./fixtures/recordings/*.ndjson", {
  query: "?url",
  import: "default",
  eager: true,
});
const factsUrls = import.meta.glob<string>("./fixtures/recordings/*.json", {
  query: "?url",
  import: "default",
  eager: true,
});

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.(ndjson|json)$/, "");
}

/** Hundreds of requests at once exhaust the browser's sockets on a busy machine, and it then fails them. */
const atOnce = 8;
const attempts = 5;

async function fetched<Value>(
  urls: Readonly<Record<string, string>>,
  read: (response: Response) => Promise<Value>,
): Promise<ReadonlyMap<string, Value>> {
  const waiting = Object.entries(urls);
  const found = new Map<string, Value>();
  const worker = async (): Promise<void> => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
      found.set(nameOf(next[0]), await read(await fetchPatiently(next[1])));
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return found;
}

async function fetchPatiently(url: string): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await fetch(url);
    } catch (error) {
      if (attempt === attempts) throw error;
    }
  }
}

const bytes = await fetched(bytesUrls, async (response) => new Uint8Array(await response.arrayBuffer()));
const facts = await fetched(factsUrls, async (response) => (await response.json()) as RecordedFacts);

export const recordingNames: readonly string[] = [...bytes.keys()].sort();

export function recording(name: string): Uint8Array {
  return known(bytes, name);
}

export function recordedFacts(name: string): RecordedFacts {
  return known(facts, name);
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`there is no recording ${name}`);
  return value;
}
