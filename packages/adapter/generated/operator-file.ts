import { operatorFilePage } from "../src/operator/documentation.ts";

export const generated = () => ({ path: "docs/operator-file.md", content: operatorFilePage() });
