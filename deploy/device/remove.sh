# Removes an application: its service, its releases, its data. Argument: its folder. device.js puts lib.sh before it.
set -u
dir=$1
box=${dir%/*}

end() {
  unlock
  rmdir "$box/.node" "$box" 2>/dev/null
}

lock
trap end EXIT
if [ -e "$dir/current/device" ]; then
  sh "$dir/current/device/service.sh" remove "$dir" || exit
fi
# What was made here, and nothing else. The releases, by which it is known, come last: this may be cut off.
cd "$dir" || exit
rm -rf data run log good good.new result result.new activation.log current current.new || exit
rm -rf releases && cd / && rmdir "$dir" || exit
remove_unused_nodes
