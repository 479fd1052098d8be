import type { FailureCode } from "../src/index.ts";

/** What stood outside the protocol when a process ended without a result; decided before the first run. */
export interface ProcessEnding {
  readonly lines: readonly string[];
  readonly exitCode: number;
  /** Frames had come before. */
  readonly spoke?: true;
  readonly code: FailureCode;
  readonly bootstrap: boolean;
  /** Words of the cause, and of a fix. */
  readonly says: readonly string[];
  readonly fix?: string;
  readonly from: string;
}

const bun = "oh no: Bun has crashed. This indicates a bug in Bun, not your code.";

export const crashes: readonly ProcessEnding[] = [
  {
    lines: [
      "<--- Last few GCs --->",
      "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory",
      "----- Native stack trace -----",
      " 1: 0xb8ced1 node::OOMErrorHandler(char const*, v8::OOMDetails const&) [claude]",
    ],
    exitCode: 134,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["heap", "134 (SIGABRT)"],
    fix: "NODE_OPTIONS",
    from: "anthropics/claude-code#24938, Node",
  },
  {
    lines: [
      "FATAL ERROR: Ineffective mark-compacts near heap limit Allocation failed - JavaScript heap out of memory",
    ],
    exitCode: 133,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["heap", "SIGTRAP"],
    fix: "memory",
    from: "Node, where it traps",
  },
  {
    lines: ["FATAL ERROR: invalid table size Allocation failed - JavaScript heap out of memory", "Aborted"],
    exitCode: 134,
    code: "claude_crashed",
    bootstrap: true,
    says: ["heap"],
    fix: "NODE_OPTIONS",
    from: "anthropics/claude-code#1421",
  },
  {
    lines: ["panic(main thread): Illegal instruction at address 0x3F01C20", bun],
    exitCode: 132,
    code: "claude_crashed",
    bootstrap: true,
    says: ["Illegal instruction", "SIGILL"],
    fix: "AVX",
    from: "anthropics/claude-code#19981",
  },
  {
    lines: [
      "warn: CPU lacks AVX support, strange crashes may occur. Reinstall Bun or use *-baseline build",
      "Illegal instruction (core dumped)",
    ],
    exitCode: 132,
    code: "claude_crashed",
    bootstrap: true,
    says: ["AVX"],
    fix: "processor",
    from: "anthropics/claude-code#20116",
  },
  {
    lines: [],
    exitCode: 132,
    code: "claude_crashed",
    bootstrap: true,
    says: ["an instruction that the processor does not know"],
    fix: "AVX",
    from: "anthropics/claude-code#79425, without a word",
  },
  {
    lines: ["panic(main thread): Segmentation fault at address 0x113", bun],
    exitCode: 139,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["Segmentation fault", "SIGSEGV"],
    fix: "release of Claude Code",
    from: "oven-sh/bun#24828",
  },
  {
    lines: ["Segmentation fault (core dumped)"],
    exitCode: 139,
    code: "claude_crashed",
    bootstrap: true,
    says: ["Segmentation fault"],
    from: "a shell",
  },
  {
    lines: ["terminate called after throwing an instance of 'std::bad_alloc'", "  what():  std::bad_alloc"],
    exitCode: 134,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["bad_alloc"],
    fix: "memory",
    from: "C++ code of the runtime",
  },
  {
    lines: [
      "# Fatal error in , line 0",
      "# Check failed: result.second.",
      "Trace/breakpoint trap (core dumped)",
    ],
    exitCode: 133,
    code: "claude_crashed",
    bootstrap: true,
    says: ["Trace/breakpoint trap"],
    from: "V8",
  },
  {
    lines: ["Bus error (core dumped)"],
    exitCode: 135,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["a bus error"],
    from: "a volume that was full",
  },
  {
    lines: ["Floating point exception (core dumped)"],
    exitCode: 136,
    code: "claude_crashed",
    bootstrap: true,
    says: ["arithmetic"],
    from: "SIGFPE",
  },
  {
    lines: [
      "claude[1]: ../deps/uv/src/unix/core.c: uv_thread_create: Resource temporarily unavailable",
      "Aborted (core dumped)",
    ],
    exitCode: 134,
    code: "claude_crashed",
    bootstrap: true,
    says: ["Resource temporarily unavailable"],
    fix: "podPidsLimit",
    from: "a limit of processes",
  },
  {
    lines: ["panic(main thread): integer overflow", bun],
    exitCode: 3,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: ["integer overflow", "Exit 3"],
    from: "Bun, ended by exit(3)",
  },
  // near misses
  {
    lines: ["Terminated"],
    exitCode: 143,
    spoke: true,
    code: "claude_truncated",
    bootstrap: false,
    says: ["SIGTERM"],
    from: "near miss: a signal that somebody sent",
  },
  {
    lines: ["The promise rejected with the reason:", "Error: ENOSPC: no space left on device, write"],
    exitCode: 1,
    spoke: true,
    code: "claude_truncated",
    bootstrap: false,
    says: ["ENOSPC"],
    fix: "ephemeral-storage",
    from: "anthropics/claude-code#20848",
  },
  {
    lines: ["Killed"],
    exitCode: 137,
    spoke: true,
    code: "claude_truncated",
    bootstrap: false,
    says: ["SIGKILL"],
    from: "near miss: SIGKILL is somebody's, too",
  },
  {
    lines: ["npm error: JavaScript heap out of memory in worker 3"],
    exitCode: 143,
    spoke: true,
    code: "claude_truncated",
    bootstrap: false,
    says: ["SIGTERM"],
    from: "near miss: a child's words, and a signal from outside",
  },
];

export const starts: readonly ProcessEnding[] = [
  ...[
    ["exec /usr/local/bin/claude: exec format error", 255],
    ["exec /bin/sh: exec format error", 255],
    ["/payload/stdin: 1: exec: claude: Exec format error", 126],
    ["standard_init_linux.go:228: exec user process caused: exec format error", 1],
    ["/usr/local/bin/claude: cannot execute binary file: Exec format error", 126],
    ["exec container process `/usr/local/bin/claude`: Exec format error", 1],
  ].map(([line, exitCode]): ProcessEnding => ({
    lines: [String(line)],
    exitCode: Number(exitCode),
    code: "k8s_container_start_failed",
    bootstrap: true,
    says: ["another processor"],
    fix: "kubernetes.io/arch",
    from: "siderolabs/talos#11268, k3s-io/k3s#2419 and others",
  })),
  ...[
    ["/payload/stdin: 1: exec: claude: not found", 127],
    ["sh: claude: not found", 127],
    ["bash: line 1: claude: command not found", 127],
    ["/usr/bin/env: ‘node’: No such file or directory", 127],
    ["env: can't execute 'node': No such file or directory", 127],
    ["exec /usr/local/bin/start.sh: no such file or directory", 255],
  ].map(([line, exitCode]): ProcessEnding => ({
    lines: [String(line)],
    exitCode: Number(exitCode),
    code: "k8s_container_start_failed",
    bootstrap: true,
    says: ["a program is not there"],
    fix: "PATH",
    from: "shells and runtimes",
  })),
  ...[
    ["/payload/stdin: 1: exec: claude: Permission denied", 126],
    ["bash: /usr/local/bin/claude: Permission denied", 126],
    ["exec /usr/local/bin/claude: permission denied", 255],
    ["sh: 1: /opt/claude: Operation not permitted", 126],
    ["bash: line 1: /opt/claude: Is a directory", 126],
  ].map(([line, exitCode]): ProcessEnding => ({
    lines: [String(line)],
    exitCode: Number(exitCode),
    code: "k8s_container_start_failed",
    bootstrap: true,
    says: ["may not be executed"],
    fix: "chmod 755",
    from: "shells and runtimes",
  })),
  ...[
    ["Error relocating /usr/local/bin/claude: statx: symbol not found", 127],
    ["claude: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by claude)", 1],
    [
      "/usr/local/bin/claude: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory",
      127,
    ],
    ["bash: /usr/local/bin/claude: cannot execute: required file not found", 127],
  ].map(([line, exitCode]): ProcessEnding => ({
    lines: [String(line)],
    exitCode: Number(exitCode),
    code: "k8s_container_start_failed",
    bootstrap: true,
    says: ["base system"],
    fix: "glibc or musl",
    from: "ESJavadex/claude-code-ha#24 and others",
  })),
  // near misses
  {
    lines: ["Error: EACCES: permission denied, mkdir '/home/agent/.claude'"],
    exitCode: 1,
    code: "claude_start_failed",
    bootstrap: true,
    says: ["EACCES"],
    from: "near miss: Claude Code's own words",
  },
  {
    lines: ["Error: MCP config file not found: /payload/mcp.json"],
    exitCode: 1,
    code: "claude_start_failed",
    bootstrap: true,
    says: ["MCP config file"],
    from: "near miss: Claude Code's own words",
  },
  {
    lines: ["bash: line 1: rg: command not found"],
    exitCode: 127,
    spoke: true,
    code: "claude_truncated",
    bootstrap: false,
    says: ["in the middle of its work"],
    from: "near miss: Claude Code had spoken",
  },
];

const spokeBefore = { spoke: true, code: "claude_crashed", bootstrap: false } as const;
const never = { code: "k8s_container_start_failed", bootstrap: true } as const;

/** A second sample, tried once against finished rules; all of it held. */
export const secondSample: readonly ProcessEnding[] = [
  {
    lines: [
      "FATAL ERROR: v8::ToLocalChecked Empty MaybeLocal",
      "----- Native stack trace -----",
      " 1: 0xb82b0c node::OnFatalError(char const*, char const*) [claude]",
    ],
    exitCode: 134,
    ...spokeBefore,
    says: ["ToLocalChecked", "SIGABRT"],
    fix: "release of Claude Code",
    from: "anthropics/claude-code, Node",
  },
  {
    lines: ["#", "# Fatal error in , line 0", "# unreachable code", "#", "Illegal instruction (core dumped)"],
    exitCode: 132,
    ...spokeBefore,
    says: ["SIGILL"],
    fix: "release of Claude Code",
    from: "V8",
  },
  {
    lines: [],
    exitCode: 139,
    code: "claude_crashed",
    bootstrap: true,
    says: ["SIGSEGV"],
    from: "no word at all",
  },
  {
    lines: ["Aborted (core dumped)"],
    exitCode: 134,
    code: "claude_crashed",
    bootstrap: true,
    says: ["SIGABRT"],
    from: "the shell's words only",
  },
  {
    lines: [
      "11 |  SyntaxError: Invalid character: '\\0'",
      "at <parse> (/$bunfs/root/chunk-mnk1rjxv.js:11:1)",
      "Bun v1.4.1 (Linux x64)",
    ],
    exitCode: 1,
    code: "claude_start_failed",
    bootstrap: true,
    says: ["SyntaxError"],
    from: "near miss: a bundle that cannot be read is no crash",
  },
  { lines: ["sh: ./foo: not found"], exitCode: 127, ...never, says: ["./foo"], fix: "PATH", from: "busybox" },
  {
    lines: ["bash: ./deblocus: No such file or directory"],
    exitCode: 127,
    ...never,
    says: ["deblocus"],
    fix: "PATH",
    from: "bash",
  },
  {
    lines: [
      "./java: error while loading shared libraries: libz.so.1: cannot open shared object file: No such file or directory",
    ],
    exitCode: 127,
    ...never,
    says: ["libz.so.1"],
    fix: "glibc",
    from: "glibc",
  },
];

/** A third sample, of which 15 of 22 held at first; the rules for the other seven were mended then. */
export const thirdSample: readonly ProcessEnding[] = [
  ...(
    [
      [["double free or corruption (!prev)", "Aborted (core dumped)"], 134, "double free"],
      [
        [
          "claude[7]: ../src/node_http2.cc:561:static void node::http2::Http2Session::MaybeNotifyGracefulCloseComplete(): Assertion `!ctx->is_destroyed()' failed.",
          "Aborted (core dumped)",
        ],
        134,
        "Assertion",
      ],
      [
        [
          "thread 'main' has overflowed its stack",
          "fatal runtime error: stack overflow",
          "Aborted (core dumped)",
        ],
        134,
        "overflow",
      ],
      [["[1]    12345 IOT instruction (core dumped)  claude"], 134, "SIGABRT"],
    ] as const
  ).map(([lines, exitCode, word]): ProcessEnding => ({
    lines,
    exitCode,
    spoke: true,
    code: "claude_crashed",
    bootstrap: false,
    says: [word],
    from: "what a library or runtime says before the shell's words; anthropics/claude-code#18171",
  })),
  {
    lines: [
      "qemu: uncaught target signal 11 (Segmentation fault) - core dumped",
      "Segmentation fault (core dumped)",
    ],
    exitCode: 139,
    code: "claude_crashed",
    bootstrap: true,
    says: ["qemu", "Segmentation fault"],
    fix: "processor",
    from: "an emulated processor",
  },
  {
    lines: ['bash: line 150: 26062 Illegal instruction     (core dumped) "$binary_path" -p'],
    exitCode: 132,
    code: "claude_crashed",
    bootstrap: true,
    says: ["SIGILL"],
    fix: "AVX",
    from: "anthropics/claude-code#29453",
  },
  {
    lines: [
      "Error: crun: executable file `claude` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found",
    ],
    exitCode: 127,
    ...never,
    says: ["a program is not there"],
    fix: "PATH",
    from: "crun",
  },
  {
    lines: ["rosetta error: failed to open elf at /lib64/ld-linux-x86-64.so.2"],
    exitCode: 133,
    ...never,
    says: ["another processor"],
    fix: "kubernetes.io/arch",
    from: "Rosetta",
  },
  {
    lines: ["qemu-x86_64-static: Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory"],
    exitCode: 255,
    ...never,
    says: ["another processor"],
    fix: "kubernetes.io/arch",
    from: "QEMU without the other system's loader",
  },
  {
    lines: ["make: *** [test] Segmentation fault (core dumped)"],
    exitCode: 1,
    spoke: true,
    code: "claude_truncated",
    bootstrap: false,
    says: ["in the middle of its work"],
    from: "near miss: a child's crash",
  },
];

/** What container runtimes say of a command that they could not start, and words of the remedy. */
export const startMessages: readonly (readonly [message: string, fix: string])[] = [
  [
    'failed to create containerd task: runc create failed: unable to start container process: exec: "/usr/bin/kube-rbac-proxy": stat /usr/bin/kube-rbac-proxy: permission denied',
    "chmod 755",
  ],
  [
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "./start_jbpm-wb.sh": stat ./start_jbpm-wb.sh: no such file or directory: unknown',
    "PATH",
  ],
  [
    'OCI runtime create failed: container_linux.go:349: starting container process caused "exec: \\"bash\\": executable file not found in $PATH": unknown',
    "PATH",
  ],
  [
    'OCI runtime create failed: runc create failed: unable to start container process: exec: "/home/u/pipeline.py": permission denied: unknown',
    "chmod 755",
  ],
  [
    'runc create failed: unable to start container process: exec: "/cluster/op": executable file not found in $PATH',
    "PATH",
  ],
  [
    "failed to create containerd task: unable to start container process: exec /bin/sh: exec format error",
    "kubernetes.io/arch",
  ],
];
