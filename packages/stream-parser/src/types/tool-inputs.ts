import type { JsonValue } from "../json.ts";

/**
 * What Claude Code's own tools take, by the name that a `tool_use` block carries. The model writes these inputs: what it sends is
 * checked by the tool, and a call whose result is an error may hold anything. MCP tools (`mcp__server__tool`) are not in it.
 */
export interface ToolInputs {
  readonly Agent: AgentInput;
  /** The name of `Agent` up to 2.0. */
  readonly Task: AgentInput;
  readonly AskUserQuestion: AskUserQuestionInput;
  readonly Bash: BashInput;
  readonly BashOutput: BashOutputInput;
  readonly Edit: EditInput;
  readonly ExitPlanMode: ExitPlanModeInput;
  readonly Glob: GlobInput;
  readonly Grep: GrepInput;
  readonly KillShell: KillShellInput;
  readonly ListMcpResourcesTool: ListMcpResourcesInput;
  readonly MultiEdit: MultiEditInput;
  readonly NotebookEdit: NotebookEditInput;
  readonly Read: ReadInput;
  readonly ReadMcpResourceTool: ReadMcpResourceInput;
  readonly Skill: SkillInput;
  /** The answer to `--json-schema`: its shape is the schema's. */
  readonly StructuredOutput: Readonly<Record<string, JsonValue>>;
  readonly TaskOutput: TaskOutputInput;
  readonly TaskStop: TaskStopInput;
  readonly TodoWrite: TodoWriteInput;
  readonly WebFetch: WebFetchInput;
  readonly WebSearch: WebSearchInput;
  readonly Write: WriteInput;
}

export interface AgentInput {
  /** A few words on what the sub-agent does. */
  readonly description: string;
  readonly prompt: string;
  readonly subagent_type?: string;
  readonly model?: string;
  readonly run_in_background?: boolean;
  readonly resume?: string;
}

export interface AskUserQuestionInput {
  readonly questions: readonly {
    readonly question: string;
    readonly header: string;
    readonly options: readonly { readonly label: string; readonly description: string }[];
    readonly multiSelect: boolean;
  }[];
}

export interface BashInput {
  readonly command: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly description?: string;
  readonly run_in_background?: boolean;
}

export interface BashOutputInput {
  readonly bash_id: string;
  /** A regular expression: only lines that match are given. */
  readonly filter?: string;
}

export interface EditInput {
  readonly file_path: string;
  readonly old_string: string;
  readonly new_string: string;
  readonly replace_all?: boolean;
}

export interface ExitPlanModeInput {
  readonly plan?: string;
}

export interface GlobInput {
  readonly pattern: string;
  readonly path?: string;
}

export interface GrepInput {
  readonly pattern: string;
  readonly path?: string;
  readonly glob?: string;
  readonly type?: string;
  readonly output_mode?: "content" | "files_with_matches" | "count";
  readonly "-A"?: number;
  readonly "-B"?: number;
  readonly "-C"?: number;
  readonly "-i"?: boolean;
  readonly "-n"?: boolean;
  readonly head_limit?: number;
  readonly offset?: number;
  readonly multiline?: boolean;
}

export interface KillShellInput {
  readonly shell_id: string;
}

export interface ListMcpResourcesInput {
  readonly server?: string;
}

export interface MultiEditInput {
  readonly file_path: string;
  readonly edits: readonly Omit<EditInput, "file_path">[];
}

export interface NotebookEditInput {
  readonly notebook_path: string;
  readonly new_source: string;
  readonly cell_id?: string;
  readonly cell_type?: "code" | "markdown";
  readonly edit_mode?: "replace" | "insert" | "delete";
}

export interface ReadInput {
  readonly file_path: string;
  /** The first line. */
  readonly offset?: number;
  /** Lines. */
  readonly limit?: number;
  /** Of a PDF: `1-5`. */
  readonly pages?: string;
}

export interface ReadMcpResourceInput {
  readonly server: string;
  readonly uri: string;
}

export interface SkillInput {
  readonly skill: string;
  readonly args?: string;
}

export interface TaskOutputInput {
  readonly task_id: string;
  readonly block?: boolean;
  /** Milliseconds. */
  readonly timeout?: number;
}

export interface TaskStopInput {
  readonly task_id?: string;
}

export interface TodoWriteInput {
  readonly todos: readonly {
    readonly content: string;
    readonly status: "pending" | "in_progress" | "completed";
    readonly activeForm?: string;
  }[];
}

export interface WebFetchInput {
  readonly url: string;
  readonly prompt: string;
}

export interface WebSearchInput {
  readonly query: string;
  readonly allowed_domains?: readonly string[];
  readonly blocked_domains?: readonly string[];
}

export interface WriteInput {
  readonly file_path: string;
  readonly content: string;
}
