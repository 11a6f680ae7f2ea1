# The service of an application, for whichever init the box has.
# Arguments: install, restart, pid (of the program, when it runs), log N or remove; the application's folder comes last.
action=$1
for dir; do :; done
. "$dir/current/device/lib.sh"
. "$dir/current/release.env"
here=$dir/current/device
service=rosock-$NAME
unit=/etc/systemd/system/$service.service
procd=/etc/init.d/$service
script=$INITD/S90$service

# Fills in a template's words, and puts it in its place unless it is there already.
put() {
  sed -e "s|@DIR@|$dir|g; s|@NAME@|$NAME|g; s|@USER@|$RUN_AS|g; s|@MEMORY@|$MEMORY|g" "$here/$1" >"$2.new" || return
  chmod "$3" "$2.new"
  if cmp -s "$2.new" "$2"; then rm "$2.new"; else replace "$2"; fi
}

case "$INIT/$action" in
  systemd/install)
    put rosock.service "$unit" 644 && systemctl daemon-reload && systemctl -q enable "$service"
    ;;
  systemd/restart) systemctl restart "$service" ;;
  systemd/pid) systemctl show -p MainPID "$service" | sed -n 's/^MainPID=\([1-9]\)/\1/p' ;;
  systemd/log) journalctl -q -u "$service" -n "$2" -o cat ;;
  systemd/remove)
    systemctl -q disable --now "$service"
    rm -f "$unit"
    systemctl daemon-reload
    ;;
  procd/install) put procd.init "$procd" 755 && "$procd" enable ;;
  procd/restart) "$procd" restart ;;
  procd/pid)
    ubus call service list "{\"name\":\"$service\"}" | sed -n 's/.*"pid": \([0-9]*\).*/\1/p'
    ;;
  procd/log) logread -e "$service" | tail -n "$2" ;;
  procd/remove)
    "$procd" stop
    "$procd" disable
    rm -f "$procd"
    ;;
  busybox/install) put busybox.init "$script" 755 ;;
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
    rm -f "$script"
    ;;
  *)
    echo "service.sh: unknown action $INIT/$action" >&2
    exit 1
    ;;
esac
