import type { JsonValue } from "../json.ts";
import type { PlanningToolInputs } from "./planning-tool-inputs.ts";
import type { ServiceToolInputs } from "./service-tool-inputs.ts";

/**
 * What Claude Code's own tools take, by the name that a `tool_use` block carries: those of release 2.1.330, and of earlier ones what
 * has another name there. The model writes these inputs: what it sends is checked by the tool, and a call whose result is an error
 * may hold anything. MCP tools (`mcp__server__tool`) are not in it.
 */
export interface ToolInputs extends PlanningToolInputs, ServiceToolInputs {
  readonly Agent: AgentInput;
  /** The name of `Agent` up to 2.0. */
  readonly Task: AgentInput;
  readonly AskUserQuestion: AskUserQuestionInput;
  readonly Bash: BashInput;
  readonly BashOutput: BashOutputInput;
  readonly Edit: EditInput;
  readonly Glob: GlobInput;
  readonly Grep: GrepInput;
  readonly KillShell: KillShellInput;
  readonly MultiEdit: MultiEditInput;
  readonly NotebookEdit: NotebookEditInput;
  readonly Read: ReadInput;
  readonly Skill: SkillInput;
  /** The answer to `--json-schema`: its shape is the schema's. */
  readonly StructuredOutput: Readonly<Record<string, JsonValue>>;
  readonly TaskOutput: TaskOutputInput;
  readonly TaskStop: TaskStopInput;
  readonly WebFetch: WebFetchInput;
  readonly WebSearch: WebSearchInput;
  readonly Write: WriteInput;
}

export interface AgentInput {
  /** A few words on what the sub-agent does. */
  readonly description: string;
  readonly prompt: string;
  readonly subagent_type?: string;
  /** An alias, such as `sonnet`. */
  readonly model?: string;
  /** `low` to `max`. */
  readonly effort?: string;
  readonly run_in_background?: boolean;
  /** Messages can be sent to it by this name. */
  readonly name?: string;
  /** `worktree`: a copy of the repository of its own. `remote`: in the cloud. */
  readonly isolation?: string;
  /** Of releases up to 2.0: the sub-agent that goes on. */
  readonly resume?: string;
  /** Given by the model, and without effect. */
  readonly team_name?: string;
  /** Given by the model, and without effect. */
  readonly mode?: string;
}

export interface AskUserQuestionInput {
  readonly questions: readonly {
    readonly question: string;
    readonly header: string;
    readonly options: readonly {
      readonly label: string;
      readonly description: string;
      readonly preview?: string;
    }[];
    readonly multiSelect: boolean;
  }[];
  /** By the question's text; put in by whoever asked the user. */
  readonly answers?: Readonly<Record<string, string>>;
  /** By the question's text. */
  readonly annotations?: Readonly<Record<string, { readonly preview?: string; readonly notes?: string }>>;
  readonly metadata?: { readonly source?: string };
}

export interface BashInput {
  readonly command: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly description?: string;
  readonly run_in_background?: boolean;
  readonly dangerouslyDisableSandbox?: boolean;
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
  /** The same as `-C`. */
  readonly context?: number;
  readonly "-i"?: boolean;
  readonly "-n"?: boolean;
  /** Only the parts of a line that match. */
  readonly "-o"?: boolean;
  readonly head_limit?: number;
  readonly offset?: number;
  readonly multiline?: boolean;
}

export interface KillShellInput {
  readonly shell_id: string;
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
  /** A text over the usual limits, too. */
  readonly allow_large?: boolean;
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
  /** The older name of `task_id`. */
  readonly shell_id?: string;
}

export interface WebFetchInput {
  readonly url: string;
  readonly prompt: string;
  /** The first character of the page's text. */
  readonly offset?: number;
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
