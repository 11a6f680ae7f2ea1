# What the scripts here share. They are for any BusyBox sh. `dir` is the application's folder;
# the one above it is for what all applications share.
# shellcheck shell=sh disable=SC2154

# Whatever the box's own is: only root may change what root runs.
umask 022

# Seconds since the box came up: its clock may be wrong, and jump as soon as the network tells the time.
seconds() { cut -d. -f1 /proc/uptime; }

# Names a process such that no other is taken for it: not one with the same id, nor one after the next boot. Nothing: it has ended.
identity() {
  stat=$(sed 's/.*) //' "/proc/$1/stat" 2>/dev/null)
  case "$stat" in
    "" | Z*) return 1 ;;
  esac
  echo "$(cat /proc/sys/kernel/random/boot_id).$1.$(echo "$stat" | cut -d' ' -f20)"
}

# The id of the process with that identity, if it lives.
process() {
  id=${1#*.}
  id=${id%.*}
  [ -n "$1" ] && [ "$(identity "$id")" = "$1" ] && echo "$id"
}

lives() { process "$1" >/dev/null; }

# One at a time changes what is on the box. Ends the script if it is somebody else's turn. The argument: who hands the lock over.
lock() {
  mine=$(identity $$)
  holder=$(readlink "${dir%/*}/.lock")
  if [ -n "$holder" ] && { [ "$holder" = "${1-}" ] || ! lives "$holder"; }; then
    rm -f "${dir%/*}/.lock"
  fi
  ln -s "$mine" "${dir%/*}/.lock" 2>/dev/null
  # Two may have found one that was left behind: the later of them has it.
  [ -z "$holder" ] || sleep 1
  [ "$(readlink "${dir%/*}/.lock")" = "$mine" ] && return
  echo "another deployment to this box is under way" >&2
  exit 5
}

unlock() { [ "$(readlink "${dir%/*}/.lock")" != "$mine" ] || rm -f "${dir%/*}/.lock"; }

# The releases that have passed and are still there, the newest last.
good_releases() {
  [ ! -e "$dir/good" ] || while read -r each; do [ ! -d "$dir/releases/$each" ] || echo "$each"; done <"$dir/good"
}

# Puts FILE.new in the place of FILE. The power may go at any moment, and FILE is whole.
replace() { sync && mv "$1.new" "$1" && sync; }

# Has `current` point to a release, in one step. A mv without -T would move the link into the folder that it finds there.
point() {
  rm -f "$dir/current.new"
  ln -s "releases/$1" "$dir/current.new" || return
  mv -T "$dir/current.new" "$dir/current" 2>/dev/null ||
    "$NODE" -e 'require("fs").renameSync(process.argv[1] + ".new", process.argv[1])' "$dir/current" || return
  sync
}

# Becomes a shell with the program's user and a process group of its own, for a line of shell. For the background.
as_user() {
  if [ "$RUN_AS" = root ] || [ "$(id -u)" != 0 ]; then exec setsid sh -c "$1"; fi
  exec setsid su -s /bin/sh "$RUN_AS" -c "$1"
}

# Removes what Node was sent along and no release uses any more.
remove_unused_nodes() {
  for each in "${dir%/*}"/.node/*; do
    grep -qs "^NODE=$each/" "${dir%/*}"/*/releases/*/release.env || rm -rf "$each"
  done
}

# Has activate.sh go on by itself with a release, and hands the lock over to it.
activate() {
  cd "$dir" || exit 1
  rm -f result
  setsid sh "releases/$1/device/activate.sh" "$dir" "$1" "$mine" >activation.log 2>&1 </dev/null &
  # Whoever asks from now on sees it at work.
  while [ "$(readlink "${dir%/*}/.lock")" = "$mine" ] && identity $! >/dev/null; do sleep 1; done
}
