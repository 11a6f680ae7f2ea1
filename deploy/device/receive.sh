# Takes an archive from standard input, makes a release of it, whole and on the disk or not at all, and begins to switch to it.
# Arguments: the application's folder, the release's name, the archive's SHA-256, and after how many seconds without a byte whoever
# sends is taken for lost. device.js puts lib.sh before it.
set -u
dir=$1 version=$2 sum=$3 patience=${4-60}
box=${dir%/*}
part=$dir/releases/.part-$version

refuse() {
  echo "$1" >&2
  exit "$2"
}

end() {
  rm -rf "$part" "$part.tgz"
  remove_unused_nodes
  rmdir "$dir/run" "$dir/releases" "$dir" "$box/.node" 2>/dev/null
  unlock
}

# Ends what takes the archive when nothing comes any more: a connection may be lost without a word, and the lock is for others too.
watch() {
  known=
  while sleep "$patience" && lives "$1"; do
    size=$(wc -c <"$part.tgz")
    [ "$size" != "$known" ] || kill "$2"
    known=$size
  done
}

mkdir -p "$box" || refuse "$box cannot be made" 4
must_own "$box"
lock
trap unlock EXIT
trap 'exit 1' HUP INT TERM PIPE
[ -d "$dir/releases" ] || rmdir "$dir" 2>/dev/null
[ -d "$dir/releases" ] || [ ! -e "$dir" ] || refuse "$dir is there already, and holds no releases" 4
trap end EXIT
mkdir -p "$dir/releases" "$dir/run" || refuse "$dir cannot be made" 4
must_own "$dir"
# What a cut connection or a power loss left behind.
rm -rf "$dir"/releases/.part-*

exec 3<&0
cat <&3 >"$part.tgz" &
taker=$!
(
  # Whoever waits for the end of this script's output does not wait for this.
  exec </dev/null >/dev/null 2>&1 3<&-
  watch "$(identity "$taker")" "$taker"
) &
watcher=$!
wait "$taker"
status=$?
kill "$watcher"
[ "$status" -lt 128 ] || refuse "nothing came for $patience s" 4
[ "$status" = 0 ] || refuse "the archive could not be written: is the disk full?" 4
found=$(sha256sum <"$part.tgz" | cut -d' ' -f1)
[ "$found" = "$sum" ] || refuse "the archive's checksum is $found, not $sum" 3
mkdir "$part"
gzip -dc "$part.tgz" | tar -xf - -C "$part" || refuse "the archive could not be unpacked: is the disk full?" 4
rm "$part.tgz"
cd "$part" || exit 4
. ./release.env
sh device/service.sh free "$dir" || exit 4

if [ -d node ]; then
  home=${NODE%/bin/node}
  if ! "$NODE" --version >/dev/null 2>&1; then
    mkdir -p "$box/.node"
    sync
    rm -rf "$home" && mv node "$home"
  fi
  rm -rf node
fi
# Shows that it runs here at all, and keeps what V8 makes of the runtime.
./prepare >prepare.log 2>&1 || refuse "it does not run on this box: $(tail -n 5 prepare.log | tr '\n' ' ')" 6
rm prepare.log
sync
[ ! -e "$dir/releases/$version" ] || refuse "$version is there already" 4
cd "$dir" && mv "$part" "releases/$version" || exit 4
trap unlock EXIT
sync

activate "$version"
