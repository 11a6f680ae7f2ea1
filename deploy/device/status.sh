# How an application fares, as lines "name=value". Argument: its folder. device.js puts lib.sh before it.
dir=$1
cd "$dir" || exit 1
current=$(readlink current) || { echo "state=no release"; exit; }
echo "current=${current#releases/}"
pid=$(sh current/device/service.sh pid "$dir")
if [ -n "$pid" ]; then
  echo "state=running, process $pid, $(sed -n 's/^VmRSS:[[:space:]]*\([0-9]*\).*/\1/p' "/proc/$pid/status") KiB"
else
  echo "state=stopped"
fi
if lives "$(holder)"; then echo "last=under way"; else echo "last=$(cut -d' ' -f2 result 2>/dev/null || echo cut off)"; fi
good_releases | sed "s|^|good=|"
