/**
 * As somebody does who has never seen it, by what the pages say and nothing else: install, set up an agent in the wizard, watch a run,
 * read why one failed, repair it. What is read is read from the page.
 */

import type { Browser, Locator } from "playwright";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Screen, openBrowser, openScreen } from "../support/browser.ts";
import { type Gates, createGates } from "../support/gates.ts";
import { machine, missing } from "../support/machine.ts";
import { type MessagesApi, bash, say, startMessagesApi } from "../support/messages-api.ts";
import { installPacked } from "../support/packed.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi", "chromium");
const image = `lab/claude:${machine.claudeVersion}`;

/** The agent closes its issue by Paperclip's own API, as its instructions ask of it. */
const closing = `node -e '
  const { PAPERCLIP_API_URL: at, PAPERCLIP_API_KEY: key, PAPERCLIP_RUN_ID: run, PAPERCLIP_TASK_ID: issue } = process.env;
  const headers = { authorization: "Bearer " + key, "x-paperclip-run-id": run, "content-type": "application/json" };
  fetch(at + "/api/issues/" + issue, { method: "PATCH", headers, body: JSON.stringify({ status: "done", comment: "Counted: one, two, three." }) })
    .then((answer) => console.log("paperclip answered", answer.status));'`;

describe.skipIf(reason !== "")(
  `a first agent, by the pages alone${reason && ` (skipped: ${reason})`}`,
  () => {
    let world: EndToEndWorld;
    let api: MessagesApi;
    let gates: Gates;
    let browser: Browser;
    let screen: Screen;
    let companyId: string;
    let prefix: string;

    beforeAll(async () => {
      gates = await createGates();
      api = await startMessagesApi({
        rules: [
          {
            when: { agent: "main" },
            replies: [
              say("I count slowly.", bash(`echo one; ${gates.waitAt("watched")}; echo two; echo three`)),
              say(bash(closing)),
              say("Counted: one, two, three."),
            ],
          },
          { when: { agent: "main" }, replies: [say(bash(closing)), say("Counted again.")], repeat: true },
        ],
        fallback: say("{}"),
      });
      world = await openWorld({
        name: "board",
        ui: true,
        adapterFolder: null,
        operator: (namespace, addressForPods) => ({
          defaults: {
            image,
            namespace,
            imagePullPolicy: "Never",
            paperclipApiUrl: addressForPods,
            "resources.requests.cpu": "100m",
            "resources.requests.memory": "256Mi",
            env: {
              ANTHROPIC_BASE_URL: api.url,
              ANTHROPIC_API_KEY: ["sk", "ant", "test", "dummy"].join("-"),
              CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
              DISABLE_TELEMETRY: "1",
            },
          },
        }),
      });
      const company = await world.paperclip.api("POST", "/companies", { name: "Acme" });
      companyId = company.id;
      prefix = `/${company.issuePrefix}`;
      browser = await openBrowser();
      screen = await openScreen(browser, world.paperclip.origin);
    }, 600_000);
    afterAll(async () => {
      await browser?.close();
      await world?.close();
      await api?.close();
      gates?.close();
    }, 600_000);

    const button = (name: string | RegExp): Locator => screen.page.getByRole("button", { name });
    const dialog = (): Locator => screen.page.getByRole("dialog");
    /** A field of the form, by what stands before it. */
    const field = (label: string): Locator =>
      screen.page.getByText(new RegExp(`^${label}\\b`)).locator("xpath=following::input[1]");

    const statusOf = async (number: number): Promise<string> =>
      (await world.paperclip.api("GET", `/issues/${prefix.slice(1)}-${number}`)).status;
    /** The form is stored when the page says so. */
    const save = async (): Promise<void> => {
      const stored = screen.page.waitForResponse((answer) => answer.request().method() === "PATCH");
      await button("Save changes").click();
      expect((await stored).status()).toBe(200);
    };

    test("the adapter is installed under Settings, Adapters", async () => {
      const folder = await installPacked();
      await screen.open(`${prefix}/company/settings/instance/adapters`);
      await button("Install Adapter").click();
      await dialog().getByRole("button", { name: "Local path" }).click();
      await dialog().locator("input").first().fill(folder);
      await screen.picture("01-install");
      await dialog().getByRole("button", { name: "Install", exact: true }).click();
      expect(await screen.reads(/claude_k8s ·/)).toContain("Claude K8s");
    });

    test("an agent is made in the wizard, and its test passes", async () => {
      await screen.open(`${prefix}/agents/new`);
      await screen.page.locator("input:visible").first().fill("Kube");
      await button("Choose adapter").click();
      await screen.page.getByText("Claude K8s").first().click();
      await button("Configure agent").click();
      await button("Run test").click();
      await screen.page.getByText("Test details").click();
      const text = await screen.reads("Connection successful");
      expect(text).toContain("The settings can be used.");
      expect(text).toMatch(/permissions are given in namespace e2e-board-/);
      await screen.picture("02-wizard");
      await button("Finish setup").click();
      await screen.reads("Your agent is ready");
    });

    test("it is given a task, and its run is watched", async () => {
      await screen.open(`${prefix}/agents/kube/overview`);
      await button("Assign Task").first().click();
      await dialog().getByPlaceholder("Task title").fill("Count to three");
      await button("Create Task").click();
      await screen.reads("Live Run");
      const [run] = await world.paperclip.api("GET", `/companies/${companyId}/heartbeat-runs`);
      await screen.open(`${prefix}/agents/kube/runs/${run.id}`);
      // It waits until it has been seen.
      await screen.reads(/I count slowly/);
      await screen.picture("03-live");
      await screen.open(`${prefix}/issues/${prefix.slice(1)}-1`);
      await screen.reads(/^Working/);
      await screen.picture("03-running");
      gates.open("watched");
      const text = await screen.reads("Counted: one, two, three.");
      expect(text).toContain("Kube");
      await expect.poll(() => statusOf(1), { timeout: 300_000 }).toBe("done");
      await screen.picture("04-done");
    });

    test("a setting is spoilt: the form shows what holds, and the failure says what to do", async () => {
      await screen.open(`${prefix}/agents/kube/runtime`);
      const form = await screen.reads(/^Advanced \(/);
      expect(form).toContain(`operator's file: ${image}`);
      await screen.picture("05-form", 1800);
      await field("Image").fill("lab/claude:mistyped");
      await save();
      await screen.open(`${prefix}/agents/kube/overview`);
      await button("Assign Task").first().click();
      await dialog().getByPlaceholder("Task title").fill("Count again");
      await button("Create Task").click();
      await screen.open(`${prefix}/issues/${prefix.slice(1)}-2`);
      const text = await screen.reads(/What to do/);
      expect(text).toContain("lab/claude:mistyped");
      expect(text).toContain("Image");
      await screen.picture("06-failure");
    });

    test("it is repaired where the failure says, and a comment starts the next run", async () => {
      await screen.open(`${prefix}/agents/kube/runtime`);
      await field("Image").fill("");
      await save();
      await button("Run test").click();
      await screen.reads("Connection successful");
      await screen.open(`${prefix}/issues/${prefix.slice(1)}-2`);
      const composer = screen.page.locator("[contenteditable=true]").last();
      await composer.fill("The image is right now, please go on.");
      await screen.page.keyboard.press("Control+Enter");
      await screen.reads("Counted: one, two, three.");
      await expect.poll(() => statusOf(2), { timeout: 300_000 }).toBe("done");
      await screen.picture("07-repaired");
    });

    test("a pod of trial is one switch away, and the switches need not be stored for it", async () => {
      await screen.open(`${prefix}/agents/kube/runtime`);
      const toggle = (label: string | RegExp): Locator =>
        screen.page.getByText(label).first().locator("xpath=following::*[@role='switch'][1]");
      await toggle(/^Advanced \(/).click();
      expect(await screen.reads("Test runs a pod")).toContain("Pod template");
      await toggle("Test runs a pod").click();
      await button("Run test").click();
      await screen.page.getByText("Test details").click();
      const text = await screen.reads(/Claude answers in a pod/);
      expect(text).toContain(`The image has Claude Code ${machine.claudeVersion}.`);
      await world.isEmpty();
    });
  },
);
