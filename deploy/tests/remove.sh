# Ends tests that run, and removes them. Argument: their folder. device.js puts lib.sh before it.
dir=$1
if running=$(process "$(cat "$dir/process" 2>/dev/null)"); then
  kill "$running"
  for _ in 1 2 3 4 5; do
    lives "$(cat "$dir/process" 2>/dev/null)" || break
    sleep 1
  done
fi
rm -rf "$dir"
rmdir "${dir%/*}" 2>/dev/null
