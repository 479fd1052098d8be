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

/** The same refusal of everything. */
export const refusal = (
  status: number,
  type: string,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Scenario => ({ rules: [{ replies: [{ error: { status, type, message }, headers }], repeat: true }] });
