import type { ReadStream } from "node:tty";

/** Waits for one of `keys` on the terminal. `null`: Ctrl-C again, or the terminal has no more to give. */
export function askForKey(input: ReadStream, keys: string): Promise<string | null> {
  return new Promise((resolve) => {
    // One key is the answer: without Enter, and Ctrl-C is a key as others are.
    input.setRawMode(true);
    input.resume();
    const end = (answer: string | null): void => {
      input.off("data", take);
      input.off("end", gone);
      input.setRawMode(false);
      input.pause();
      resolve(answer);
    };
    const gone = (): void => end(null);
    const take = (bytes: Buffer): void => {
      for (const key of bytes.toString("utf8").toLowerCase()) {
        if (key === "\u0003" || key === "\u0004") return end(null);
        if (keys.includes(key)) return end(key);
      }
    };
    input.on("data", take);
    input.on("end", gone);
  });
}
