#!/bin/sh
# fuzz.sh LOWLAND PROGRAM FIRST LAST: runs the call fuzzer for a range of seeds, one lane a processor, each in a folder
# and a prefix of its own. The program may crash; Lowland must neither fail (120-127), hang (124) nor die (128 and more).
set -u
lowland=$1 program=$2 first=$3 last=$4 lanes=$(nproc) lane=0
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
: >"$folder/in"
: >"$folder/failures"

# run_lane N: every seed whose turn it is.
run_lane() {
    mkdir "$folder/$1" && cd "$folder/$1" || { echo "lane $1: no folder" >>"$folder/failures"; return; }
    for seed in $(seq $((first + $1)) "$lanes" "$last"); do
        LOWLAND_PREFIX=$PWD/prefix timeout 60 "$lowland" "$program" "$seed" <../in >out 2>err
        status=$?
        [ $status -lt 120 ] && continue
        printf 'seed %s: status %s: %s\n' "$seed" $status "$(grep -a '^lowland:' err | tail -n 1)" >>../failures
    done
}

while [ $lane -lt "$lanes" ]; do
    run_lane $lane &
    lane=$((lane + 1))
done
wait
cat "$folder/failures"
printf 'call fuzzer: seeds %s to %s, %s failed\n' "$first" "$last" "$(wc -l <"$folder/failures")"
[ ! -s "$folder/failures" ]
