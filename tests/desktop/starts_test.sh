# The desktop program opens its window and stays up: it is still running when its time is over.
status=0
timeout 5 "$1" || status=$?
if [ "$status" -ne 124 ]; then
  echo "netsplit-desktop ended by itself with status $status" >&2
  exit 1
fi
