# Prints what activate.sh says of a release until it ends, and ends with 0 when it kept the release, 2 when it went back, 3 when
# there was nothing to go back to, 4 when it did not come to its end. Arguments: the application's folder, the release, how many
# lines are known. device.js puts lib.sh before it.
dir=$1 version=$2 known=$3
cd "$dir" 2>/dev/null || exit 4
while :; do
  lives "$(holder)"
  over=$?
  # Until the release has arrived, it is the log of another.
  if [ "$(sed -n 1p activation.log 2>/dev/null)" = "switching to $version" ]; then
    lines=$(wc -l <activation.log)
    [ "$lines" -le "$known" ] || sed -n "$((known + 1)),${lines}p" activation.log
    known=$lines
  fi
  case "$over $(cat result 2>/dev/null)" in
    "0 "*) sleep 1 ;;
    *" $version good") exit 0 ;;
    *" $version rolled-back") exit 2 ;;
    *" $version failed") exit 3 ;;
    *) exit 4 ;;
  esac
done
