import { operatorFileJsonSchema } from "../src/operator/documentation.ts";

export const generated = () => ({
  path: "packages/adapter/operator-file.schema.json",
  content: operatorFileJsonSchema(),
});
