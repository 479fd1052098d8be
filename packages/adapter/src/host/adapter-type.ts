/** The name under which Paperclip knows this adapter. */
export const adapterType = "claude_k8s";
export const adapterLabel = "Claude (Kubernetes)";
