# Before the service starts: where the power went before a release had shown its health, the last good one takes its place.
# Argument: the application's folder.
set -u
dir=$1
. "$dir/current/device/lib.sh"
. "$dir/current/release.env"
cd "$dir" || exit 1
lives "$(readlink "${dir%/*}/.lock")" && exit # activate.sh is at work.
good=$(tail -n 1 good 2>/dev/null)
current=$(readlink current)
if [ -d "releases/$good/device" ] && [ "$current" != "releases/$good" ]; then
  echo "${current#releases/} had not shown its health yet: back to $good" >>activation.log
  point "$good"
fi
