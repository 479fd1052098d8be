/** What both containers of a repository have in common: shell, so that an image needs no more than git. */

/** First line of a container's last words; what follows are names with values, then an empty line, then words of git. */
export const reportMark = "claude-k8s-repository";

/** The credential is given to the repository's own server only: a submodule or a redirection may name any other. */
export const askpassScript = `#!/bin/sh
case "$1" in
  *"$REPOSITORY_SCHEME://$REPOSITORY_HOST'"*|*"$REPOSITORY_SCHEME://"*"@$REPOSITORY_HOST'"*) ;;
  *) exit 1 ;;
esac
case "$1" in
  Username*) printf '%s\\n' "$REPOSITORY_USER" ;;
  *) cat "$REPOSITORY_CREDENTIAL" ;;
esac
`;

export const commonScript = `set -u
umask 022
export LC_ALL=C GIT_TERMINAL_PROMPT=0
export HOME="$REPOSITORY_STATE/home-$(id -u)"
mkdir -p "$HOME"
# The volume, and what the command left in it, may be another user's.
printf '[safe]\\n\\tdirectory = *\\n[core]\\n\\thooksPath = /dev/null\\n' > "$HOME/.gitconfig"
log="$HOME/log"
: > "$log"
# What the command left may be a link to the credential, and git quotes what it cannot read.
without_credential() {
  [ -r "$REPOSITORY_CREDENTIAL" ] || { cat "$log"; return; }
  grep . "$REPOSITORY_CREDENTIAL" > "$HOME/lines"
  grep -vF -f "$HOME/lines" "$log"
  rm -f "$HOME/lines"
}
one_line() { printf '%s' "$1" | tr '\\n\\r\\t' '   ' | cut -c 1-300; }
credentials() {
  case "$REPOSITORY_CREDENTIAL_KIND" in
    token)
      export GIT_ASKPASS="$REPOSITORY_ASKPASS" ;;
    ssh)
      cat "$REPOSITORY_CREDENTIAL" > "$HOME/key" && echo >> "$HOME/key" && chmod 600 "$HOME/key"
      known="-o StrictHostKeyChecking=accept-new -o UserKnownHostsFile=$HOME/known_hosts"
      [ -z "$REPOSITORY_KNOWN_HOSTS" ] || known="-o StrictHostKeyChecking=yes -o UserKnownHostsFile=$REPOSITORY_KNOWN_HOSTS"
      export GIT_SSH_COMMAND="ssh -F /dev/null -o BatchMode=yes -o ConnectTimeout=30 -o IdentitiesOnly=yes -i $HOME/key $known" ;;
  esac
}
limited() {
  seconds=$1; shift
  if command -v timeout >/dev/null 2>&1; then timeout "$seconds" "$@"; else "$@"; fi
}
`;

/** Ends a container that prepares the repository, with last words. */
export const failScript = `fail() {
  { printf '${reportMark}\\nstep %s\\nexit %s\\nurl %s\\nref %s\\ncommand %s\\n\\n' "$1" "$2" \\
      "$(one_line "$REPOSITORY_URL")" "$(one_line "$REPOSITORY_REF")" "$(one_line "$REPOSITORY_SETUP")"
    without_credential | tail -c 2500; } > "$REPOSITORY_REPORT"
  without_credential
  exit 1
}
`;
