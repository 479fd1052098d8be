import type { SettingFields } from "../field.ts";
import { choice, count, toggle } from "../values.ts";

const maximumSeconds = 2_147_483;

export const runFields = {
  timeoutSec: {
    schema: count(maximumSeconds),
    label: "Timeout",
    type: "number",
    hint: "Seconds, counted from the start of the container; waiting for a node or an image does not count.",
    rule: "a whole number of seconds, 0 to 2147483",
    example: "3600",
    unset: "no deadline",
    group: "Run",
  },
  graceSec: {
    schema: count(3600),
    label: "Grace period",
    type: "number",
    hint: "Seconds between SIGTERM and SIGKILL. A stop asked for by Paperclip uses at most 45: it waits 60 seconds for the answer.",
    rule: "a whole number of seconds, 0 to 3600",
    example: "30",
    unset: "30",
    group: "Run",
  },
  busyWaitSec: {
    schema: count(3600),
    label: "Wait for a busy slot",
    type: "number",
    hint: "Seconds that a run waits while another run of the same agent and task is alive.",
    rule: "a whole number of seconds, 0 to 3600",
    example: "60",
    unset: "45: longer than a dead server's claim lasts",
    group: "Run",
  },
  retainJobs: {
    schema: toggle(),
    label: "Retain Jobs",
    type: "toggle",
    hint: "Until their time to live, for a look with kubectl.",
    rule: "true or false",
    example: "true",
    unset: "false: the Job goes with its run",
    group: "Run",
  },
  ttlSecondsAfterFinished: {
    schema: count(maximumSeconds),
    label: "Job time to live",
    type: "number",
    hint: "Seconds after its end; Kubernetes removes the Job then, whatever became of the server.",
    rule: "a whole number of seconds, 0 to 2147483",
    example: "3600",
    unset: "3600",
    group: "Run",
  },
  invocationType: {
    schema: choice(["claude_local", "claude_k8s"]),
    label: "Invocation type",
    type: "select",
    options: ["claude_local", "claude_k8s"],
    hint: "The adapter type that the run's invocation event names. Paperclip keeps an issue open after a restart of the server only for types on a list of its own; claude_local is on it, and a restart then costs no run. With claude_k8s the issue of a run that was cut off is blocked until a person resolves it.",
    rule: "claude_local or claude_k8s",
    example: "claude_k8s",
    unset: "claude_local",
    group: "Run",
  },
} satisfies SettingFields;
