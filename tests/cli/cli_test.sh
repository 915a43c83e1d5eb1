# The program as its user meets it: exit statuses, what goes to which stream, and one sentence for
# whatever is wrong.   cli_test.sh PROGRAM
netsplit=$1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset NO_COLOR
failures=0

fail() {
  echo "FAILED: $1"
  sed 's/^/    out: /' "$work/out" | head -15
  sed 's/^/    err: /' "$work/err" | head -15
  failures=$((failures + 1))
}

# expect STATUS arguments…: runs the program and keeps what it printed.
expect() {
  local wanted=$1 status
  shift
  "$netsplit" "$@" >"$work/out" 2>"$work/err" </dev/null
  status=$?
  [ "$status" = "$wanted" ] || fail "netsplit $* ended with $status, expected $wanted"
}
prints() { grep -qF -e "$1" "$work/out" || fail "expected to print: $1"; }
prints_no() { ! grep -qF -e "$1" "$work/out" || fail "expected not to print: $1"; }

# refuses 'sentence' arguments…: status 2, nothing but that one line on standard error.
refuses() {
  local sentence="netsplit: $1"
  shift
  expect 2 "$@"
  [ "$(cat "$work/err")" = "$sentence" ] || fail "netsplit $*: expected: $sentence"
  [ ! -s "$work/out" ] || fail "netsplit $*: expected nothing on standard output"
}

cat >"$work/lock.json" <<'JSON'
{"protocol": "lease_lock", "parameters": {"lease": "5s"},
 "nodes": [{"name": "alice", "role": "client"}, {"name": "bob", "role": "client"},
           {"name": "lock", "role": "lock_service"}, {"name": "storage", "role": "storage"}],
 "seed": 7, "until": "20s",
 "script": [{"at": "100ms", "request": "lock_and_write", "node": "alice"},
            {"at": "200ms", "request": "lock_and_write", "node": "bob"},
            {"at": "500ms", "pause": "alice"}, {"at": "9s", "resume": "alice"}],
 "expect": {"no_stale_write": "violated", "one_believer": "violated"}}
JSON
lock=$work/lock.json

# Variants side by side: what a scenario names, others, and changed parameters.
expect 0 compare lock-gc-pause
prints "* no_stale_write"
prints "* writes             2                  1"
expect 0 compare lock-gc-pause lamport --set lease=2s --set fencing=token,check_lease=true --seed 9
prints "fencing=token,check_lease=true"
prints "lamport"
prints "Seed 9."
expect 0 compare lock-gc-pause --json
prints '"differs": true'
refuses "\"$lock\" names nothing to compare it with; expected a second scenario, or --set key=value" compare "$lock"
refuses '--set: there is no parameter "leese"; did you mean "lease"?' compare lock-gc-pause --set leese=2s

# Every scenario of the library ends as it expects, and tells its story.
expect 0 list
expect 0 list --ids
ids=$(cat "$work/out")
[ -n "$ids" ] || fail "the library is empty"
for id in $ids; do
  expect 0 show "$id"
  expect 0 show "$id" --json
  cp "$work/out" "$work/$id.json"
  expect 0 run "$id"
  prints "Trace  "
  hash=$(grep '^Trace  ' "$work/out")
  link=$(sed -n 's/^Link   \(#v1\..*\)/\1/p' "$work/out")
  expect 0 run "$work/$id.json" --quiet
  prints "$hash"
  expect 0 run "$link" --quiet
  prints "Link   Reproduced: all "
  expect 0 unlink "$link"
  cmp -s "$work/out" "$work/$id.json" || fail "$id: unlink prints another scenario than show --json"
done

# The whole library in one table.
expect 0 run --all
prints " scenarios, all as expected"
prints "no_stale_write, one_believer violated"
expect 0 run --all --json
prints "\"id\": \"lock-gc-pause\""
expect 2 run --all "$lock"
expect 2 run --all --seed 3

# A story, a verdict, a witness, the price.
expect 0 run "$lock"
prints "alice     is paused"
prints "no_stale_write (always): violated, as expected"
prints "Why: storage took a write by alice"
prints "First bad event: #"
prints "messages sent"
prints "← #"
if grep -q "$(printf '\033')" "$work/out"; then fail "no colours where no terminal is"; fi
expect 0 run "$lock" --quiet
prints_no "is paused"

# Every run instead of one: what is found is a file that ends as it expects, on any number of threads.
expect 0 check lock-gc-pause --repeats 1 --threads 1 --out "$work/found.json"
prints "Explored  all 40415 states, 116509 steps, depth 24"
prints "no_stale_write (always): violated, as expected"
prints "Why: storage took a write by"
prints "     11  storage receives Write ("
prints "all_answered (finally): holds within the bounds"
found=$(sed -n 's/^Link   no_stale_write: //p' "$work/out")
expect 0 run "$work/found.json"
prints "no_stale_write (always): violated, as expected"
expect 0 run "$found" --quiet
prints "Reproduced: all"
expect 0 check lock-gc-pause --repeats 1 --threads 1 --json
cp "$work/out" "$work/one.json"
expect 0 check lock-gc-pause --repeats 1 --threads 3 --json
cmp -s "$work/out" "$work/one.json" || fail "three threads find something else than one"
prints '"stop": "complete"'
prints '"states": 40415'
expect 1 check lock-fenced --repeats 1 --set fencing=off
prints "no_stale_write (always): violated, not as expected"
prints "stopped at a violation"
expect 1 check lock-fenced --repeats 1 --set fencing=off --out -
cp "$work/out" "$work/found.json"
expect 0 run "$work/found.json"
expect 0 check lamport --states 1000 --out "$work/none.json"
prints "File   none: nothing was found"
[ ! -e "$work/none.json" ] || fail "a file for nothing"
expect 0 check lock-fenced --repeats 1 --crashes 1 --states 50000
prints "stopped by the limit on states"
prints "no_stale_write (always): no violation so far"
expect 0 check lamport --states 1000
prints "vector_exact (always): not judged: the protocol's properties look at the trace of one run"
# With symmetry the same is found among fewer states; what was interrupted goes on as if it had not been.
cat >"$work/alike.json" <<'JSON'
{"protocol": "lease_lock",
 "nodes": [{"name": "alice", "role": "client"}, {"name": "bob", "role": "client"},
           {"name": "lock", "role": "lock_service"}, {"name": "storage", "role": "storage"}],
 "script": [{"at": 0, "request": "lock_and_write", "node": ["alice", "bob"]}],
 "expect": {"no_stale_write": "violated", "one_believer": "violated"}}
JSON
expect 0 check "$work/alike.json" --repeats 1 --symmetry
prints "alice and bob are interchangeable: of 2 states"
prints "     11  storage receives Write ("
prints "all_answered (finally): holds within the bounds, provided that clocks stand still"
expect 0 check lock-gc-pause --repeats 1 --json --save "$work/kept" --states 20000
prints '"stop": "states"'
expect 0 check lock-gc-pause --repeats 1 --json --save "$work/kept" --resume
cmp -s "$work/out" "$work/one.json" || fail "what went on answers otherwise than what was not interrupted"
refuses "--save $work/kept: is there already; expected a new file, or --resume to go on with it" \
  check lock-gc-pause --save "$work/kept"
refuses "--save $work/kept: this is of another check; expected the same scenario, parameters and bounds" \
  check lock-gc-pause --repeats 2 --save "$work/kept" --resume
head -c 5000 "$work/kept" >"$work/cut"
refuses "--save $work/cut: this is damaged or cut off, or the protocol has changed since; start anew" \
  check lock-gc-pause --repeats 1 --save "$work/cut" --resume
refuses "--resume: expected the file to go on with, as --save FILE" check lock-gc-pause --resume
refuses '--drops many: expected a whole number from 0 to 1000' check lock-fenced --drops many
refuses '--memory 3: expected a size such as 512MiB or 4GiB' check lock-fenced --memory 3
refuses '--time: "5" is not a duration; expected a number with a unit, such as "120ms", "1.5s", "40us", "2min" or "25h"' \
  check lock-fenced --time 5

# A recorded history: what does not fit is named, drawn, and where it stands in the file is said.
cat >"$work/history.log" <<'LOG'
INFO  jepsen.util - 0 :invoke :write 3
INFO  jepsen.util - 0 :ok :write 3
INFO  jepsen.util - 1 :invoke :cas [3 4]
INFO  jepsen.util - 1 :info :cas :timed-out
INFO  jepsen.util - 2 :invoke :read nil
INFO  jepsen.util - 2 :ok :read 4
LOG
expect 0 judge "$work/history.log"
prints "history.log: 3 operations on a cas-register"
prints "Linearizable. "
printf 'INFO x - 2 :invoke :read nil\nINFO x - 2 :ok :read 3\n' >>"$work/history.log"
expect 1 judge "$work/history.log" --picture "$work/history.svg"
prints "Not linearizable. "
prints "  line 7, process 2: read 3"
prints "     2  line 3, process 1: cas 3 to 4"
grep -q 'data-operation="3"' "$work/history.svg" || fail "judge --picture"
expect 1 judge "$work/history.log" --json
prints '"ruling": "not_linearizable"'
prints '"operation": "read 3"'
"$netsplit" judge - <"$work/history.log" >"$work/out" 2>"$work/err"
[ $? = 1 ] || fail "a history from standard input"
prints "standard input: 4 operations"
head -c 64 "$work/history.log" >"$work/cut.log"
refuses "$work/cut.log:2: the line ends early; expected process, type, function and value" \
  judge "$work/cut.log"
refuses "$work/history.log:1: \"write\" is nothing that a queue can do" \
  judge "$work/history.log" --model queue
refuses "--model qeue: there is no such model; did you mean \"queue\"?" judge "$lock" --model qeue
# Fifteen exchanges that may have happened, and a read that none of them explains: a limit stops it.
{
  for i in $(seq 0 14); do echo "x - $((i + 10)) :invoke :cas [$((i % 4)) $(((i * 7 + 1) % 4))]"; done
  printf 'x - 0 :invoke :write 0\nx - 0 :ok :write 0\nx - 0 :invoke :read nil\nx - 0 :ok :read 9\n'
} >"$work/hard.log"
expect 1 judge "$work/hard.log"
prints "line 18, process 0: read 9"
expect 1 judge "$work/hard.log" --states 3
prints "Unknown: --states or --memory stopped the search before there was an answer"
# The clients of a run record one too.
expect 0 judge lock-gc-pause
prints "2 operations on a register"
expect 0 judge "$lock"
refuses "lamport: no client has invoked an operation in this run" judge lamport

# A verdict that is not as expected is status 1, not an error.
expect 1 run "$lock" --set fencing=token
prints "no_stale_write (always): holds, but expected: violated"
[ ! -s "$work/err" ] || fail "an unexpected verdict is no error"
sed 's/"expect".*/"stagings": []}/' "$lock" >"$work/silent.json"
expect 1 run "$work/silent.json"
prints "which was not expected"
expect 0 run "$work/silent.json" --until 400ms

# Options change the run; the same options give the same run.
expect 0 run "$lock" --seed 8 --quiet
prints "seed 8"
expect 0 run "$lock" --json
prints '"as_expected": true'
prints '"trace_hash": "'
echo '[]' >"$work/empty.json"
expect 1 run "$lock" --script "$work/empty.json"
"$netsplit" run - --quiet <"$lock" >"$work/out" 2>"$work/err" || fail "a scenario from standard input"
"$netsplit" run "$lock" --script - --quiet <"$work/empty.json" >"$work/out" 2>"$work/err"
[ $? = 1 ] || fail "a script from standard input"

# The trace: one event a line, as many as the report counts.
expect 0 run "$lock" --trace "$work/trace.jsonl" --json
lines=$(wc -l <"$work/trace.jsonl")
prints "\"events\": $lines,"
grep -q '^{"event":0,"step":1,"at_us":0,"kind":"start","node":"alice",' "$work/trace.jsonl" ||
  fail "the first line of the trace"
expect 0 run "$lock" --trace -
[ "$(wc -l <"$work/out")" = "$lines" ] || fail "--trace - prints the trace alone"

# Links.
expect 0 link "$lock" --page https://example.org/netsplit/
link=$(cat "$work/out")
case $link in https://example.org/netsplit/#v1.*) ;; *) fail "link --page: $link" ;; esac
expect 0 run "$link" --quiet
prints "Reproduced"
expect 0 run "$link" --json
prints '"reproduced": true'
prints '"comparison": "Reproduced: all '
# lock-gc-pause, of which the link says one step, one event and a hash of zeros.
expect 1 run "#v1.76LZ28NhHlSRARoAN3LA-oBJEVhmgfO6IahRWARKqEqOjkq1AA" --quiet
prints "Link   Differs at event #0: this run is not the one the link was made from."
expect 1 run "#v1.76LZ28NhHlSRARoAN3LA-oBJEVhmgfO6IahRWARKqEqOjkq1AA" --json
prints '"reproduced": false'
expect 0 link "$lock" --no-run
[ "$(wc -c <"$work/out")" -lt "${#link}" ] || fail "a link without a hash is shorter"
# Cut where whole bytes end: anywhere else the last character may also be one that was never made.
payload=${link#*#v1.}
refuses "the link is cut off: its end is missing; copy all of it" \
  unlink "#v1.${payload:0:$(((${#payload} - 4) / 4 * 4))}"
refuses "the link is damaged: its checksum does not fit; ask for it again" unlink "${link/v1.??/v1.AA}"
refuses "the link was made by a later version of Netsplit: it is version 2, and this program reads up to 1" \
  run "#v2.abc"
refuses "this is no link of Netsplit; one begins with \"#v1.\"" unlink hello

# One sentence for whatever is wrong.
refuses "a command is missing; expected one of \"list\", \"show\", \"run\", \"compare\", \"check\", \"judge\", \"sweep\", \"merge\", \"shrink\", \"draw\", \"link\", \"unlink\", …, or --help"
refuses "there is no command \"lst\"; did you mean \"list\"?" lst
refuses "the program has no option \"--verion\"; did you mean \"--version\"?" --verion
refuses "\"netsplit run\" has no option \"--sead\"; did you mean \"--seed\"?" run "$lock" --sead 3
refuses "\"netsplit list\" does not take \"x\"; \"netsplit list --help\" shows what it takes" list x
refuses "\"netsplit run\" needs a scenario (its id, a file or a link), or --all" run
refuses "there is no scenario and no file \"lock-gc-pase\"; did you mean \"lock-gc-pause\"?" run lock-gc-pase
refuses "$work: this is a folder; expected a file" run "$work"
refuses "--seed x: expected a whole number from 0 to 18446744073709551615" run "$lock" --seed x
refuses "--until 2000h: expected a duration from \"1us\" to \"1000000s\"" run "$lock" --until 2000h
refuses '--set: there is no parameter "leas"; did you mean "lease"?' run "$lock" --set leas=3s
refuses '--set: "lease": expected key=value, such as "lease=5s"' run "$lock" --set lease
refuses "$work/none.json: cannot be read: No such file or directory" run "$lock" --script "$work/none.json"
refuses "--trace $work/none/t: cannot be written: No such file or directory" run "$lock" --trace "$work/none/t"
refuses "there is no completion for \"csh\"; expected one of \"bash\", \"zsh\", \"fish\"" completion csh
sed 's/"seed"/"sed"/' "$lock" >"$work/bad.json"
refuses "$work/bad.json: there is no key \"sed\"; did you mean \"seed\"?" run "$work/bad.json"
sed 's/one_believer/one_beliver/' "$lock" >"$work/bad.json"
refuses "expect: there is no property \"one_beliver\"; did you mean \"one_believer\"?" run "$work/bad.json"
head -c 1000 /dev/urandom >"$work/noise"
expect 2 run "$work/noise"
expect 0 --help
expect 0 --version
expect 0 run --help

# Completion scripts are sound where their shell is at hand.
for shell in bash zsh fish; do
  expect 0 completion "$shell"
  prints "no-run"
  if command -v "$shell" >/dev/null; then
    "$shell" -n "$work/out" 2>"$work/err" || fail "the completion script for $shell"
  fi
done

[ "$failures" = 0 ] && echo "all as expected"
exit "$((failures > 0))"
