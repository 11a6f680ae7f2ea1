# Takes an archive of tests from standard input and unpacks it. Arguments: a folder for it, the archive's SHA-256.
# device.js puts lib.sh before it.
set -u
dir=$1 sum=$2

refuse() {
  echo "$1" >&2
  exit "$2"
}

other=$(process "$(cat "$dir/process" 2>/dev/null)") && refuse "tests run there already: process $other" 5
trap '[ $? = 0 ] || { rm -rf "$dir"; rmdir "${dir%/*}" 2>/dev/null; }' EXIT
trap 'exit 1' HUP INT TERM PIPE
rm -rf "$dir"
mkdir -p "$dir" || refuse "$dir cannot be made" 4
must_own "${dir%/*}"
cat >"$dir/archive" || refuse "the tests could not be written: is the disk full?" 4
found=$(sha256sum <"$dir/archive" | cut -d' ' -f1)
[ "$found" = "$sum" ] || refuse "the archive's checksum is $found, not $sum" 3
gzip -dc "$dir/archive" | tar -xf - -C "$dir" || refuse "the tests could not be unpacked: is the disk full?" 4
rm "$dir/archive"
mkdir "$dir/tmp"
