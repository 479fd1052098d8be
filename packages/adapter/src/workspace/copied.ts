import type { WorkspaceRequest } from "./request.ts";

/** Can the host's workspace folder go into a pod and come back? */
export async function copyable(_request: WorkspaceRequest): Promise<"yes" | { readonly no: string }> {
  return { no: "this version cannot copy it" };
}
