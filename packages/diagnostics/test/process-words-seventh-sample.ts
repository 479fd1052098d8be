import type { ProcessEnding } from "./process-words.ts";

/** A seventh sample: what the system answered when a file was to be opened, made or watched, and loaders that name the library that they lack. */
export const seventhSample: readonly ProcessEnding[] = [
 {
  "lines": [
   "Error loading shared library libstdc++.so.6: No such file or directory (needed by /home/a/.local/bin/claude)",
   "Error loading shared library libgcc_s.so.1: No such file or directory (needed by /home/a/.local/bin/claude)",
   "Error relocating /home/a/.local/bin/claude: _ZSt20__throw_length_errorPKc: symbol not found"
  ],
  "exitCode": 127,
  "code": "k8s_container_start_failed",
  "bootstrap": true,
  "says": [
   "libstdc++.so.6"
  ],
  "fix": "glibc or musl",
  "from": "claude-code#14537"
 },
 {
  "lines": [
   "node:internal/fs/watchers:254",
   "    const error = new UVException({",
   "                  ^",
   "",
   "Error: ENOSPC: System limit for number of file watchers reached, watch '/workspace/.claude/settings.json'",
   "    at FSWatcher.<computed> (node:internal/fs/watchers:254:19)"
  ],
  "exitCode": 1,
  "code": "claude_start_failed",
  "bootstrap": true,
  "says": [
   "number of file watchers"
  ],
  "fix": "inotify",
  "from": "claude-code#7624 (inotify)"
 },
 {
  "lines": [
   "Error: EMFILE: too many open files, watch '/workspace/.claude/settings.local.json'",
   "    at FSWatcher.<computed> (node:internal/fs/watchers:254:19)",
   "Emitted 'error' event on R10 instance at:",
   "Node.js v24.8.0"
  ],
  "exitCode": 1,
  "code": "claude_start_failed",
  "bootstrap": true,
  "says": [
   "EMFILE"
  ],
  "fix": "inotify",
  "from": "claude-code#7624 (EMFILE)"
 },
 {
  "lines": [
   "Error: EROFS: read-only file system, open '/root/.claude.json'",
   "    at openSync (node:fs:574:18)"
  ],
  "exitCode": 1,
  "code": "claude_start_failed",
  "bootstrap": true,
  "says": [
   "EROFS",
   "/root/.claude.json"
  ],
  "fix": "HOME",
  "from": "vibekit#196"
 },
 {
  "lines": [
   "node:fs:561",
   "  return binding.open(",
   "                 ^",
   "",
   "Error: EACCES: permission denied, open '/root/.claude.json'",
   "    at Module.openSync (node:fs:561:18)",
   "  errno: -13,",
   "  code: 'EACCES',",
   "Node.js v20.19.2"
  ],
  "exitCode": 1,
  "code": "claude_start_failed",
  "bootstrap": true,
  "says": [
   "EACCES",
   "/root/.claude.json"
  ],
  "fix": "HOME",
  "from": "claudio#28 (OpenShift)"
 },
 {
  "lines": [
   "============================================================",
   "Bun v1.4.0 (eb835313a) Linux x64 (baseline)",
   "Linux Kernel v7.0.11 | glibc v2.39",
   "CPU: sse42 popcnt avx avx2",
   "Args: \"claude\" \"--version\"",
   "Elapsed: 35ms | User: 21ms | Sys: 16ms",
   "RSS: 0.15 GB | Peak: 0.15 GB",
   "",
   "panic(main thread): Segmentation fault at address 0x0",
   "oh no: Bun has crashed. This indicates a bug in Bun, not your code.",
   "",
   "To send a redacted crash report to Bun's team,",
   "please file a GitHub issue using the link below:",
   "",
   " https://bun.report/1.4.0/lt1eb8353"
  ],
  "exitCode": 132,
  "code": "claude_crashed",
  "bootstrap": true,
  "says": [
   "Segmentation fault"
  ],
  "fix": "release",
  "from": "claude-code#84293"
 },
 {
  "lines": [
   "panic: Segmentation fault at address 0x22578AE5C60",
   "oh no: Bun has crashed. This indicates a bug in Bun, not your code.",
   "",
   "Illegal instruction        (core dumped) claude"
  ],
  "exitCode": 132,
  "spoke": true,
  "code": "claude_crashed",
  "bootstrap": false,
  "says": [
   "Segmentation fault"
  ],
  "fix": "release",
  "from": "claude-code#60215"
 },
 {
  "lines": [
   "node[7]: ../../src/node_platform.cc:68:std::unique_ptr<long unsigned int> node::WorkerThreadsTaskRunner::DelayedTaskScheduler::Start(): Assertion `(0) == (uv_thread_create(t.get(), start_thread, this))' failed.",
   "Aborted (core dumped)"
  ],
  "exitCode": 134,
  "code": "claude_crashed",
  "bootstrap": true,
  "says": [
   "uv_thread_create"
  ],
  "from": "seccomp/glibc old runtime"
 },
 {
  "lines": [
   "Error: ENOSPC: no space left on device, write",
   "    at writeSync (node:fs:930:3)"
  ],
  "exitCode": 1,
  "code": "claude_start_failed",
  "bootstrap": true,
  "says": [
   "no space left on device"
  ],
  "fix": "ephemeral-storage",
  "from": "ENOSPC disk"
 },
 {
  "lines": [
   "npm ERR! code ENOSPC",
   "npm ERR! nospc There appears to be insufficient space on your system to finish."
  ],
  "exitCode": 143,
  "spoke": true,
  "code": "claude_truncated",
  "bootstrap": false,
  "says": [
   "SIGTERM"
  ],
  "from": "near miss: a child's ENOSPC as work"
 }
];
