# Keeps an application running: starts it again when it ends, later each time it ends early, and keeps its log within bounds.
# Argument: the application's folder.
dir=$1
. "$dir/current/device/lib.sh"
. "$dir/current/release.env"
mkdir -p "$dir/run"
cd "$dir/run" || exit 1
child=""
recorder=""
watcher=""
mine=$(identity $$)
# In one step: whoever stops it may look at any moment.
echo "$mine" >supervisor.new && mv supervisor.new supervisor

# Whether it can still be found by whoever stops it.
known() { [ "$(cat "$dir/run/supervisor" 2>/dev/null)" = "$mine" ]; }

# Ends it when its folder is gone, or another's: nobody else could.
watch() {
  while known; do sleep 5; done
  kill $$
}

end() {
  trap "" TERM INT
  [ "$child" != new ] || child=$!
  if [ -n "$child" ]; then
    kill -TERM "-$child" || kill -TERM "$child" # It may have no group of its own yet.
    deadline=$(($(seconds) + 5))
    while identity "$child" >/dev/null && [ "$(seconds)" -lt "$deadline" ]; do sleep 1; done
    kill -KILL "-$child"
  fi 2>/dev/null
  ! known || rm -f program supervisor
  [ -z "$watcher" ] || kill "$watcher" 2>/dev/null
  exec >/dev/null 2>&1
  # What records may still wait for the other side to be opened.
  [ -z "$recorder" ] || { exec 8<>output 8>&- && wait "$recorder"; }
  exit
}

# To syslog where there is one. Else to a file, with the one before it: each of at most 2,048 pieces of up to 512 bytes. It may have
# secrets in it.
record() {
  umask 027
  while known && kill -0 $$; do
    if [ -e /dev/log ] && command -v logger >/dev/null; then
      logger -t "$NAME"
      sleep 1 # It was ended: not as fast as it can, then.
    else
      mkdir -p ../log && chmod o-rwx ../log
      mv "../log/$NAME.log" "../log/$NAME.log.1"
      # Where it cannot be written, the program goes on all the same.
      dd bs=512 count=2048 of="../log/$NAME.log" || dd bs=512 count=2048 of=/dev/null
    fi
  done
}
# From here on: what records would be left behind.
trap end TERM INT
rm -f output
(umask 077 && mkfifo output)
record <output >/dev/null 2>&1 &
recorder=$!
watch </dev/null >/dev/null 2>&1 &
watcher=$!
exec >output 2>&1

# shellcheck disable=SC3045 # BusyBox knows -n.
ulimit -n 65536 2>/dev/null || ulimit -n "$(ulimit -H -n)"
pause=1
while :; do
  begun=$(seconds)
  child=new
  as_user "exec $dir/current/start" </dev/null &
  child=$!
  # Not `identity >program`: end() would run in the middle of it, where sh keeps the output open for later.
  # shellcheck disable=SC2005
  echo "$(identity $child)" >program
  wait $child
  status=$?
  rm -f program
  child=""
  [ $(($(seconds) - begun)) -lt 60 ] || pause=1
  echo "ended with status $status; again in $pause s"
  sleep $pause >/dev/null 2>&1 &
  wait $!
  pause=$((pause * 2))
  [ $pause -le 60 ] || pause=60
done
