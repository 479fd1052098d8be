export { redact } from "../dist/index.js";
