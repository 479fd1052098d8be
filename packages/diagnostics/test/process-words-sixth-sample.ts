import type { ProcessEnding } from "./process-words.ts";

const bun = "oh no: Bun has crashed. This indicates a bug in Bun, not your code.";
const crashed = { code: "claude_crashed", bootstrap: true } as const;
const never = { code: "k8s_container_start_failed", bootstrap: true } as const;

/** Ends of processes, searched for in public reports after the others; decided before the first run. */
export const sixthSample: readonly ProcessEnding[] = [
  {
    lines: ["panic(main thread): Illegal instruction at address 0x48363A4"],
    exitCode: 132,
    ...crashed,
    says: ["Illegal instruction"],
    fix: "AVX",
    from: "anthropics/claude-code#45726",
  },
  {
    lines: [
      "panic(main thread): Segmentation fault at address 0x0",
      bun,
      "Illegal instruction (core dumped)",
    ],
    exitCode: 132,
    ...crashed,
    says: ["SIGILL"],
    from: "anthropics/claude-code#64889",
  },
  {
    lines: ["panic(main thread): abort() called", bun],
    exitCode: 134,
    ...crashed,
    says: ["abort() called"],
    from: "anthropics/claude-code#94462",
  },
  {
    lines: ["panic(main thread): A C++ exception occurred", bun],
    exitCode: 133,
    ...crashed,
    says: ["C++ exception"],
    from: "oven-sh/bun#13815",
  },
  {
    lines: ["Aborted (core dumped)"],
    exitCode: 134,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["SIGABRT"],
    from: "anthropics/claude-code#89539",
  },
  {
    lines: [],
    exitCode: 139,
    ...crashed,
    says: ["segmentation fault"],
    from: "anthropics/claude-code#89909",
  },
  {
    lines: [
      "Bun v1.4.0 (939d4325b) Linux x64",
      "panic: Segmentation fault at address 0xFFFFFFFFFFFFFFFF",
      bun,
    ],
    exitCode: 3,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["Segmentation fault"],
    from: "oven-sh/bun#39726",
  },
  {
    lines: [
      "[1366774:0x2dbf0000] 31936333 ms: Mark-Compact (reduce) 4091.8 (4101.4) -> 4091.0 (4097.4) MB, pooled: 0 MB",
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "Aborted (core dumped)",
    ],
    exitCode: 134,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["heap"],
    fix: "NODE_OPTIONS",
    from: "anthropics/claude-code#1421, a comment",
  },
  {
    lines: ["exec /usr/local/bin/node: exec format error"],
    exitCode: 1,
    ...never,
    says: ["another processor"],
    fix: "kubernetes.io/arch",
    from: "openclaw/openclaw#4566",
  },
  {
    lines: ["standard_init_linux.go:228: exec user process caused: exec format error"],
    exitCode: 1,
    ...never,
    says: ["another processor"],
    fix: "kubernetes.io/arch",
    from: "nakla/sbfspot#10",
  },
  {
    lines: [
      "node: /lib/arm-linux-gnueabihf/libstdc++.so.6: version `GLIBCXX_3.4.26' not found (required by node)",
    ],
    exitCode: 1,
    ...never,
    says: ["base system"],
    from: "nodejs/node#51233",
  },
  {
    lines: ["bash: line 1: claude: command not found"],
    exitCode: 127,
    ...never,
    says: ["a program is not there"],
    fix: "PATH",
    from: "CoderLuii/HolyClaude#96",
  },
  {
    lines: [],
    exitCode: 127,
    ...never,
    says: ["not found or could not be started"],
    from: "TNG/oh-my-agentic-coder#7",
  },
  {
    lines: ["/usr/local/bin/docker-entrypoint: line 141: local: can only be used in a function"],
    exitCode: 1,
    code: "claude_start_failed",
    bootstrap: true,
    says: ["can only be used in a function"],
    from: "RchGrav/claudebox#65",
  },
  {
    lines: [
      "node:fs:574",
      "  return binding.open(",
      "Error: EACCES: permission denied, open '/home/claude/.claude.json'",
      "    at Module.openSync (node:fs:574:18)",
      "Node.js v20.19.2",
    ],
    exitCode: 1,
    code: "claude_start_failed",
    bootstrap: true,
    says: ["EACCES"],
    from: "textcortex/claude-code-sandbox#14",
  },
  {
    lines: ["installMethod is native, but claude command not found at /home/yolo/.local/bin/claude"],
    exitCode: 127,
    ...never,
    says: ["a program is not there"],
    from: "finbarr/yolobox#23",
  },
];
