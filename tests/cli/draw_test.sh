# `netsplit draw`: pictures of a run without a window.   draw_test.sh PROGRAM
netsplit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failures=0
fail() {
  echo "FAILED: $1"
  failures=$((failures + 1))
}
refuses() {
  local sentence="netsplit: $1"
  shift
  "$netsplit" "$@" >"$work/out" 2>"$work/err" </dev/null
  [ $? = 2 ] || fail "netsplit $*: expected status 2"
  [ "$(cat "$work/err")" = "$sentence" ] || fail "netsplit $*: $(cat "$work/err")"
}

for what in network space-time both; do
  for theme in light dark; do
    "$netsplit" draw lock-gc-pause --at 7.4s --what $what --theme $theme -o "$work/a.svg" || fail "draw $what $theme"
    head -c 5 "$work/a.svg" | grep -q '<svg ' || fail "$what $theme is no SVG"
    tail -1 "$work/a.svg" | grep -q '</svg>' || fail "$what $theme does not end"
    grep -q '>storage</text>' "$work/a.svg" || fail "$what $theme: a node's name is not text"
  done
done

# The same bytes every time, and on standard output.
"$netsplit" draw lock-gc-pause --at 7.4s -o "$work/b.svg"
"$netsplit" draw lock-gc-pause --at 7.4s -o - >"$work/c.svg" || fail "draw to standard output"
cmp -s "$work/b.svg" "$work/c.svg" || fail "two drawings differ"
"$netsplit" draw lock-gc-pause --at 2s -o "$work/d.svg"
cmp -s "$work/b.svg" "$work/d.svg" && fail "another moment is the same picture"

# A link is drawn where it looked.
link=$("$netsplit" link lock-gc-pause)
"$netsplit" draw "$link" -o "$work/e.svg" || fail "draw of a link"
grep -q 't = 0 s' "$work/e.svg" || grep -q 't = 0' "$work/e.svg" || fail "a link is drawn where it looked"

# PNG: width and height stand in bytes 16 to 23.
"$netsplit" draw lock-gc-pause --at 7.4s --size 640x480 -o "$work/a.png" || fail "draw of a PNG"
size=$(od -An -tu1 -j16 -N8 "$work/a.png" | tr -s ' ')
[ "$size" = " 0 0 2 128 0 0 1 224" ] || fail "640x480 is not the PNG's size: $size"

refuses '-o picture.gif: expected a name that ends in .svg or .png, or - for SVG' draw lock-gc-pause -o picture.gif
refuses '--size 10x10: expected WIDTHxHEIGHT, from 200x150 to 4096x4096' draw lock-gc-pause --size 10x10 -o a.svg
refuses '--what "netwrk": did you mean "network"?' draw lock-gc-pause --what netwrk -o a.svg
refuses '--theme "blue": expected one of "light", "dark"' draw lock-gc-pause --theme blue -o a.svg

[ $failures = 0 ] && echo "draw: as expected"
exit $failures
