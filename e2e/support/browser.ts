/** A headless Chromium on the server's own pages: what a person reads there, and pictures of it. */

import { mkdirSync } from "node:fs";
import path from "node:path";
import { type Browser, type Page, chromium } from "playwright";
import { machine } from "./machine.ts";

export interface Screen {
  readonly page: Page;
  /** Opens a page of the server and waits until it has what it shows. */
  open(where: string): Promise<void>;
  /** All text that is shown now. */
  text(): Promise<string>;
  /** Waits until the text is shown, and answers with all that is. */
  reads(words: string | RegExp): Promise<string>;
  /** Keeps a picture; `height` for pages that are longer than the window. */
  picture(name: string, height?: number): Promise<void>;
  close(): Promise<void>;
}

const size = { width: 1100, height: 760 };

/** Where pictures go: beside the other evidence, and into the documentation when they are made for it. */
const pictures =
  process.env["E2E_PICTURES"] === "docs"
    ? path.join(machine.root, "docs/board")
    : path.join(machine.results, "board");

export async function openBrowser(): Promise<Browser> {
  // Pods' root has no user namespaces, which Chromium's own sandbox needs.
  return chromium.launch({ executablePath: machine.chromium.path, args: ["--no-sandbox"] });
}

export async function openScreen(browser: Browser, origin: string): Promise<Screen> {
  const page = await browser.newPage({ viewport: size, reducedMotion: "reduce" });
  // For what hangs: on a busy machine a page takes its time.
  page.setDefaultTimeout(120_000);
  return {
    page,
    async open(where) {
      await page.goto(`${origin}${where}`, { waitUntil: "networkidle" });
    },
    text: () => page.locator("body").innerText(),
    async reads(words) {
      await page.getByText(words).first().waitFor({ timeout: 300_000 });
      return page.locator("body").innerText();
    },
    async picture(name, height = size.height) {
      mkdirSync(pictures, { recursive: true });
      await page.setViewportSize({ ...size, height });
      await page.screenshot({ path: path.join(pictures, `${name}.png`), animations: "disabled" });
      await page.setViewportSize(size);
    },
    close: () => page.close(),
  };
}
