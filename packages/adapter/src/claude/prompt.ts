import {
  DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE,
  DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE,
  isPaperclipRecoveryWakePayload,
  joinPromptSections,
  renderPaperclipWakePrompt,
  renderTemplate,
  selectPaperclipTaskMarkdown,
} from "@paperclipai/adapter-utils/server-utils";

import type { ExecutionContext } from "../host/contract.ts";
import type { Settings } from "../settings/settings.ts";
import { words } from "./wake.ts";

export interface Prompt {
  readonly text: string;
  /** Characters of each part. */
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * The prompt, in the order of the host's own Claude adapter, made by the host's own functions: an agent moved between the
 * two must not be told its work differently.
 */
export function buildPrompt(host: ExecutionContext, settings: Settings, resuming: boolean): Prompt {
  const { context, agent, runId } = host;
  const data = {
    agentId: agent.id,
    companyId: agent.companyId,
    runId,
    company: { id: agent.companyId },
    agent,
    run: { id: runId, source: "on_demand" },
    context,
  };
  const conversation = context["conversationMode"] === true;
  const bootstrap = resuming
    ? ""
    : renderTemplate(settings.claude.bootstrapPromptTemplate ?? "", data).trim();
  const task = selectPaperclipTaskMarkdown({ ...context }, { resumedSession: resuming });
  const wake = renderPaperclipWakePrompt(context["paperclipWake"], {
    resumedSession: resuming,
    conversationMode: conversation,
    suppressIssueDescription: task !== "",
  });
  const handoff = words(context["paperclipSessionHandoffMarkdown"]) ?? "";
  const template =
    settings.claude.promptTemplate ??
    (conversation ? DEFAULT_PAPERCLIP_CONVERSATION_PROMPT_TEMPLATE : DEFAULT_PAPERCLIP_AGENT_PROMPT_TEMPLATE);
  const onlyTheWake = (resuming && wake !== "") || isPaperclipRecoveryWakePayload(context["paperclipWake"]);
  const heartbeat = onlyTheWake ? "" : renderTemplate(template, data);
  const text = joinPromptSections([bootstrap, wake, handoff, task, heartbeat]);
  return {
    text,
    metrics: {
      promptChars: text.length,
      bootstrapPromptChars: bootstrap.length,
      wakePromptChars: wake.length,
      sessionHandoffChars: handoff.length,
      taskContextChars: task.length,
      heartbeatPromptChars: heartbeat.length,
    },
  };
}
