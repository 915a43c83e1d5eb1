# sweep, merge and shrink as their user meets them: on threads, in shards, killed and resumed, under
# GNU parallel, and as batch engines start them.   sweep_test.sh PROGRAM
netsplit=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset JOB_COMPLETION_INDEX JOB_COMPLETIONS SLURM_ARRAY_TASK_ID SLURM_ARRAY_TASK_COUNT \
  SLURM_ARRAY_TASK_MIN SLURM_ARRAY_TASK_STEP
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
# refuses 'sentence' arguments…: status 2, nothing but that one line on standard error.
refuses() {
  local sentence="netsplit: $1"
  shift
  expect 2 "$@"
  [ "$(cat "$work/err")" = "$sentence" ] || fail "netsplit $*: expected: $sentence"
  [ ! -s "$work/out" ] || fail "netsplit $*: expected nothing on standard output"
}
same() { cmp -s "$1" "$2" || fail "$3"; }

unfenced=(sweep lock-fenced --set fencing=off --count 3000)

# What holds is status 0, what is violated is status 1, with a command and a link that show it.
expect 0 sweep lock-fenced --count 1000
prints "Judged  no_stale_write, all_answered"
prints "1000 seeds, "
prints "none fails"
expect 1 "${unfenced[@]}"
prints "no_stale_write is violated at "
link=$(sed -n "s/^ *netsplit run '\(.*\)'/\1/p" "$work/out" | head -1)
again=$(sed -n 's/^ *netsplit \(sweep .* --seeds .*\)/\1/p' "$work/out" | head -1)
expect 0 run "$link" --quiet
prints "no_stale_write (always): violated, as expected"
prints "Link   Reproduced: all "
# shellcheck disable=SC2086
expect 1 $again
prints "1 seed, "
grep -qF "$link" "$work/out" || fail "the same seed has the same link"
expect 1 "${unfenced[@]}" --json
prints '"first_failing": ['
prints '"trace_hash": "'
expect 0 "${unfenced[@]}" --property all_answered
prints "no_stale_write: violated in "
expect 0 sweep lock-fenced --set fencing=off --count 300 --faults duplicate,clock_step --property all_answered
prints "Faults  clock_step, duplicate"

# The answer does not depend on threads, and --out - is the file.
expect 1 "${unfenced[@]}" --threads 1 --out "$work/whole"
expect 1 "${unfenced[@]}" --threads 3 --out "$work/three"
same "$work/whole" "$work/three" "three threads write what one writes"
expect 1 "${unfenced[@]}" --out -
same "$work/whole" "$work/out" "--out - prints the file alone"

# Shards, in any order, are the whole.
for i in 3 1 2; do expect 1 "${unfenced[@]}" --shard $i/3 --out "$work/shard-$i"; done
expect 1 merge "$work"/shard-{2,3,1} "$work/shard-2"
same "$work/whole" "$work/out" "three shards merge into the whole"
expect 1 merge "$work"/shard-{1,2,3} --out "$work/merged"
prints "3000 seeds, "
same "$work/whole" "$work/merged" "merge --out writes the whole"
refuses "no file has the seeds 101..200, 401..500, 701..800, 1001..1100, 1301..1400 and 5 more; expected all of 1..3000" \
  merge "$work/shard-1" "$work/shard-3"
sed '$s/"steps":/"steps":1/' "$work/shard-2" >"$work/liar"
refuses "$work/liar: says something else of the seeds 2801..2900 than $work/shard-2; expected the same: was one made by another version?" \
  merge "$work"/shard-{1,2,3} "$work/liar"

# As batch engines start it.
for i in 0 1 2; do
  JOB_COMPLETION_INDEX=$i JOB_COMPLETIONS=3 "$netsplit" "${unfenced[@]}" --out "$work/k$i" >/dev/null
  same "$work/shard-$((i + 1))" "$work/k$i" "an Indexed Job's part $i"
  SLURM_ARRAY_TASK_ID=$((10 + 5 * i)) SLURM_ARRAY_TASK_MIN=10 SLURM_ARRAY_TASK_STEP=5 \
    SLURM_ARRAY_TASK_COUNT=3 "$netsplit" "${unfenced[@]}" --out "$work/s$i" >/dev/null
  same "$work/shard-$((i + 1))" "$work/s$i" "a Slurm array's part $i"
done
JOB_COMPLETION_INDEX=1 JOB_COMPLETIONS=3 "$netsplit" "${unfenced[@]}" --shard 1/1 --out "$work/k" >/dev/null
same "$work/whole" "$work/k" "--shard comes before the environment"
JOB_COMPLETION_INDEX=1 refuses \
  "JOB_COMPLETION_INDEX is set but JOB_COMPLETIONS is not; expected both, or --shard i/n" "${unfenced[@]}"
JOB_COMPLETION_INDEX=3 JOB_COMPLETIONS=3 refuses \
  "JOB_COMPLETION_INDEX 3: expected a whole number from 0 to 2" "${unfenced[@]}"
SLURM_ARRAY_TASK_ID=9 SLURM_ARRAY_TASK_MIN=1 SLURM_ARRAY_TASK_COUNT=3 refuses \
  "SLURM_ARRAY_TASK_ID 9: is not in an array of 3 from 1 on; expected a list without gaps, or --shard i/n" \
  "${unfenced[@]}"

# Cut off anywhere, and resumed: nothing is lost, nothing is done twice.
for bytes in 0 10 5000 5001 70000; do
  head -c "$bytes" "$work/whole" >"$work/cut"
  expect 1 "${unfenced[@]}" --out "$work/cut" --resume
  prints "3000 seeds, "
  same "$work/whole" "$work/cut" "resumed after $bytes bytes"
done
long=(sweep lock-fenced --set fencing=off --count 60000)
"$netsplit" "${long[@]}" --out "$work/killed" >/dev/null 2>&1 &
process=$!
until grep -q '"block":40,' "$work/killed" 2>/dev/null; do
  kill -0 "$process" 2>/dev/null || break
done
kill -KILL "$process" 2>/dev/null
wait "$process" 2>/dev/null
expect 1 "${long[@]}" --out "$work/killed" --resume
expect 1 "${long[@]}" --out "$work/long"
same "$work/long" "$work/killed" "killed and resumed"
refuses "--out $work/whole: is there already; expected a new file, or --resume to go on with it" \
  "${unfenced[@]}" --out "$work/whole"
refuses "$work/shard-1: is of another sweep or shard; expected the same options" \
  "${unfenced[@]}" --out "$work/shard-1" --resume

# Two shards through GNU parallel, as docs/searching.md shows it.
if parallel --version 2>/dev/null | grep -q "GNU parallel"; then
  (cd "$work" && parallel --will-cite -j 2 \
    "'$netsplit' ${unfenced[*]} --shard {}/2 --threads 1 --resume --out part-{}.jsonl || [ \$? = 1 ]" \
    ::: 1 2) >"$work/out" 2>"$work/err" || fail "GNU parallel"
  expect 1 merge "$work"/part-{1,2}.jsonl
  same "$work/whole" "$work/out" "two shards through GNU parallel"
else
  echo "GNU parallel was not found: its part is left out"
fi
# The Slurm script, with the machine's part played by this one.
mkdir "$work/slurm"
(cd "$work/slurm" && for i in 1 2; do
  PATH="$(dirname "$netsplit"):$PATH" SLURM_ARRAY_TASK_ID=$i SLURM_ARRAY_TASK_MIN=1 \
    SLURM_ARRAY_TASK_COUNT=2 SLURM_CPUS_PER_TASK=1 SCENARIO=lock-fenced SEEDS=1..3000 \
    OPTIONS="--set fencing=off" bash "$OLDPWD/packaging/batch/netsplit-sweep.sbatch"
done) >"$work/out" 2>"$work/err" || fail "the Slurm script"
expect 1 merge "$work"/slurm/sweep-*.jsonl
same "$work/whole" "$work/out" "two tasks of the Slurm script"

# Shrinking.
expect 0 shrink "$link" --out "$work/small.json"
prints "no_stale_write is still violated, after "
prints "now"
small=$(sed -n 's/^Link   \(#v1\..*\)/\1/p' "$work/out")
expect 0 run "$work/small.json" --quiet
prints "no_stale_write (always): violated, as expected"
hash=$(grep '^Trace  ' "$work/out")
expect 0 run "$small" --quiet
prints "$hash"
prints "Link   Reproduced: all "
[ "$(grep -c '"at"' "$work/small.json")" -le 6 ] || fail "the smallest run has a few inputs"
expect 0 shrink "$work/small.json" --json
prints '"finished": true'
refuses '"all_answered" is not violated in this run; expected one where it is' \
  shrink lock-gc-pause --property all_answered
refuses "no property is violated in this run; expected one that is" shrink vector

# One sentence for whatever is wrong.
refuses "--seeds 5: expected first..last, such as 1..100000, the first no larger" sweep lock-fenced --seeds 5
refuses "--seeds 5..4: expected first..last, such as 1..100000, the first no larger" \
  sweep lock-fenced --seeds 5..4
refuses "--count 0: expected a whole number from 1 to 18446744073709551615" sweep lock-fenced --count 0
refuses "--seeds and --count: expected one of the two" sweep lock-fenced --seeds 1..2 --count 3
refuses "--shard 0/2: expected i/n, from 1/n to n/n" sweep lock-fenced --shard 0/2
refuses "--shard 2: expected i/n, from 1/n to n/n" sweep lock-fenced --shard 2
refuses "--threads 0: expected a whole number from 1 to 256" sweep lock-fenced --threads 0
refuses "--faults: there is no kind of fault \"crahs\"; did you mean \"crash\"?" sweep lock-fenced --faults crahs
refuses "there is no property \"no_stale_writ\"; did you mean \"no_stale_write\"?" \
  sweep lock-fenced --property no_stale_writ
refuses "--resume: expected the file to go on with, as --out FILE" sweep lock-fenced --resume
refuses "--out $work/none/f: cannot be written: No such file or directory" sweep lock-fenced --out "$work/none/f"
refuses "$work/none: cannot be read: No such file or directory" merge "$work/none"
refuses "$work: this is a folder; expected a file" merge "$work"
for command in sweep merge shrink; do
  expect 0 $command --help
  prints "--out"
done

[ "$failures" = 0 ] && echo "all as expected"
exit "$((failures > 0))"
