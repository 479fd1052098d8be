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
    without_credential | tail -c 2500; } > "$REPOSITORY_REPORT"
  without_credential
  exit 0
}
theirs="$REPOSITORY_PATH/.git"
own="$REPOSITORY_STATE/own.git"
rm -rf "$own"
git init -q --bare "$own" >> "$log" 2>&1 || report keep $?
export GIT_DIR="$own" GIT_INDEX_FILE="$own/index" GIT_ALTERNATE_OBJECT_DIRECTORIES="$theirs/objects"
plain() { [ -f "$1" ] && [ ! -L "$1" ]; }
if plain "$theirs/shallow"; then cp "$theirs/shallow" "$own/shallow" >> "$log" 2>&1; fi
# Not what it leads to: a missing object would be fetched as their configuration says, which can name a program.
head=$(GIT_DIR="$theirs" git rev-parse -q --verify HEAD 2>> "$log") || { head= ; report keep 128; }
head=$(git rev-parse -q --verify "$head^{commit}" 2>> "$log") || { head= ; report keep 128; }
[ -n "$branch" ] || branch=$(GIT_DIR="$theirs" git symbolic-ref -q --short HEAD 2>/dev/null)
base=$(cat "$REPOSITORY_STATE/base" 2>/dev/null)
if [ -n "$base" ]; then commits=$(git rev-list --count "$head" "^$base" 2>> "$log") || report keep $?
else commits=$(git rev-list --count "$head" 2>> "$log") || report keep $?; fi
[ -z "$REPOSITORY_LFS" ] || git lfs install --local >> "$log" 2>&1
if plain "$theirs/info/exclude"; then cp "$theirs/info/exclude" "$own/info/exclude" >> "$log" 2>&1; fi
git read-tree "$head" >> "$log" 2>&1 || report keep $?
# For a submodule of the index git would ask the submodule, with its own configuration, whether it was changed. As one that is
# new, it is taken for the commit that it is at. One that is not checked out stays what it was.
links="$HOME/links"
git -c core.quotePath=false ls-files -s | sed -n '/^160000 /p' > "$links" || report keep $?
sed 's/^160000/0/' "$links" | git update-index --index-info >> "$log" 2>&1 || report keep $?
git --work-tree="$REPOSITORY_PATH" add -A --ignore-errors >> "$log" 2>&1
while IFS= read -r link; do
  name=\${link#*"$(printf '\\t')"}
  # A name that git writes in quotes is not looked for.
  case "$name" in
    \\"*) ;;
    *) [ -d "$REPOSITORY_PATH/$name" ] && [ -z "$(git --literal-pathspecs ls-files -- "$name")" ] || continue ;;
  esac
  printf '%s\\n' "$link" | git update-index --index-info >> "$log" 2>&1
done < "$links"
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
