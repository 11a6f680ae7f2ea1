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
rm -rf "$dir" || exit
remove_unused_nodes
