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

switch() { point "$1" && service install && service restart; }

healthy() { sh "$dir/current/device/health.sh" "$dir"; }

# The last three that were good stay.
keep() {
  { grep -vxF "$version" good; echo "$version"; } 2>/dev/null | tail -n 3 >good.new && replace good || return
  for each in releases/*; do
    grep -qxF "${each#releases/}" good || rm -rf "$each"
  done
  remove_unused_nodes
}

forget() {
  grep -vxF "$version" good >good.new 2>/dev/null
  replace good
  rm -rf "releases/$version"
  remove_unused_nodes
}

end() {
  echo "$version $1" >result.new
  replace result
  exit
}

previous=$(grep -vxF "$version" good 2>/dev/null | tail -n 1)
mkdir -p data && chown -hR "$RUN_AS" data 2>/dev/null
echo "switching to $version"
switch "$version" && healthy && keep && end good

echo "$version is not healthy; the last it said:"
service log 10
if [ -z "$previous" ] || [ ! -d "releases/$previous" ]; then
  service remove
  rm -f current
  forget
  end failed
fi
echo "going back to $previous"
switch "$previous" || end failed
forget
healthy || echo "$previous is not healthy either"
end rolled-back
