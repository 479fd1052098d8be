/** Where the adapter's files lie in the pod. A folder of its own: nothing that an image or an overlay brings is hidden by it. */
const root = "/claude-k8s";

export const podPaths = {
  /** Handed to `--add-dir`: Claude Code finds `.claude/skills` below it. */
  bundle: `${root}/bundle`,
  skills: `${root}/bundle/.claude/skills`,
  instructions: `${root}/bundle/agent-instructions.md`,
  besideInstructions: `${root}/bundle/instructions`,
  mcpConfig: `${root}/mcp.json`,
  environment: `${root}/environment`,
  /** An empty volume of the run's own that its transcripts are copied into and out of. */
  sessions: `${root}/sessions`,
  /** Of the agent, where it lies on a volume that outlives the pod. */
  home: `${root}/home`,
  /** What an agent keeps for itself beside its projects. */
  agentHome: `${root}/agent-home`,
  /** Of package managers and the like. */
  cache: `${root}/cache`,
  /** What a volume is filled with at its first use. */
  firstFiles: `${root}/first-files`,
  workingDirectory: "/workspace",
  scratch: "/tmp",
} as const;
