import type { JsonValue } from "../json.ts";
import type { NoToolInput } from "./planning-tool-inputs.ts";

/** What the tools take that speak to MCP servers, to services around Claude Code and to its user. */
export interface ServiceToolInputs {
  readonly Artifact: ArtifactInput;
  readonly ClaudeDesign: ClaudeDesignInput;
  readonly ListMcpResourcesTool: ListMcpResourcesInput;
  readonly OfferChromeSetup: OfferChromeSetupInput;
  readonly Projects: ProjectsInput;
  readonly PushNotification: PushNotificationInput;
  readonly ReadMcpResourceDirTool: ReadMcpResourceDirInput;
  readonly ReadMcpResourceTool: ReadMcpResourceInput;
  readonly ReadNotifications: NoToolInput;
  readonly RefreshMcpTools: RefreshMcpToolsInput;
  readonly SendFeedback: SendFeedbackInput;
  readonly ShowOnboardingRolePicker: NoToolInput;
  readonly propose_skills: ProposeSkillsInput;
}

/** Which fields count depends on `action`. */
export interface ArtifactInput {
  /** `publish` (default), `list`, `read`, `watch`, `upload_asset`, … */
  readonly action?: string;
  readonly file_path?: string;
  /** Of `upload_asset`. */
  readonly file_paths?: readonly string[];
  /** Of an artifact that exists. */
  readonly url?: string;
  readonly title?: string;
  readonly description?: string;
  readonly label?: string;
  readonly icon?: string;
  /** The older name of `icon`. */
  readonly favicon?: string;
  /** What a shared artifact is read for. */
  readonly prompt?: string;
  /** Over a newer version. */
  readonly force?: boolean;
  readonly pin?: boolean;
  /** Of `list`: `mine` (default), `shared`, `all`. */
  readonly scope?: string;
  readonly limit?: number;
  readonly page_token?: string;
  readonly asset_id?: string;
  /** Of `list_assets`: where the page before ended. */
  readonly after?: string;
  readonly out_dir?: string;
  readonly capabilities?: Readonly<Record<string, JsonValue>>;
  /** The version of the page's runtime, or `latest`. */
  readonly contract?: string;
}

export interface ClaudeDesignInput {
  /** `list` tells which there are. */
  readonly operation: string;
  readonly arguments: Readonly<Record<string, JsonValue>>;
}

export interface ListMcpResourcesInput {
  readonly server?: string;
}

export interface OfferChromeSetupInput {
  readonly reason?: string;
}

export interface ProjectsInput {
  /** `project_info`, `project_read`, `project_search`, `project_write`, … */
  readonly method: string;
  readonly path?: string;
  readonly content?: string;
  /** A file to upload, in place of `content`. */
  readonly local_path?: string;
  readonly present_to_user?: boolean;
  readonly query?: string;
  /** Hits at most. */
  readonly n?: number;
}

export interface ProposeSkillsInput {
  readonly proposals: readonly {
    readonly name: string;
    readonly kind: "new" | "improvement";
    /** The skill that is to be improved. */
    readonly target?: string;
    readonly description: string;
    /** Files of memory in which it was seen. */
    readonly evidence?: readonly string[];
    readonly edits?: readonly { readonly old_string: string; readonly new_string: string }[];
    /** The whole text, in place of `edits`. */
    readonly skillMd?: string;
  }[];
}

export interface PushNotificationInput {
  readonly message: string;
  /** `proactive`. */
  readonly status?: string;
}

export interface ReadMcpResourceDirInput {
  readonly server: string;
  readonly uri: string;
}

export interface ReadMcpResourceInput {
  readonly server: string;
  readonly uri: string;
}

export interface RefreshMcpToolsInput {
  /** Default: all servers that are connected. */
  readonly server?: string;
}

export interface SendFeedbackInput {
  /** `bug`, `idea`, `missing_capability`. */
  readonly type: string;
  readonly title: string;
  readonly details: string;
  readonly area?: string;
  /** How the model failed, where it is about the model. */
  readonly failure_mode?: string;
  readonly task_category?: string;
}
