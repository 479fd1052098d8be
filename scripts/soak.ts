/** `pnpm soak [options]`: of the runner, or with `--adapter` of the adapter above it; `--help` tells the options. */

const program = process.argv.includes("--adapter")
  ? "../packages/adapter/soak/soak.ts"
  : "../packages/k8s-runner/soak/soak.ts";
await import(program);
