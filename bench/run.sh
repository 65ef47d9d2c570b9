#!/bin/bash
# Prints the table of figures: ours, and the peer's where PEER names a command that runs a 32-bit program.
#   run.sh BUILD_DIR       PEER='command' PEER_SCALE=n (divides the peer's counts, default 20)
set -euo pipefail
build=$1
peer=${PEER:-}
scratch=$build/bench/scratch
mkdir -p "$scratch"
cd "$scratch"
export LOWLAND_PREFIX=$build/bench/prefix

# Milliseconds from start to exit of an empty program: the median of n.
start_time() {
    local n=$1 i a b
    shift
    for ((i = 0; i < n; i++)); do
        a=$(date +%s%N)
        "$@" >/dev/null 2>&1 </dev/null
        b=$(date +%s%N)
        echo $((b - a))
    done | sort -n | sed -n "$(((n + 1) / 2))p"
}

# KiB that the process of an empty program has to itself while main waits.
private_memory() {
    local pid
    exec 3> >(exec "$build/lowland" "$build/bench/empty.exe" wait)
    pid=$!
    sleep 0.5
    awk '/^Private_(Clean|Dirty)/ {sum += $2} END {print sum}' "/proc/$pid/smaps"
    exec 3>&-
    wait "$pid"
}

# The figures with NAME of a command that runs on a pseudo-terminal and writes much else to it.
on_terminal() {
    local name=$1
    shift
    script -qefc "$*" /dev/null </dev/null | tr -d '\r' | grep -aoE "$name[^.]*"$'\t''[0-9.]+' || true
}

# What needs a host that runs 32-bit code.
guest_figures() {
    "$build/lowland" "$build/bench/bench.exe"
    on_terminal 'WriteConsole' "$build/lowland" "$build/bench/bench.exe" 1 WriteConsole
    rm -rf "$LOWLAND_PREFIX"
    printf 'very first start\t%s\n' "$(start_time 1 "$build/lowland" "$build/bench/empty.exe")"
    printf 'prefix on disk, KiB\t%s\n' "$(du -sk "$LOWLAND_PREFIX" | cut -f1)"
    printf 'start to exit\t%s\n' "$(start_time 51 "$build/lowland" "$build/bench/empty.exe")"
    printf 'private memory, KiB\t%s\n' "$(private_memory)"
}

{
    "$build/bench/raw_switch"
    on_terminal 'raw write 60' "$build/bench/raw_switch"
    if [ -e "$build/bench/host_side" ]; then
        "$build/bench/host_side"
        on_terminal '64-bit side, WriteConsole' "$build/bench/host_side"
    fi
    ! "$build/lowland" "$build/bench/empty.exe" || guest_figures
} >ours.txt
: >peer.txt
if [ -n "$peer" ]; then
    cp "$build"/bench/*.exe .
    $peer "$scratch/empty.exe" || true
    { $peer "$scratch/bench.exe" "${PEER_SCALE:-20}" | tr -d '\r'
      printf 'start to exit\t%s\n' "$(start_time 9 $peer "$scratch/empty.exe")"; } >peer.txt
fi
printf '%-34s %14s %14s %8s\n' 'ns, or as it says' lowland peer ratio
while IFS=$'\t' read -r name ours; do
    theirs=$(awk -F'\t' -v n="$name" '$1 == n {print $2}' peer.txt)
    awk -v n="$name" -v a="$ours" -v b="$theirs" \
        'BEGIN {printf "%-34s %14.1f %14s %8s\n", n, a, b == "" ? "-" : b, b == "" || a == 0 ? "-" : sprintf("%.1f", b / a)}'
done <ours.txt
