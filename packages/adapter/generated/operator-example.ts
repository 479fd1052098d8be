import { operatorFileExample } from "../src/operator/documentation.ts";

export const generated = () => ({
  path: "packages/adapter/operator-file.example.yaml",
  content: operatorFileExample,
});
