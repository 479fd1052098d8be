/**
 * After the command: what is in the repository, and where it is wished to the server with it. Nothing of the repository's own
 * configuration is believed, as the command may have written it: hooks, filters and addresses would run here, with the credential.
 */

import { commonScript, reportMark } from "./common-script.ts";

export const closeScript = `${commonScript}
asked=
trap 'asked=1' TERM
pid= ; waited=0
while [ -z "$pid" ]; do
  pid=$(cat "$REPOSITORY_MAIN" 2>/dev/null)
  [ -n "$pid" ] && break
  [ -z "$asked" ] && [ $waited -lt "$REPOSITORY_START_SECONDS" ] || exit 0
  sleep 1; waited=$((waited + 1))
done
waited=0
while [ -d "/proc/$pid" ]; do
  if [ -n "$asked" ]; then
    [ $waited -lt "$REPOSITORY_GRACE_SECONDS" ] || kill -KILL "$pid" 2>/dev/null
    waited=$((waited + 1))
  fi
  sleep 1
done
head= ; commits=0 ; dirty=0 ; pushed=no ; branch=$REPOSITORY_BRANCH
report() { # step exit
  { printf '${reportMark}\\nstep %s\\nexit %s\\nurl %s\\nref %s\\nhead %s\\ncommits %s\\ndirty %s\\npushed %s\\n\\n' "$1" "$2" \\
      "$(one_line "$REPOSITORY_URL")" "$(one_line "$branch")" "$head" "$commits" "$dirty" "$pushed"
    tail -c 2500 "$log"; } > "$REPOSITORY_REPORT"
  cat "$log"
  exit 0
}
theirs="$REPOSITORY_PATH/.git"
own="$REPOSITORY_STATE/own.git"
rm -rf "$own"
git init -q --bare "$own" >> "$log" 2>&1 || report keep $?
export GIT_DIR="$own" GIT_INDEX_FILE="$own/index" GIT_ALTERNATE_OBJECT_DIRECTORIES="$theirs/objects"
[ ! -f "$theirs/shallow" ] || cp "$theirs/shallow" "$own/shallow" >> "$log" 2>&1
head=$(GIT_DIR="$theirs" git rev-parse -q --verify 'HEAD^{commit}' 2>> "$log") || { head= ; report keep 128; }
[ -n "$branch" ] || branch=$(GIT_DIR="$theirs" git symbolic-ref -q --short HEAD 2>/dev/null)
base=$(cat "$REPOSITORY_STATE/base" 2>/dev/null)
if [ -n "$base" ]; then commits=$(git rev-list --count "$head" "^$base" 2>> "$log") || report keep $?
else commits=$(git rev-list --count "$head" 2>> "$log") || report keep $?; fi
[ -z "$REPOSITORY_LFS" ] || git lfs install --local >> "$log" 2>&1
[ ! -f "$theirs/info/exclude" ] || cp "$theirs/info/exclude" "$own/info/exclude" >> "$log" 2>&1
git read-tree "$head" >> "$log" 2>&1 || report keep $?
git --work-tree="$REPOSITORY_PATH" add -A --ignore-errors >> "$log" 2>&1
dirty=$(git diff --cached --name-only -z "$head" 2>> "$log" | tr -cd '\\000' | wc -c | tr -d ' ')
[ -n "$REPOSITORY_PUSH" ] || report keep 0
if [ "$commits" = 0 ] && [ "$dirty" = 0 ]; then pushed=yes; report push 0; fi
export GIT_AUTHOR_NAME="$REPOSITORY_AUTHOR" GIT_AUTHOR_EMAIL="$REPOSITORY_EMAIL"
export GIT_COMMITTER_NAME="$REPOSITORY_AUTHOR" GIT_COMMITTER_EMAIL="$REPOSITORY_EMAIL"
target=$head
if [ "$dirty" != 0 ]; then
  tree=$(git write-tree 2>> "$log") || report push $?
  target=$(printf '%s\\n' "$REPOSITORY_MESSAGE" | git commit-tree "$tree" -p "$head" 2>> "$log") || report push $?
fi
: > "$log"
credentials
limited "$REPOSITORY_CLOSING_SECONDS" git push -q "$REPOSITORY_URL" "$target:refs/heads/$branch" >> "$log" 2>&1
code=$?
rm -f "$HOME/key"
[ $code -ne 0 ] || pushed=yes
head=$target
report push $code
`;
