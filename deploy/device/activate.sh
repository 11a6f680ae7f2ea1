# Switches to a release, restarts the service, and checks its health: keeps it, or goes back to the one before. Says in the file
# `result` how it ended: the release, and good, rolled-back or failed. It runs on its own, so it comes to its end also when the connection is cut.
# Arguments: the application's folder, the release, who hands the lock over.
set -u
dir=$1 version=$2
cd "$dir" || exit 1
. "releases/$version/device/lib.sh"
. "releases/$version/release.env"
lock "${3-}"
trap unlock EXIT
rm -f result

service() { sh "$dir/current/device/service.sh" "$@" "$dir"; }

# Gives the program its folder, and what is in it when it was another user's: once that one's program has ended, which may do
# anything with it.
hand_over() {
  owner=$(id -u "$RUN_AS") && mkdir -p data && chmod o-rwx,g-w data || return
  # shellcheck disable=SC2012 # A find may be missing, or not know the owner.
  [ "$(ls -ldn data | awk '{ print $3 }')" != "$owner" ] || return 0
  [ ! -e current ] || sh "releases/$version/device/service.sh" stop "$dir"
  "$NODE" "releases/$version/device/hand-over.js" data "$owner"
}

switch() {
  . "releases/$1/release.env"
  hand_over && point "$1" && service install && service restart
}

healthy() { sh "$dir/current/device/health.sh" "$dir"; }

# The last three that were good stay.
keep() {
  { good_releases | grep -vxF "$version"; echo "$version"; } | tail -n 3 >good.new && replace good || return
  for each in releases/*; do
    grep -qxF "${each#releases/}" good || rm -rf "$each"
  done
  remove_unused_nodes
}

# Writes nothing, for the disk may be full: what is not there any more is not good.
forget() {
  mv "releases/$version" "releases/.part-$version" && sync
  rm -rf "releases/.part-$version"
  remove_unused_nodes
}

end() {
  echo "$version $1" >result.new
  replace result
  exit
}

previous=$(good_releases | grep -vxF "$version" | tail -n 1)
echo "switching to $version"
switch "$version" && healthy && keep && end good

echo "$version is not healthy; the last it said:"
service log 10
if [ -z "$previous" ]; then
  service remove
  rm -f current
  forget
  end failed
fi
echo "going back to $previous"
if ! switch "$previous"; then
  echo "$previous could not be started"
  end failed
fi
forget
healthy || echo "$previous is not healthy either"
end rolled-back
