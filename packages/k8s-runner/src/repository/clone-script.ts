/** Before the command: the repository, its branch, its submodules. Says in its last words what went wrong, and where. */

import { commonScript, failScript } from "./common-script.ts";

export const cloneScript = `${commonScript}${failScript}
try() { "$@" >> "$log" 2>&1 || fail clone $?; }
# A clone that was cut off is begun anew.
rm -rf "$REPOSITORY_PATH"
credentials
set -- --origin origin
[ -z "$REPOSITORY_DEPTH" ] || set -- "$@" --depth "$REPOSITORY_DEPTH" --no-single-branch
[ -n "$REPOSITORY_LFS" ] || export GIT_LFS_SKIP_SMUDGE=1
if [ -n "$REPOSITORY_CACHE" ]; then
  # One that is broken or in use by another run is done without.
  cache="$REPOSITORY_CACHE/$(printf '%s' "$REPOSITORY_URL" | cksum | tr -d ' ').git"
  if mkdir "$cache.lock" 2>/dev/null; then
    # Whoever may write to the volume has written its configuration, which can name programs.
    rm -rf "$cache/config" "$cache/config.worktree" "$cache/commondir" "$cache/hooks"
    if [ -d "$cache" ]; then
      { printf '[core]\\n\\trepositoryformatversion = 0\\n\\tbare = true\\n' > "$cache/config" &&
        git -C "$cache" fetch -q --prune "$REPOSITORY_URL" '+refs/*:refs/*'; } || rm -rf "$cache"
    else git clone -q --mirror "$REPOSITORY_URL" "$cache" || rm -rf "$cache"; fi >> "$log" 2>&1
    rmdir "$cache.lock"
  elif [ -n "$(find "$cache.lock" -maxdepth 0 -mmin +60 2>/dev/null)" ]; then rmdir "$cache.lock"; fi
  [ ! -d "$cache" ] || set -- "$@" --reference-if-able "$cache" --dissociate
fi
: > "$log"
is_commit() { case "$REPOSITORY_REF" in *[!0-9a-f]*|?|??|???|????|?????|??????) return 1 ;; *) return 0 ;; esac; }
fetch_commit() {
  git init -q "$REPOSITORY_PATH" && cd "$REPOSITORY_PATH" && git remote add origin "$REPOSITORY_URL" &&
    git fetch -q --depth "$REPOSITORY_DEPTH" origin "$REPOSITORY_REF" && git checkout -q FETCH_HEAD
}
if [ -z "$REPOSITORY_REF" ]; then
  try git clone -q "$@" -- "$REPOSITORY_URL" "$REPOSITORY_PATH"
elif ! is_commit; then
  try git clone -q "$@" -b "$REPOSITORY_REF" -- "$REPOSITORY_URL" "$REPOSITORY_PATH"
elif ! git clone -q "$@" -b "$REPOSITORY_REF" -- "$REPOSITORY_URL" "$REPOSITORY_PATH" >> "$log" 2>&1; then
  # Not a branch or a tag of this name: a commit.
  rm -rf "$REPOSITORY_PATH"
  if [ -n "$REPOSITORY_DEPTH" ]; then (: > "$log"; fetch_commit) >> "$log" 2>&1 || fail clone $?
  else
    : > "$log"
    try git clone -q "$@" --no-checkout -- "$REPOSITORY_URL" "$REPOSITORY_PATH"
    try git -C "$REPOSITORY_PATH" checkout -q "$REPOSITORY_REF" --
  fi
fi
: > "$log"
cd "$REPOSITORY_PATH" || fail clone 1
if [ -n "$REPOSITORY_BRANCH" ]; then
  git ls-remote --exit-code --heads origin "refs/heads/$REPOSITORY_BRANCH" >> "$log" 2>&1
  case $? in
    0)
      try git fetch -q origin "+refs/heads/$REPOSITORY_BRANCH:refs/remotes/origin/$REPOSITORY_BRANCH"
      try git checkout -q -B "$REPOSITORY_BRANCH" "refs/remotes/origin/$REPOSITORY_BRANCH" ;;
    2) try git checkout -q -B "$REPOSITORY_BRANCH" ;;
    *) fail clone 128 ;;
  esac
fi
[ -z "$REPOSITORY_AUTHOR" ] || { try git config user.name "$REPOSITORY_AUTHOR"; try git config user.email "$REPOSITORY_EMAIL"; }
if [ -n "$REPOSITORY_SUBMODULES" ]; then
  set -- ; [ -z "$REPOSITORY_DEPTH" ] || set -- --depth "$REPOSITORY_DEPTH"
  try git submodule update -q --init --recursive "$@"
fi
if [ -n "$REPOSITORY_LFS" ]; then try git lfs install --local; try git lfs pull; fi
git rev-parse -q --verify HEAD > "$REPOSITORY_STATE/base" 2>> "$log" || : > "$REPOSITORY_STATE/base"
rm -f "$HOME/key"
rm -f "$log"
`;
