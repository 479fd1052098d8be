/**
 * What runs beside the command of a recorded run, for a POSIX shell and the core utilities.
 *
 * The command's standard output and standard error are one file, opened for appending: it is written by the kernel whatever becomes of
 * anybody who reads it, so that nothing between the command and its output can die, block or send it a signal. The second
 * container prints the file, and its log is the one that is followed. It has the output to the last byte even where the command was
 * killed, and it stays, with the volume, until its file is not needed any more.
 */

export const recordFolder = "/run-record";
const file = `${recordFolder}/output`;
const mainFile = `${recordFolder}/main`;
const baseFile = `${recordFolder}/base`;
const printedFile = `${recordFolder}/printed`;
const printerFile = `${recordFolder}/printer`;
const releasedFile = `${recordFolder}/released`;

/** The first line of the second container's log. Not output, and told from it by its place. */
export const recordHeader =
  "claude-k8s: what follows is the output of the container main, printed from its record";

/** Leaves the command's process id where the second container finds it. */
export const announceRecordScript = `echo $$ > ${mainFile} && `;
/** The shell becomes the command, so that signals and the exit code are the command's own. */
export const recordRedirection = ` >> ${file} 2>&1`;

/**
 * Arguments: seconds for the command to begin, its grace after SIGTERM, seconds to stay, bytes to keep.
 *
 * GNU `tail` is woken by the kernel at each write and ends by itself behind the command; where it is another one, the file is read
 * ten times a second. Beyond its limit the oldest part of the file that is printed is given back to the file system, which takes the
 * `fallocate` of util-linux: offsets stay as they are, and the volume does not grow.
 */
export const recorderScript = `
start=$1 grace=$2 hold=$3 limit=$4
asked= waited=0
trap 'asked=yes' TERM
nap() { sleep 0.1 2> /dev/null || sleep 1; }
until [ -s ${mainFile} ]; do
  waited=$((waited + 1))
  [ "$waited" -gt $((start * 10)) ] && exit 0
  [ -n "$asked" ] && exit 0
  nap
done
main=$(cat ${mainFile})
runs() { [ -d "/proc/$main" ]; }
: >> ${file}
echo '${recordHeader}'
print() {
  if tail --pid=$$ -c 0 /dev/null > /dev/null 2>&1; then
    tail --pid="$main" -c +1 -f ${file} 2> /dev/null &
    echo $! > ${printerFile}
    wait
  else
    exec 3< ${file}
    while :; do
      ended=; runs || ended=yes
      cat <&3
      [ -n "$ended" ] && break
      nap
    done
  fi
  : > ${printedFile}
}
print &
printer=$!
printed_bytes() {
  [ -s ${printerFile} ] && printer=$(cat ${printerFile})
  bytes=0
  for info in /proc/"$printer"/fdinfo/*; do
    while read -r key value; do
      [ "$key" = pos: ] && [ "$value" -gt "$bytes" ] && bytes=$value
    done < "$info"
  done 2> /dev/null
}
asking=0 base=0
until [ -e ${printedFile} ]; do
  if [ -n "$asked" ] && runs; then
    asking=$((asking + 1))
    [ "$asking" -gt "$grace" ] && kill -KILL "$main" 2> /dev/null
  fi
  size=$(wc -c < ${file})
  if [ $((size - base)) -gt $((limit + limit / 16)) ]; then
    printed_bytes
    spare=$((size - limit))
    [ "$bytes" -lt "$spare" ] && spare=$bytes
    if [ "$spare" -gt "$base" ] && fallocate --punch-hole --offset "$base" --length $((spare - base)) ${file} 2> /dev/null; then
      base=$spare
      echo "$base" > ${baseFile}
    fi
  fi
  if runs; then sleep 1; else nap; fi
done
held=0
until [ -e ${releasedFile} ] || [ "$held" -ge $((hold * 10)) ]; do
  held=$((held + 1))
  nap
done
exit 0
`;

/** Says within twenty seconds whether everything is printed, and then how many bytes the command has written. */
export const askSizeScript = `
waited=0
until [ -e ${printedFile} ]; do
  waited=$((waited + 1))
  [ "$waited" -gt 100 ] && { echo running; exit 0; }
  sleep 0.2 2> /dev/null || sleep 1
done
wc -c < ${file}
`;

/** The bytes from its argument on. */
export const readScript = `
base=0
[ -e ${baseFile} ] && base=$(cat ${baseFile})
[ "$1" -ge "$base" ] || exit 9
exec tail -c +$(($1 + 1)) ${file}
`;
/** The beginning was given up for the limit. */
export const givenUpExitCode = 9;

export const releaseScript = `: > ${releasedFile}`;
