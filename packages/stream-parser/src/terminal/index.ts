export { createTerminalRenderer } from "./renderer.ts";
export type { TerminalOptions, TerminalRenderer } from "./renderer.ts";
export { plainLine, plainText } from "./sanitize.ts";
