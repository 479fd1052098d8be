export { createLogParser } from "./log-parser.ts";
