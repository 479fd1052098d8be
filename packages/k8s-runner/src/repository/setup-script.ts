/** The set-up, in a container of its own: it runs what the repository brings, and has no credential. */

import { commonScript, failScript } from "./common-script.ts";

export const setupScript = `${commonScript}${failScript}
cd "$REPOSITORY_PATH" || fail setup 1
limited "$REPOSITORY_SETUP_SECONDS" /bin/sh -c "$REPOSITORY_SETUP" >> "$log" 2>&1
code=$?
# Some give 143 for what they ended.
case $code in 124|143) printf '\\nit took longer than %s s\\n' "$REPOSITORY_SETUP_SECONDS" >> "$log" ;; esac
[ $code -eq 0 ] || fail setup $code
rm -f "$log"
`;
