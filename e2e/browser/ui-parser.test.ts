/** Our view of the transcript in the server's own worker: as it is in this version, and as it would be without its fault. */

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import type { Browser, Page } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitNews } from "../../packages/adapter/src/host/wait-words.ts";
import { openBrowser } from "../support/browser.ts";
import { machine, missing } from "../support/machine.ts";

const reason = missing("paperclip", "chromium");
const pages = path.join(machine.paperclipRoot, "server/node_modules/@paperclipai/server/ui-dist/assets");

/** The worker's program, as the server's pages carry it: a template literal with the marks of its parts. */
function bootstrapOfServer(): string {
  for (const name of readdirSync(pages)) {
    const text = readFileSync(path.join(pages, name), "utf8");
    const at = text.indexOf("Lock down dangerous globals");
    if (!name.endsWith(".js") || at === -1) continue;
    const start = text.lastIndexOf("`", at) + 1;
    const end = /(?<!\\)`/.exec(text.slice(at))?.index ?? 0;
    return text
      .slice(start, at + end)
      .replaceAll("\\`", "`")
      .replaceAll('\\"', '"')
      .replaceAll("\\n", "\n");
  }
  throw new Error(`no page below ${pages} has the worker's program`);
}

interface WorkerAnswer {
  readonly ready: boolean;
  readonly error: string | null;
  readonly entries: readonly (readonly { readonly kind: string }[])[];
}

/** In the page: starts the worker, gives it the parser, and has it read the lines. */
const driver = `(given) => new Promise((resolve) => {
  const worker = new Worker(URL.createObjectURL(new Blob([given.program])));
  const entries = [];
  const end = (ready, error) => {
    worker.terminate();
    resolve({ ready, error, entries });
  };
  let left = given.lines.length;
  worker.onerror = ({ message }) => end(false, message);
  worker.onmessage = ({ data }) => {
    if (data.type === "error") return end(false, data.message);
    if (data.type === "result") {
      entries[data.id] = data.entries;
      left -= 1;
    } else
      for (const [id, line] of given.lines.entries())
        worker.postMessage({ type: "parse", id, line, ts: "2026-11-29T00:00:00Z" });
    if (left === 0) end(true, null);
  };
  worker.postMessage({ type: "init", source: given.source });
})`;

function inWorker(
  page: Page,
  program: string,
  source: string,
  lines: readonly string[],
): Promise<WorkerAnswer> {
  return page.evaluate(`(${driver})(${JSON.stringify({ program, source, lines })})`);
}

describe.skipIf(reason !== "")(
  `the transcript in the server's worker${reason && ` (skipped: ${reason})`}`,
  () => {
    let browser: Browser;
    let page: Page;
    const source = readFileSync(path.join(machine.root, "packages/adapter/dist/ui-parser.cjs"), "utf8");
    const linesOf = (name: string): readonly string[] =>
      readFileSync(
        new URL(`../../packages/stream-parser/test/fixtures/recordings/${name}.ndjson`, import.meta.url),
        "utf8",
      )
        .split("\n")
        .filter(Boolean);
    const lines = linesOf("simple-text");
    /** The worker's program, as it would be without its fault. */
    const mended = (): string =>
      bootstrapOfServer().replaceAll(
        /^self\.(\w+) = _undefined;$/gm,
        'try { Object.defineProperty(self, "$1", { value: _undefined, configurable: true }); } catch {}',
      );

    beforeAll(async () => {
      browser = await openBrowser();
      page = await browser.newPage();
    });
    afterAll(() => browser?.close());

    test("this version's worker dies before it reads any parser, whichever it is", async () => {
      const nothing = "exports.parseStdoutLine = () => [];";
      for (const parser of [source, nothing]) {
        const answer = await inWorker(page, bootstrapOfServer(), parser, []);
        expect(answer).toMatchObject({ ready: false, error: expect.stringContaining("only a getter") });
      }
    });

    test("with its assignments made harmless it draws our entries", async () => {
      const status = "[claude_k8s] waiting for a node";
      const answer = await inWorker(page, mended(), source, [status, ...lines]);
      expect(answer).toMatchObject({ ready: true, error: null });
      expect(answer.entries[0]).toEqual([
        expect.objectContaining({ kind: "system", text: "waiting for a node" }),
      ]);
      const kinds = new Set(answer.entries.flat().map(({ kind }) => kind));
      expect([...kinds]).toEqual(expect.arrayContaining(["init", "assistant", "result"]));
      expect(kinds.has("stdout")).toBe(false);
    });

    test("a stretch that is lost is told at the place where it is missing", async () => {
      const gap = waitNews({
        type: "gap",
        at: "2026-11-30T07:00:10Z",
        reason: "rotated",
        after: "2026-11-30T07:00:00Z",
        before: "2026-11-30T07:00:09Z",
        message: "its log was rotated while no server read it",
      });
      const [first = "", ...rest] = lines;
      const answer = await inWorker(page, mended(), source, [first, `[claude_k8s] ${gap?.text}`, ...rest]);
      expect(answer).toMatchObject({ ready: true, error: null });
      expect(answer.entries[1]).toEqual([
        {
          kind: "system",
          ts: "2026-11-29T00:00:00Z",
          text: expect.stringMatching(
            /^A stretch of the output is lost .*2026-11-30T07:00:00Z.*2026-11-30T07:00:09Z/,
          ),
        },
      ]);
      const without = await inWorker(page, mended(), source, lines);
      expect(answer.entries.toSpliced(1, 1)).toEqual(without.entries);
    });

    test.each([
      ["thinking", "thinking", ["thinking", "assistant", "result"]],
      ["tools", "tool-parallel", ["tool_call", "tool_result", "result"]],
      ["sub-agents", "subagent", ["tool_call", "tool_result", "result"]],
      ["a model that is none", "model-404", ["result"]],
    ])("it draws %s, and leaves no line raw", async (what, recording, kinds) => {
      const answer = await inWorker(page, mended(), source, linesOf(recording));
      expect(answer).toMatchObject({ ready: true, error: null });
      const entries: readonly { readonly kind: string; readonly channel?: string }[] = answer.entries.flat();
      expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(kinds));
      expect(entries.filter(({ kind }) => kind === "stdout")).toEqual([]);
      // A sub-agent's words are told from the run's own answer.
      expect(entries.some(({ channel }) => channel === "progress")).toBe(what === "sub-agents");
    });
  },
);
