#!/bin/sh
# Runs every test that the build made and prints one closing line, "N passed, M failed, K skipped" (K: tests).
#   run.sh BUILD_DIR [long]
# Unit tests (cmocka) and guest programs count what they check; a program test is a script in tests/programs that
# prints "N passed, M failed" itself, or exits 77 to be skipped with its reason on its last line. The program tests run
# beside the others, in prefixes of their own, since the two kinds may use the same object names, and from both ends of
# their list once the others are done.
set -u
build=$1 length=${2-short}
source=$(cd "$(dirname "$0")/.." && pwd)
LOWLAND=$build/lowland LOWLAND_PREFIX= LOWLAND_TEST_LENGTH=$length SOURCE=$source BUILD=$build
export LOWLAND LOWLAND_PREFIX LOWLAND_TEST_LENGTH SOURCE BUILD
# An emulated processor takes ten times as long, and the long forms do many times the work.
patience=${LOWLAND_TEST_EMULATED:+10}
patience=${patience:-1}
[ "$length" != long ] || patience=$((patience * 12))
rm -rf "$build/tests/scratch"
mkdir -p "$build/tests/scratch"

# tally NAME STATUS LOG: adds what a test says of itself.
tally() {
    line=$(grep -aE '[0-9]+ passed, [0-9]+ failed' "$3" | tail -n 1 | tr -d '\r')
    p=$(printf '%s' "$line" | grep -oE '[0-9]+ passed' | tail -n 1 | cut -d ' ' -f 1)
    f=$(printf '%s' "$line" | grep -oE '[0-9]+ failed' | tail -n 1 | cut -d ' ' -f 1)
    if [ "$2" = 77 ]; then
        skipped=$((skipped + 1))
        printf 'skipped  %s: %s\n' "$1" "$(tail -n 1 "$3")"
    elif [ "$2" = 0 ] && [ "${f:-1}" = 0 ] && [ "${p:-0}" -gt 0 ]; then
        passed=$((passed + p))
        printf 'ok       %s (%s)\n' "$1" "$p"
    else
        passed=$((passed + ${p:-0}))
        [ "${f:-0}" -gt 0 ] || f=1
        failed=$((failed + f))
        printf 'FAILED   %s (exit status %s)\n' "$1" "$2"
        tail -n 30 "$3"
    fi
}

# run NAME SECONDS COMMAND...: one test in a scratch folder of its own.
run() {
    name=$1 limit=$2
    shift 2
    scratch=$build/tests/scratch/$(printf '%s' "$name" | tr / -)
    mkdir -p "$scratch"
    (cd "$scratch" && exec timeout -k 5 "$limit" "$@") >"$scratch.log" 2>&1 </dev/null
    tally "$name" $? "$scratch.log"
}

# cmocka counts differently: its summary becomes ours.
run_unit() {
    name=$1
    log=$build/tests/scratch/$(printf '%s' "$name" | tr / -).log
    timeout -k 5 $((120 * patience)) "$2" >"$log" 2>&1 </dev/null
    status=$?
    ok=$(sed -nE 's/^\[  PASSED  \] ([0-9]+) test.*/\1/p' "$log" | tail -n 1)
    bad=$(sed -nE 's/^\[  FAILED  \] ([0-9]+) test.*/\1/p' "$log" | tail -n 1)
    printf '%s passed, %s failed\n' "${ok:-0}" "${bad:-0}" >>"$log"
    tally "$name" $status "$log"
}

unit_and_guest_tests() {
    for test in "$build"/tests/unit/*_test; do
        [ -x "$test" ] && run_unit "unit/$(basename "$test")" "$test"
    done
    for test in "$build"/tests/guest/*/*.exe; do
        [ -e "$test" ] || continue
        folder=$(basename "$(dirname "$test")")
        run "$folder/$(basename "$test" .exe)" $((120 * patience)) "$LOWLAND" "$test"
    done
}

# program_tests [-r]: those that no other lane has taken, from the first on or from the last.
program_tests() {
    for name in $(cd "$source/tests/programs" && printf '%s\n' *.test | sort ${1+"$1"}); do
        mkdir "$build/tests/scratch/taken-$name" 2>/dev/null || continue
        run "programs/${name%.test}" $((patience * 300)) sh "$source/tests/programs/$name"
    done
}

# lane NAME COMMAND...: its tests one after another in a prefix of their own; leaves its counts in NAME.counts.
lane() {
    passed=0 failed=0 skipped=0
    lane=$1
    LOWLAND_PREFIX=$build/tests/prefix-$lane
    shift
    "$@"
    echo "$passed $failed $skipped" >"$build/tests/scratch/$lane.counts"
}

lane programs program_tests &
lane guest unit_and_guest_tests
lane last-programs program_tests -r
wait
passed=0 failed=0 skipped=0
for name in guest programs last-programs; do
    p=0 f=1 s=0 # a lane that left no counts has failed
    [ ! -e "$build/tests/scratch/$name.counts" ] || read -r p f s <"$build/tests/scratch/$name.counts"
    passed=$((passed + p)) failed=$((failed + f)) skipped=$((skipped + s))
done
printf '%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
[ "$failed" = 0 ]
