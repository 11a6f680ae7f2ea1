# Runs the tests that receive.sh has unpacked, and removes them. Arguments: their folder, the Node, how patient to be; then words
# for run.js. device.js puts lib.sh before it.
set -u
dir=$1 node=$2
export ROSOCK_PATIENCE="$3" TMPDIR="$dir/tmp"
shift 3
cd "$dir" || exit 1

"$node" out/test/device/run.js "$@" </dev/null &
child=$!
identity "$child" >process
trap 'kill "$child"' HUP INT TERM
wait "$child"
status=$?
# A signal ends the wait, too.
while identity "$child" >/dev/null; do sleep 1; done
cd / && rm -rf "$dir"
rmdir "${dir%/*}" 2>/dev/null
exit "$status"
