import type { FailureCode } from "../src/index.ts";
import type { ProcessEnding } from "./process-words.ts";

/**
 * What loaders, shells, init programs, runtimes and Claude Code's own command line can say when nothing of the protocol came,
 * source by source; decided before the first run.
 */
interface Kind {
  readonly code: FailureCode;
  readonly from: string;
  readonly fix?: string;
  readonly bootstrap?: boolean;
  readonly spoke?: true;
}

const endings = (
  { code, from, fix, bootstrap = true, spoke }: Kind,
  rows: readonly (readonly [exitCode: number, ...lines: string[]])[],
): readonly ProcessEnding[] =>
  rows.map(([exitCode, ...lines]) => ({
    lines,
    exitCode,
    code,
    bootstrap,
    says: [],
    from,
    ...(fix !== undefined && { fix }),
    ...(spoke !== undefined && { spoke }),
  }));

const start = "k8s_container_start_failed";
const crashed = "claude_crashed";

export const processBySource: readonly ProcessEnding[] = [
  ...endings({ code: start, from: "another processor", fix: "another processor" }, [
    [1, "exec /usr/local/bin/claude: exec format error"],
    [126, "/usr/local/bin/docker-entrypoint.sh: 1: exec: claude: Exec format error"],
    [126, "bash: /usr/local/bin/claude: cannot execute binary file: Exec format error"],
    [126, "sh: /usr/local/bin/claude: cannot execute binary file"],
    [255, "qemu-x86_64: Could not open '/lib64/ld-linux-x86-64.so.2': No such file or directory"],
    [255, "qemu-aarch64-static: Could not open '/lib/ld-linux-aarch64.so.1': No such file or directory"],
    [133, "rosetta error: failed to open elf at /lib64/ld-linux-x86-64.so.2"],
    [1, "standard_init_linux.go:228: exec user process caused: exec format error"],
    [126, "[FATAL tini (7)] exec claude failed: Exec format error"],
    [2, '/usr/local/bin/claude: 1: Syntax error: "(" unexpected'],
    [127, "/usr/local/bin/claude: line 1: \u007fELF\u0002\u0001\u0001: not found"],
  ]),
  ...endings({ code: start, from: "a processor that is too old for the base", fix: "processor" }, [
    [127, "Fatal glibc error: CPU does not support x86-64-v2"],
    [127, "/usr/local/bin/claude: CPU ISA level is lower than required"],
  ]),
  ...endings({ code: start, from: "loaders of glibc and musl", fix: "glibc or musl" }, [
    [
      127,
      "Error loading shared library libstdc++.so.6: No such file or directory (needed by /usr/local/bin/claude)",
    ],
    [127, "Error relocating /usr/local/bin/claude: posix_getdents: symbol not found"],
    [
      127,
      "/usr/local/bin/claude: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory",
    ],
    [
      1,
      "/usr/local/bin/claude: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not found (required by /usr/local/bin/claude)",
    ],
    [1, "FATAL: kernel too old"],
    [127, "bash: /usr/local/bin/claude: cannot execute: required file not found"],
    [
      127,
      "/usr/local/bin/claude: symbol lookup error: /usr/local/bin/claude: undefined symbol: __res_search, version GLIBC_2.2.5",
    ],
    [
      127,
      "/usr/local/bin/claude: relocation error: /lib/libresolv.so.2: symbol __res_context_search version GLIBC_PRIVATE not defined in file libc.so.6 with link time reference",
    ],
    [
      127,
      "Inconsistency detected by ld.so: dl-call-libc-early-init.c: 37: _dl_call_libc_early_init: Assertion `sym != NULL' failed!",
    ],
    [
      127,
      "claude: error while loading shared libraries: libx.so: cannot enable executable stack as shared object requires: Permission denied",
    ],
  ]),
  ...endings({ code: start, from: "modes and mounts", fix: "chmod 755" }, [
    [126, "sh: 1: /usr/local/bin/claude: Permission denied"],
    [126, "env: 'claude': Permission denied"],
    [126, "/bin/sh: /usr/local/bin/claude: Operation not permitted"],
    [126, "bash: line 1: /usr/local/bin/claude: Is a directory"],
    [126, "bash: /usr/local/bin/claude: /usr/bin/env: bad interpreter: Permission denied"],
    [126, "[FATAL tini (7)] exec claude failed: Permission denied"],
    [1, "Error: spawn /usr/local/bin/claude EACCES"],
  ]),
  ...endings({ code: start, from: "programs that are not there", fix: "PATH" }, [
    [127, "env: 'node': No such file or directory"],
    [127, "env: \u2018claude\u2019: No such file or directory"],
    [127, "/usr/bin/env: 'bash': No such file or directory"],
    [127, "env: can't execute 'node': No such file or directory"],
    [127, "bash: claude: command not found"],
    [127, "sh: 1: claude: not found"],
    [127, "/bin/sh: claude: not found"],
    [127, "/entrypoint.sh: exec: line 3: claude: not found"],
    [127, "zsh:1: command not found: claude"],
    [127, "fish: Unknown command: claude"],
    [126, "/usr/local/bin/claude: /usr/bin/node: bad interpreter: No such file or directory"],
    [1, "sudo: claude: command not found"],
    [1, 'error: exec: "claude": executable file not found in $PATH'],
    [1, "su-exec: claude: No such file or directory"],
    [127, "su: failed to execute claude: No such file or directory"],
    [127, "[FATAL tini (7)] exec claude failed: No such file or directory"],
    [2, "[dumb-init] claude: No such file or directory"],
    [127, "catatonit: failed to exec pid1: No such file or directory"],
    [127, "sh: npx: not found"],
    [1, "Error: spawn claude ENOENT"],
    [1, "nice: 'claude': No such file or directory"],
    [127, "timeout: failed to run command 'claude': No such file or directory"],
    [127, "stdbuf: failed to run command 'claude': No such file or directory"],
    [127, "setpriv: failed to execute claude: No such file or directory"],
  ]),
  ...endings({ code: start, from: "a command line that is too long" }, [
    [126, "bash: /usr/local/bin/claude: Argument list too long"],
    [1, "exec /usr/local/bin/claude: argument list too long"],
  ]),
  ...endings({ code: "claude_start_failed", from: "Claude Code's own command line" }, [
    [1, "error: unknown option '--foo'"],
    [
      1,
      "error: option '--permission-mode <mode>' argument 'x' is invalid. Allowed choices are acceptEdits, bypassPermissions, default, plan.",
    ],
    [1, "Error: Input must be provided either through stdin or as a prompt argument when using --print"],
    [1, "Error: When using --print, --output-format=stream-json requires --verbose"],
    [1, "Error: Invalid JSON provided to --settings"],
    [1, "Error: Settings file not found: /payload/settings.json"],
    [
      1,
      "Error: Invalid MCP configuration:",
      "mcpServers.x: Does not adhere to MCP server configuration schema",
    ],
    [1, "Error: MCP config file not found: /payload/mcp.json"],
    [1, "Claude Code requires Node.js version 18 or higher to be installed."],
    [
      1,
      "/usr/local/lib/node_modules/@anthropic-ai/claude-code/cli.js:60",
      "SyntaxError: Unexpected token '?'",
    ],
    [
      1,
      "It looks like your version of Claude Code (1.0.24) needs an update.",
      "A newer version (1.0.88 or higher) is required to continue.",
    ],
    [1, "Error: EACCES: permission denied, mkdir '/home/agent/.claude'"],
    [1, "EROFS: read-only file system, open '/home/agent/.claude.json'"],
    [1, "ENOSPC: no space left on device, write"],
    [1, "Error: EMFILE: too many open files, watch '/workspace'"],
    [1, "error: An unknown error occurred (Unexpected)"],
    [
      1,
      "Claude configuration file at /home/agent/.claude.json is corrupted: JSON Parse error: Unexpected EOF",
    ],
    [1, "npm error could not determine executable to run"],
    [
      1,
      "npm error code ENOTFOUND",
      "npm error network request to https://registry.npmjs.org/@anthropic-ai%2fclaude-code failed, reason: getaddrinfo ENOTFOUND registry.npmjs.org",
    ],
    [1, "Error: The working directory no longer exists"],
    [2, "/entrypoint.sh: 12: set: Illegal option -o pipefail"],
  ]),
  ...endings(
    { code: "claude_auth_required", from: "plain text of a login that is missing", bootstrap: false },
    [
      [1, "Invalid API key \u00b7 Please run /login"],
      [1, "Not logged in \u00b7 Please run /login"],
      [1, "Error: apiKeyHelper failed: exited 7: no such secret"],
    ],
  ),
  ...endings(
    { code: crashed, from: "V8's and other heaps", fix: "NODE_OPTIONS", bootstrap: false, spoke: true },
    [
      [134, "FATAL ERROR: CALL_AND_RETRY_LAST Allocation failed - JavaScript heap out of memory"],
      [134, "FATAL ERROR: Zone Allocation failed - process out of memory"],
      [134, "FATAL ERROR: NewSpace::EnsureCurrentCapacity Allocation failed - JavaScript heap out of memory"],
      [134, "FATAL ERROR: Committing semi space failed. Allocation failed - JavaScript heap out of memory"],
      [133, "#", "# Fatal javascript OOM in Reached heap limit", "#"],
      [134, "libc++abi: terminating due to uncaught exception of type std::bad_alloc: std::bad_alloc"],
      [134, "mimalloc: error: unable to allocate memory (67108864 bytes)"],
      [134, "memory allocation of 4294967296 bytes failed"],
      [
        132,
        "panic(main thread): out of memory",
        "oh no: Bun has crashed. This indicates a bug in Bun, not your code.",
      ],
    ],
  ),
  ...endings({ code: crashed, from: "faults", fix: "another release", bootstrap: false, spoke: true }, [
    [134, "terminate called after throwing an instance of 'std::length_error'"],
    [134, "free(): invalid pointer"],
    [134, "malloc(): corrupted top size"],
    [134, "corrupted size vs. prev_size while consolidating"],
    [134, "double free or corruption (!prev)"],
    [134, "*** stack smashing detected ***: terminated"],
    [134, "munmap_chunk(): invalid pointer"],
    [134, "ASSERTION FAILED: m_ptr"],
    [132, "pas panic: deallocation did fail at 0x7f12: Alloc bit not set in page."],
    [139, "panic(main thread): Segmentation fault at address 0x0"],
    [132, "panic: attempt to unwrap null value"],
    [134, "thread '<unnamed>' has overflowed its stack", "fatal runtime error: stack overflow"],
    [136, "Floating point exception (core dumped)"],
    [135, "Bus error (core dumped)"],
  ]),
  ...endings({ code: crashed, from: "threads", fix: "podPidsLimit", bootstrap: false, spoke: true }, [
    [134, "node[1]: pthread_create: Resource temporarily unavailable"],
    [
      134,
      "terminate called after throwing an instance of 'std::system_error'",
      "  what():  Resource temporarily unavailable",
    ],
    [
      134,
      "thread 'main' panicked: failed to spawn thread: Os { code: 11, kind: WouldBlock, message: \"Resource temporarily unavailable\" }",
    ],
    [134, "#  Assertion failed: (0) == (uv_thread_create(t.get(), start_thread, this))"],
  ]),
  ...endings({ code: crashed, from: "processors", fix: "processor" }, [
    [132, "Illegal instruction (core dumped)"],
    [132, "error: CPU lacks SSE4.2 support. Bun requires it."],
    [132, "qemu: uncaught target signal 4 (Illegal instruction) - core dumped"],
    [139, "qemu: uncaught target signal 11 (Segmentation fault) - core dumped"],
  ]),
  ...endings({ code: crashed, from: "seccomp", fix: "seccompProfile" }, [
    [159, "Bad system call (core dumped)"],
  ]),
  ...endings(
    { code: "claude_truncated", from: "near miss: a child's words", bootstrap: false, spoke: true },
    [
      [1, "bash: pytest: command not found"],
      [1, "thread 'main' panicked at src/main.rs:1:1"],
      [2, "Segmentation fault (core dumped)"],
      [1, "exec /opt/tool: exec format error"],
      [1, "/opt/tool: error while loading shared libraries: libz.so.1: cannot open shared object file"],
      [1, "Traceback (most recent call last):", "MemoryError: std::bad_alloc"],
    ],
  ),
];
