/** The scripted Messages API: what it is to say, and what it was asked. */

import { machine } from "./machine.ts";

export type Block = Readonly<Record<string, unknown>>;

/** Tokens as the API counts them. */
export interface ServedUsage {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cache_creation_input_tokens: number;
  readonly cache_read_input_tokens: number;
}

export interface Reply {
  readonly content?: readonly Block[];
  readonly stop_reason?: string;
  readonly usage?: ServedUsage & Readonly<Record<string, unknown>>;
  readonly delay_ms?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: Readonly<Record<string, unknown>>;
  readonly [more: string]: unknown;
}

export interface Rule {
  /**
   * `user` is looked for in all that the agent was told, `last` in the last message only: on a busy machine Claude Code may put one of
   * its own behind a tool's result.
   */
  readonly when?: Readonly<Record<string, unknown>>;
  readonly replies: readonly Reply[];
  /** The last reply serves for ever. */
  readonly repeat?: boolean;
}

/** A script: each request takes the next unused reply of the first rule that matches. */
export interface Scenario {
  readonly rules: readonly Rule[];
  readonly fallback?: Reply;
}

export interface ApiRequest {
  /** The agent's loop, a sub-agent's, or a helper call such as that for a title. */
  readonly agent: "main" | "sub" | "side";
  readonly body: Readonly<Record<string, any>>;
  readonly reply: Reply;
}

export interface MessagesApi {
  readonly url: string;
  readonly requests: readonly ApiRequest[];
  close(): Promise<void>;
}

export async function startMessagesApi(scenario: Scenario): Promise<MessagesApi> {
  const { startFakeAnthropic } = await import(machine.messagesApi.path);
  const requests: ApiRequest[] = [];
  const server = await startFakeAnthropic({
    scenario,
    host: machine.addressForPods,
    log: (entry: ApiRequest & { readonly other?: true }) => {
      if (entry.reply !== undefined) requests.push(entry);
    },
  });
  return { url: server.url, requests, close: async () => void (await server.close()) };
}

export const text = (words: string): Block => ({ type: "text", text: words });

export const bash = (command: string): Block => ({
  type: "tool_use",
  name: "Bash",
  input: { command, description: "Run a command" },
});

/** Texts and tool calls of one answer. */
export const say = (...blocks: readonly (Block | string)[]): Reply => ({
  content: blocks.map((block) => (typeof block === "string" ? text(block) : block)),
});

/** The agent's answers, one after the other; the last one for ever. */
export const answers = (...replies: readonly Reply[]): Scenario => ({
  rules: [{ when: { agent: "main" }, replies, repeat: true }],
});

/** An answer that costs: input, output, written to the cache, read from it. */
export const costing = (reply: Reply, tokens: readonly [number, number, number, number]): Reply => ({
  ...reply,
  usage: {
    input_tokens: tokens[0],
    output_tokens: tokens[1],
    cache_creation_input_tokens: tokens[2],
    cache_creation: { ephemeral_5m_input_tokens: tokens[2], ephemeral_1h_input_tokens: 0 },
    cache_read_input_tokens: tokens[3],
  },
});

/** What the API has served, as the host counts it; and its price in dollars at those of one model, by million tokens. */
export function served(
  requests: readonly ApiRequest[],
  price: { readonly input: number; readonly output: number },
): { inputTokens: number; outputTokens: number; cachedInputTokens: number; costUsd: number } {
  const sum = { inputTokens: 0, outputTokens: 0, cachedInputTokens: 0, costUsd: 0 };
  for (const { reply } of requests) {
    const { usage } = reply;
    if (usage === undefined) throw new Error(`a reply without usage: ${JSON.stringify(reply)}`);
    sum.inputTokens += usage.input_tokens + usage.cache_creation_input_tokens;
    sum.outputTokens += usage.output_tokens;
    sum.cachedInputTokens += usage.cache_read_input_tokens;
    // A cache of five minutes costs a quarter more to write, and a tenth to read.
    const input =
      usage.input_tokens + usage.cache_creation_input_tokens * 1.25 + usage.cache_read_input_tokens * 0.1;
    sum.costUsd += (input * price.input + usage.output_tokens * price.output) / 1_000_000;
  }
  return sum;
}
