/** The record of the output. */

import { recordFolder } from "../record/script.ts";
import type { RunSpec } from "../types/spec.ts";
import * as rules from "./rules.ts";

const leastBytes = 1024 ** 2;

export function checkRecord({ recordOutput, volumeMounts, writablePaths, podTemplate }: RunSpec): void {
  if (recordOutput === undefined) return;
  const { holdSeconds, limitBytes } = recordOutput;
  rules.wholeNumber("recordOutput.holdSeconds", holdSeconds);
  if (limitBytes !== undefined && (!Number.isSafeInteger(limitBytes) || limitBytes < leastBytes))
    rules.fail("recordOutput.limitBytes", limitBytes, `must be a whole number, at least ${leastBytes}`);
  const paths = [...(volumeMounts ?? []).map(({ mountPath }) => mountPath), ...(writablePaths ?? [])];
  const taken = paths.find((path) => path === recordFolder || path.startsWith(`${recordFolder}/`));
  if (taken !== undefined)
    rules.fail("volumeMounts", taken, `is where the record of the output is, as recordOutput asks for one`);
  // The second container would take the command for ended, as it could not see its process.
  if (podTemplate?.spec?.shareProcessNamespace === false)
    rules.fail("podTemplate.spec.shareProcessNamespace", "false", "must not be false with recordOutput");
}
