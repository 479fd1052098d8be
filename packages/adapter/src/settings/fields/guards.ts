import type { SettingFields } from "../field.ts";
import { amount, countOrOff } from "../values.ts";

const maximumSeconds = 2_147_483;

/**
 * The longest silences that Claude Code itself ends: an answer of the API that stalls is given up after 602 s at most
 * (measured with 2.1.330), and a background command after 7,200 s. Shorter limits would stop runs that are well.
 */
const longestHealthySilence = 660;

export const guardFields = {
  lingerSec: {
    schema: countOrOff(1, maximumSeconds),
    label: "Stay after the result",
    type: "number",
    hint: "Seconds that the process may stay after its result; then it is stopped, and the run is the success that it was. A background task that is still open has the limit of a running tool. 0: for ever.",
    rule: "a whole number of seconds, 0 (for ever) to 2147483",
    example: "60",
    unset: "30",
    aside: "seconds; 0: no limit",
    group: "Run",
    formDefault: 30,
    zeroIsValue: true,
  },
  stallSec: {
    schema: countOrOff(longestHealthySilence, maximumSeconds),
    label: "Stall limit",
    type: "number",
    hint: "Seconds without any output while no tool runs; then the run is stopped and tried again. Time in which the log cannot be read does not count. 0: no limit.",
    rule: "0 (no limit), or a whole number of seconds from 660 to 2147483: shorter silences are healthy",
    example: "3600",
    unset: "1800",
    aside: "seconds; 0: no limit",
    group: "Run",
    formDefault: 1800,
    zeroIsValue: true,
  },
  toolStallSec: {
    schema: countOrOff(longestHealthySilence, maximumSeconds),
    label: "Stall limit of a tool",
    type: "number",
    hint: "Seconds without any output while a tool runs. 0: no limit.",
    rule: "0 (no limit), or a whole number of seconds from 660 to 2147483",
    example: "14400",
    aside: "seconds; 0: no limit",
    unset: "7800: longer than the longest command that Claude Code allows itself",
    group: "Run",
    formDefault: 7800,
    zeroIsValue: true,
  },
  dailyBudgetUsd: {
    schema: amount(1_000_000),
    label: "Budget of a day",
    type: "number",
    hint: "US dollars that all runs of this agent may cost within a day (UTC). A run that would begin after that is refused before its Job is made; what no price is known for is not counted.",
    rule: "a number of dollars above 0",
    example: "20",
    aside: "US dollars",
    unset: "no limit",
    group: "Claude",
  },
} satisfies SettingFields;
