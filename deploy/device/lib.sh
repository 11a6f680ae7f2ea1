# What the scripts here share. They are for any BusyBox sh. `dir` is the application's folder;
# the one above it is for what all applications share.
# shellcheck shell=sh disable=SC2154

# Whatever the box's own is: only root may change what root runs.
umask 022

# Ends the script unless a folder, and what is put there, is out of others' reach.
must_own() {
  # shellcheck disable=SC2012 # A find may be missing.
  case "$(ls -ldn "$1" | awk '{ print substr($1, 6, 1) substr($1, 9, 1), $3 }')" in
    "-- $(id -u)") ;;
    *)
      echo "$1 can be changed by others than $(id -un)" >&2
      exit 4
      ;;
  esac
}

# Seconds since the box came up: its clock may be wrong, and jump as soon as the network tells the time.
seconds() { cut -d. -f1 /proc/uptime; }

# Names a process such that no other is taken for it: not one with the same id, nor one after the next boot. Nothing: it has ended.
identity() {
  stat=$(cat "/proc/$1/stat" 2>/dev/null)
  stat=${stat##*) } # Its name comes before, and may have anything in it.
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

# Who holds the lock: nobody, or the last of those who took it from each other. `.lock` names the first, and `.lock-NAME` who came
# after NAME. A name is never given twice, so each has one heir at most, however late the others are. `.lock` may come to name the
# heir while it is looked for: so it is read again.
holder() {
  while :; do
    first=$(readlink "${dir%/*}/.lock")
    last=$first
    while heir=$(readlink "${dir%/*}/.lock-$last"); do last=$heir; done
    [ "$(readlink "${dir%/*}/.lock")" != "$first" ] || break
  done
  echo "$last"
}

# One at a time changes what is on the box. Ends the script if it is somebody else's turn. The argument: who hands the lock over.
lock() {
  mine=$(identity $$)
  before=$(holder)
  if [ -z "$before" ]; then
    ln -s "$mine" "${dir%/*}/.lock" 2>/dev/null
  elif [ "$before" = "${1-}" ] || ! lives "$before"; then
    ln -s "$mine" "${dir%/*}/.lock-$before" 2>/dev/null
  fi
  now=$(holder)
  [ -n "$now" ] || [ -z "$before" ] || { lock "$@" && return; } # It was given back meanwhile.
  if [ "$now" != "$mine" ]; then
    echo "another deployment to this box is under way" >&2
    exit 5
  fi
  [ -n "$before" ] || return 0
  # Scripts of earlier releases know `.lock` only.
  rm -f "${dir%/*}/.lock.new"
  ln -s "$mine" "${dir%/*}/.lock.new" && mv -f "${dir%/*}/.lock.new" "${dir%/*}/.lock" && rm -f "${dir%/*}"/.lock-*
}

# `.lock` goes first: what is left without it is nobody's.
unlock() { [ "$(holder)" != "$mine" ] || rm -f "${dir%/*}/.lock" "${dir%/*}"/.lock-*; }

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

# Becomes a shell with the program's user and a process group of its own, for a line of shell. For the background. Nothing of the
# environment of who deploys gets there: it would be another after the next boot.
as_user() {
  set -- "$1" env -i PATH="$PATH" ${TZ+"TZ=$TZ"} setsid
  line=$1
  shift
  if [ "$RUN_AS" = root ] || [ "$(id -u)" != 0 ]; then exec "$@" sh -c "$line"; fi
  exec "$@" su -s /bin/sh "$RUN_AS" -c "$line"
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
  # The log may have something of the program's in it.
  rm -f activation.log
  (umask 027 && : >activation.log)
  setsid sh "releases/$1/device/activate.sh" "$dir" "$1" "$mine" >>activation.log 2>&1 </dev/null &
  # Whoever asks from now on sees it at work.
  while [ "$(holder)" = "$mine" ] && identity $! >/dev/null; do sleep 1; done
}
