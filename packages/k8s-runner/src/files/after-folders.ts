/** What has to wait until everything below a folder is done: the folder's removal, or what takes its place. */

export interface AfterFolders {
  /** `path` is below the folder that waits last, or below none. */
  add(path: string, finish: () => Promise<void>): void;
  /** Finishes every folder that `path` is not below; `null`: all. */
  leaveFor(path: string | null): Promise<void>;
}

export function createAfterFolders(): AfterFolders {
  const waiting: { readonly path: string; readonly finish: () => Promise<void> }[] = [];
  return {
    add: (path, finish) => void waiting.push({ path, finish }),
    async leaveFor(path) {
      for (let top = waiting.at(-1); top !== undefined; top = waiting.at(-1)) {
        if (path !== null && path.startsWith(`${top.path}/`)) return;
        waiting.pop();
        await top.finish();
      }
    },
  };
}
