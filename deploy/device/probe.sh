# What this box is, as lines "name=value". For any BusyBox sh; leaves nothing behind.
# Arguments: the folder wanted for deployments ("" to choose), the user wanted ("" to choose).

say() { printf '%s=%s\n' "$1" "$2"; }

byte() { dd if="$1" bs=1 skip="$2" count=1 2>/dev/null | od -An -tu1 | tr -d ' \n'; }

# Not [ -w ], which is always true for root in BusyBox; nor with a file, which may be a link that somebody else put there.
writable() { mkdir "$1/.rosock-probe.$$" 2>/dev/null && rmdir "$1/.rosock-probe.$$"; }

# The kind of file system that a folder is in; of an overlay, of what is written to.
filesystem() {
  awk -v path="$1/" '
    { mount = $2 == "/" ? "/" : $2 "/" }
    index(path, mount) == 1 && length(mount) >= length(best) { best = mount; type = $3; options = $4 }
    END { print type, match(options, /upperdir=[^,]*/) ? substr(options, RSTART + 9, RLENGTH - 9) : "" }
  ' /proc/mounts | {
    read -r type upper
    if [ -n "$upper" ] && [ "$upper" != "$1" ]; then filesystem "$upper"; else echo "$type"; fi
  }
}

# Whether what is in a folder outlasts a restart.
lasting() {
  case "$(filesystem "$(cd "$1" && pwd -P)")" in
    tmpfs | ramfs | rootfs) return 1 ;;
  esac
}

# The userland's, not the kernel's: many boxes have a 64-bit kernel below 32-bit programs.
shell=/bin/busybox
[ -e "$shell" ] || shell=/bin/sh
case "$(byte "$shell" 4)/$(byte "$shell" 18)" in
  1/40) arch=arm ;;
  2/183) arch=arm64 ;;
  2/62) arch=x64 ;;
  *) arch="unknown ($(uname -m))" ;;
esac
say arch "$arch"
say kernel "$(uname -sr)"
say features "$(sed -n 's/^Features[[:space:]]*: //p' /proc/cpuinfo | head -n 1)"

loader=
for each in /lib/ld-linux-armhf.so.3 /lib/ld-linux-aarch64.so.1 /lib64/ld-linux-x86-64.so.2 /lib/ld-linux.so.3 /lib/ld-musl-*; do
  [ -e "$each" ] && { loader=$each; break; }
done
case "$loader" in
  "") libc=none ;;
  *musl*) libc=musl ;;
  */ld-linux.so.3) libc="glibc soft-float" ;;
  *) libc=glibc ;;
esac
say libc "$libc"
for each in /lib/libc.so.6 /lib/*/libc.so.6 /lib64/libc.so.6 /usr/lib/*/libc.so.6; do
  [ -e "$each" ] || continue
  version=$("$loader" "$each" 2>/dev/null | sed -n '1s/.*version \([0-9.]*[0-9]\).*/\1/p')
  [ -n "$version" ] && { say glibc "$version"; break; }
done

# Kernels before 3.14 do not say what is available.
awk '
  /^MemTotal:/ { total = $2 }
  /^MemAvailable:/ { available = $2 }
  /^(MemFree|Buffers|Cached):/ { free += $2 }
  END { print "total=" total; print "memory=" (available == "" ? free : available) }
' /proc/meminfo

# A folder that can be written and outlasts a restart: the root file system often is neither.
base=$1
if [ -z "$base" ]; then
  for each in /opt /data /usr/local; do
    [ -d "$each" ] && writable "$each" && lasting "$each" && { base=$each/rosock; break; }
  done
fi
say base "$base"
if [ -n "$base" ]; then
  parent=$base
  while [ ! -d "$parent" ] && [ -n "$parent" ]; do parent=${parent%/*}; done
  parent=${parent:-/}
  say space "$(df -k "$parent" 2>/dev/null | awk 'END { print $(NF - 2) }')"
  writable "$parent" && say writable yes
  lasting "$parent" && say lasting yes
fi

if [ -d /run/systemd/system ]; then init=systemd
elif [ -x /sbin/procd ]; then init=procd
else init=busybox
fi
say init "$init"
case "$init" in
  systemd) folders=/etc/systemd/system ;;
  procd) folders=/etc/init.d ;;
  *) folders="/data/init.d /opt/etc/init.d /etc/init.d" ;;
esac
for each in $folders; do
  [ -d "$each" ] && writable "$each" && lasting "$each" && { say initd "$each"; break; }
done

# What others may have put there is not run.
sent=
(must_own "$base") 2>/dev/null && sent=$base/.node
for each in $(command -v node) /opt/node/bin/node /data/node/bin/node /usr/local/bin/node "$sent"/*/bin/node; do
  version=$("$each" --version 2>/dev/null) && say node "${version#v} $each"
done

for each in ${2:-rosock nobody}; do
  grep -q "^$each:" /etc/passwd && { say user "$each"; break; }
done
for each in awk cut dd env grep gzip mkfifo od readlink sed setsid sha256sum su tail tar wc; do
  command -v "$each" >/dev/null || say missing "$each"
done
[ "$(id -u)" = 0 ] && say root yes
say end yes
