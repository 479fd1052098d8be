import type { CommonOptions, FormatOptions } from "../options.ts";

export interface ExplainOptions extends CommonOptions, FormatOptions {
  readonly exitCode?: number;
  readonly evidence?: string;
}

export type ExplainFormat = "text" | "json" | "yaml" | "markdown";
