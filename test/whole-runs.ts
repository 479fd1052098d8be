/**
 * The files that play whole runs on a cluster in the test process: two thirds of the time that all tests take, since their runs start,
 * break and end at the pace of a kubelet. `pnpm test` leaves them out, `pnpm test --all` does not, and a file that is named always runs.
 */
export const wholeRuns: readonly string[] = [
  "packages/adapter/test/*.local.test.ts",
  "packages/adapter/test/restart/successors.test.ts",
  "packages/cli/test/{jobs,list,pty,seen,workspace}.test.ts",
  "packages/cli/test/simulate/{options,scenarios,story}.test.ts",
  "packages/k8s-runner/test/{acceptance,adoption,adoption-finished,caps,clean-up,clocks,endings,flight}.test.ts",
  "packages/k8s-runner/test/{proof,recorded-local,reserve,soak,start-events,symptoms,token-file,upkeep}.test.ts",
  "packages/k8s-runner/test/files/{archive-any,cache,exchange,without-exec}.test.ts",
  "packages/k8s-runner/test/logs/{exactly-once,record/whole-by-record}.test.ts",
  "packages/k8s-runner/test/{ownership,reports}/*.test.ts",
  "packages/k8s-runner/test/repository/scripts.test.ts",
  "packages/local-cluster/test/{containers,kubectl,lifecycle,proxy/many-follows}.test.ts",
];
