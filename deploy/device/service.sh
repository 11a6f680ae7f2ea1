# The service of an application, for whichever init the box has.
# Arguments: free (whether its file is this application's, or nobody's), install, stop, restart, pid (of the program, when it runs), log N
# or remove; the application's folder comes last.
action=$1
for dir; do :; done
here=${0%/*}
. "$here/lib.sh"
. "$here/../release.env"
service=rosock-$NAME
unit=/etc/systemd/system/$service.service
procd=/etc/init.d/$service
script=$INITD/S90$service

# What a file is until it is whole: hidden, for what is left of it after a power loss must not be started with the box.
new() { echo "${1%/*}/.${1##*/}.new"; }

# Fills in a template's words, and puts it in its place unless it is there already.
put() {
  new=$(new "$2")
  words="s|@DIR@|$dir|g; s|@NAME@|$NAME|g; s|@USER@|$RUN_AS|g; s|@MEMORY@|${MEMORY-}|g"
  if ! sed -e "$words" "$here/$1" >"$new" || ! chmod "$3" "$new"; then
    rm -f "$new"
    return 1
  fi
  if cmp -s "$new" "$2"; then rm "$new"; else sync && mv "$new" "$2" && sync; fi
}

take_away() { rm -f "$1" "$(new "$1")"; }

free() {
  if [ ! -e "$1" ] || grep -q "[= ]$(echo "$dir" | sed 's/\./\\./g')\(/\|\$\)" "$1"; then return; fi
  echo "$1 is there already, and is not of $dir" >&2
  return 1
}

case "$INIT/$action" in
  systemd/free) free "$unit" ;;
  procd/free) free "$procd" ;;
  busybox/free) free "$script" ;;
  systemd/install)
    put rosock.service "$unit" 644 && systemctl daemon-reload && systemctl -q enable "$service"
    ;;
  systemd/stop) systemctl stop "$service" ;;
  systemd/restart) systemctl restart "$service" ;;
  systemd/pid) systemctl show -p MainPID "$service" | sed -n 's/^MainPID=\([1-9]\)/\1/p' ;;
  systemd/log) journalctl -q -u "$service" -n "$2" -o cat ;;
  systemd/remove)
    systemctl -q disable --now "$service"
    take_away "$unit"
    systemctl daemon-reload
    ;;
  procd/install) put procd.init "$procd" 755 && "$procd" enable ;;
  procd/stop) "$procd" stop ;;
  procd/restart) "$procd" restart ;;
  procd/pid)
    ubus call service list "{\"name\":\"$service\"}" | sed -n 's/.*"pid": \([0-9]*\).*/\1/p'
    ;;
  procd/log) logread -e "$service" | tail -n "$2" ;;
  procd/remove)
    "$procd" stop
    "$procd" disable
    take_away "$procd"
    ;;
  busybox/install) put busybox.init "$script" 755 ;;
  busybox/stop) "$script" stop ;;
  busybox/restart) "$script" restart ;;
  busybox/pid) process "$(cat "$dir/run/program" 2>/dev/null)" ;;
  busybox/log)
    if [ -f "$dir/log/$NAME.log" ]; then
      cat "$dir/log/$NAME.log.1" "$dir/log/$NAME.log" 2>/dev/null
    else
      # syslogd keeps it in memory, or in a file.
      { logread 2>/dev/null || cat /var/log/messages 2>/dev/null; } | grep " $NAME: "
    fi | tail -n "$2"
    ;;
  busybox/remove)
    "$script" stop
    take_away "$script"
    ;;
  *)
    echo "service.sh: unknown action $INIT/$action" >&2
    exit 1
    ;;
esac
