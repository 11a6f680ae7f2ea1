# Begins to switch to a release that is there already. Arguments: the application's folder, the release. device.js puts lib.sh
# before it.
set -u
dir=$1 version=$2
[ -d "$dir/releases/$version" ] || { echo "$version is not there" >&2; exit 1; }
lock
trap unlock EXIT
activate "$version"
