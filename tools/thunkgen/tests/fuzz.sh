#!/bin/sh
# fuzz.sh LOWLAND PROGRAM FIRST LAST: runs the call fuzzer for a range of seeds, in a folder of its own. The
# program may crash; Lowland must neither fail (120-127), hang (124) nor die (128 and more).
set -u
lowland=$1 program=$2 failed=0
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2
: >in
for seed in $(seq "$3" "$4"); do
    LOWLAND_PREFIX=$folder/prefix timeout 60 "$lowland" "$program" "$seed" <in >out 2>err
    status=$?
    [ $status -lt 120 ] && continue
    failed=$((failed + 1))
    printf 'seed %s: status %s: %s\n' "$seed" $status "$(grep -a '^lowland:' err | tail -n 1)"
done
printf 'call fuzzer: seeds %s to %s, %s failed\n' "$3" "$4" $failed
[ $failed = 0 ]
