# Whether the program of the current release is healthy: exit status 0 within HEALTH_SECONDS, else 1. Argument: its folder.
# HEALTH is port:N (it answers), command:WORDS (they succeed in the release's folder), or up (the program does not end).
set -u
dir=$1
cd "$dir/current" || exit 1
. device/lib.sh
. ./release.env
deadline=$(($(seconds) + HEALTH_SECONDS))
[ "$HEALTH" != up ] || deadline=$((deadline + 5)) # Its seconds are counted from when it is there.

over() { [ "$(seconds)" -ge "$deadline" ]; }

pid() { sh device/service.sh pid "$dir"; }

succeeds() {
  as_user "$1" </dev/null &
  check=$!
  while identity $check >/dev/null; do
    over && kill -KILL "-$check" && return 1
    sleep 1
  done
  wait $check
}

# A busy box may take its time to start it.
until [ -n "$(pid)" ]; do
  over && exit 1
  sleep 1
done
case "$HEALTH" in
  port:*) "$NODE" device/health.js "${HEALTH#port:}" $((deadline - $(seconds))) || exit 1 ;;
  command:*)
    until succeeds "${HEALTH#command:}"; do
      over && exit 1
      sleep 1
    done
    ;;
  *)
    first=$(pid)
    sleep "$HEALTH_SECONDS"
    [ "$(pid)" = "$first" ] || exit 1
    ;;
esac
[ -n "$(pid)" ]
