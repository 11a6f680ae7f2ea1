# Before the service starts: where the power went before a release had shown its health, the last good one takes its place.
# Argument: the application's folder.
set -u
dir=$1
. "$dir/current/device/lib.sh"
. "$dir/current/release.env"
cd "$dir" || exit 1
lives "$(holder)" && exit # activate.sh is at work.
good=$(good_releases | tail -n 1)
current=$(readlink current)
if [ -n "$good" ] && [ "$current" != "releases/$good" ]; then
  echo "${current#releases/} had not shown its health yet: back to $good" >>activation.log
  point "$good"
fi
