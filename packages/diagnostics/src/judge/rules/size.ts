import type { TextRule } from "./rule.ts";

/** The conversation does not fit any more. */
export const sizeRules: readonly TextRule[] = [
  {
    code: "claude_prompt_too_long",
    // What every turn brings along fills the window again, however often it is emptied.
    pattern: /autocompact is thrashing|context refilled to the limit/i,
    seenIn: "2.1.220 – 2.1.330",
    example:
      "Autocompact is thrashing: the context refilled to the limit within 3 turns of the previous compact, 3 times in a row.",
  },
  {
    code: "claude_prompt_too_long",
    pattern: /context window limit|model_context_window_exceeded|exceeds? the (?:model'?s )?context window/i,
    seenIn: "2.1.330",
    example: "API Error: The model has reached its context window limit.",
  },
  {
    code: "claude_prompt_too_long",
    pattern:
      /prompt is too long|`?inputs`? tokens \+ `?max_new_tokens`? must be|input is too long for requested model|input length and `?max_tokens`? exceed|context limit reached|conversation too long|maximum context length (?:is |of )?(?:exceeded|\d)|context (?:limit|size) (?:is|of) \d|context window (?:is|of) \d[^\n]{0,60}requested|context_length_exceeded|exceeds the maximum (?:number of tokens|context)/i,
    seenIn: "1.0.128 – 2.1.330; gateways",
    example: "Prompt is too long",
  },
  {
    code: "claude_prompt_too_long",
    pattern: /request too large|request_too_large|request exceeds the maximum size/i,
    unless: /tokens? per min|\bTPM\b|rate[- ]limit/i,
    seenIn: "2.0.14 – 2.1.330",
    example: "Request too large (max 32MB). Double press esc to go back and try with a smaller file.",
  },
];
