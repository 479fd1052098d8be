/** The settings of an agent, filled in as a person does: every kind of field, read again from the page, and found in the pod. */

import type { V1Pod } from "@kubernetes/client-node";
import type { Browser, Locator } from "playwright";
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFailed, test } from "vitest";
import type { Board } from "../support/board.ts";
import { type Screen, openBrowser, openScreen } from "../support/browser.ts";
import { type Gates, createGates } from "../support/gates.ts";
import { missing } from "../support/machine.ts";
import { answers, bash, say } from "../support/messages-api.ts";
import { type EndToEndWorld, openWorld } from "../support/world.ts";

const reason = missing("cluster", "paperclip", "messagesApi", "chromium");
/** What "Record output" needs beyond the documented Role. */
const exec = { apiGroups: [""], resources: ["pods/exec"], verbs: ["create", "get"] };
const labels = "team=web\n# paid by\ncost-centre=a1";
const tolerations = "[{key: agents, operator: Exists, effect: NoSchedule}]";
const template = "metadata:\n  annotations: {filled-in: by-hand}";

describe.skipIf(reason !== "")(`the settings form, by hand${reason && ` (skipped: ${reason})`}`, () => {
  let world: EndToEndWorld;
  let board: Board;
  let gates: Gates;
  let browser: Browser;
  let screen: Screen;
  let agentId: string;
  let form: string;
  beforeAll(async () => {
    gates = await createGates();
    world = await openWorld({ name: "form", ui: true, moreRules: [exec] });
    board = await world.board();
    const api = await world.messagesApi(
      answers(say("I wait.", bash(gates.waitAt("seen"))), say("The work is finished.")),
    );
    agentId = await board.agent(world.settings(api, { imagePullPolicy: undefined }), "Filled");
    const { issuePrefix } = await world.paperclip.api("GET", `/companies/${board.companyId}`);
    form = `/${issuePrefix}/agents/filled/runtime`;
    browser = await openBrowser();
    screen = await openScreen(browser, world.paperclip.origin);
    await screen.open(form);
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    await world?.close();
    gates?.close();
  }, 600_000);

  beforeEach(() => {
    onTestFailed(() => screen.picture("form-as-it-failed", 2600));
  });

  /** What the person sees first below the words that stand before the field. */
  const below = (label: string, kind: string): Locator =>
    screen.page
      .getByText(new RegExp(`^${label}( \\(|$)`))
      .first()
      .locator(`xpath=following::${kind}[1]`);
  const line = (label: string): Locator => below(label, "input");
  const lines = (label: string): Locator => below(label, "textarea");
  const toggle = (label: string): Locator => below(label, "*[@role='switch']");
  const chosen = (label: string, value: string): Locator => below(label, `button[contains(., '${value}')]`);
  const settings = async (): Promise<Record<string, unknown>> =>
    (await world.paperclip.api("GET", `/agents/${agentId}`)).adapterConfig;
  /** The form is stored when the page says so. */
  const save = async (): Promise<void> => {
    const stored = screen.page.waitForResponse((answer) => answer.request().method() === "PATCH");
    await screen.page.getByRole("button", { name: "Save changes" }).click();
    expect((await stored).status()).toBe(200);
  };

  test("a value that cannot be is stored as it is typed, and Test names the field", async () => {
    await line("Memory limit").fill("lots");
    await save();
    await screen.page.getByRole("button", { name: "Run test" }).click();
    await screen.page.getByText("Test details").click();
    const text = await screen.reads(/resources\.limits\.memory: .*lots.* cannot be used/);
    expect(text).not.toContain("Connection successful");
  });

  test("lines, numbers, choices, switches and texts are stored as they are filled in", async () => {
    await line("Memory limit").fill("1Gi");
    await line("CPU limit").fill("2");
    await line("Turns at most").fill("7");
    await toggle("Advanced").click();
    await chosen("Image pull policy", "Not set").click();
    await screen.page.getByRole("button", { name: "Never", exact: true }).click();
    await lines("Labels").fill(labels);
    await lines("Tolerations").fill(tolerations);
    await lines("Pod template").fill(template);
    await toggle("Record output").click();
    await save();
    expect(await settings()).toMatchObject({
      "resources.limits.memory": "1Gi",
      "resources.limits.cpu": "2",
      maxTurnsPerRun: 7,
      imagePullPolicy: "Never",
      labels,
      tolerations,
      podTemplate: template,
      recordOutput: true,
    });
  });

  test("the page shows them when it is opened again, and Test passes with them", async () => {
    await screen.open(form);
    await screen.reads(/^Pod template/);
    const shown = [line("Memory limit"), line("CPU limit"), line("Turns at most")];
    expect(await Promise.all(shown.map((field) => field.inputValue()))).toEqual(["1Gi", "2", "7"]);
    const texts = [lines("Labels"), lines("Tolerations"), lines("Pod template")];
    expect(await Promise.all(texts.map((field) => field.inputValue()))).toEqual([
      labels,
      tolerations,
      template,
    ]);
    expect(await chosen("Image pull policy", "Never").innerText()).toBe("Never");
    expect(await toggle("Record output").getAttribute("aria-checked")).toBe("true");
    await screen.page.getByRole("button", { name: "Run test" }).click();
    await screen.reads("Connection successful");
    await screen.picture("08-filled", 2600);
  });

  test("a run has them", async () => {
    const issue = await board.issue(agentId, "Show your settings");
    const { id } = await board.nextRun(agentId, []);
    let pod: V1Pod | undefined;
    await expect
      .poll(
        async () => {
          [pod] = (await world.core.listNamespacedPod({ namespace: world.namespace })).items;
          return pod;
        },
        { timeout: 300_000, message: "the run's pod" },
      )
      .toBeDefined();
    expect(pod?.metadata).toMatchObject({
      labels: { team: "web", "cost-centre": "a1" },
      annotations: { "filled-in": "by-hand" },
    });
    const main = pod?.spec?.containers.find(({ name }) => name === "main");
    expect(main).toMatchObject({
      imagePullPolicy: "Never",
      resources: { limits: { cpu: "2", memory: "1Gi" } },
    });
    expect(pod?.spec?.tolerations).toContainEqual({
      key: "agents",
      operator: "Exists",
      effect: "NoSchedule",
    });
    const invoked = (await board.events(id)).find(({ eventType }) => eventType === "adapter.invoke");
    expect(invoked?.payload.commandArgs.join(" ")).toContain("--max-turns 7");
    gates.open("seen");
    expect(await board.ended(id)).toMatchObject({ status: "succeeded" });
    await board.setStatus(issue.id, "done");
    await world.isEmpty();
  });
});
