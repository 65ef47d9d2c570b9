#!/bin/bash
# Runs a command in an emulated machine and ends with its exit status: for tests on hosts whose processor (or hypervisor)
# runs no 32-bit code. The machine sees the host's files; what it writes goes to a disk of its own and is lost, except
# below folders named with --writable. No network, no standard input. Emulated code is some ten times slower.
#   run.sh [--writable FOLDER]... COMMAND [ARGUMENTS...]
# MACHINE_CPUS (default: the host's) and MACHINE_MEMORY (default: 3G) size it; the kernel is kept in MACHINE_CACHE
# (default: ~/.cache/lowland/machine). Needs Debian's qemu-system-x86, busybox-static, cpio, kmod and e2fsprogs.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
cache=${MACHINE_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lowland/machine}
mkdir -p "$cache"
(flock 9; "$here/build.sh" "$cache") 9>"$cache/lock"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/control"
: >"$scratch/control/writable"
case $PWD in /tmp/*) kept=${PWD#/tmp/} ;; *) kept= ;; esac
printf '%s\n' "${kept%%/*}" >"$scratch/control/kept"
share='local,security_model=none,multidevs=remap'
devices=()
while [ "${1:-}" = --writable ]; do
    tag=share$((${#devices[@]} / 4))
    printf '%s %s\n' "$tag" "$(realpath "$2")" >>"$scratch/control/writable"
    devices+=(-fsdev "$share,id=$tag,path=$(realpath "$2")" -device "virtio-9p-pci,fsdev=$tag,mount_tag=$tag")
    shift 2
done
[ $# -gt 0 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0"; exit 2; }

truncate -s 20G "$scratch/disk"
mkfs.ext4 -q -F -O ^has_journal -E lazy_itable_init=1 "$scratch/disk"
{
    export -p | grep -vE '^declare -x (DISPLAY|XDG_RUNTIME_DIR|TMPDIR|OLDPWD)(=|$)' | sed 's/^declare -x/export/'
    echo export LOWLAND_TEST_EMULATED=1
    printf 'cd %q || exit 99\n' "$PWD"
    printf '%q ' "$@"
    printf '\n'
} >"$scratch/command"
# The shell inside is dash, whose quoting is not bash's.
printf 'exec /bin/bash /run/control/command.bash\n' >"$scratch/control/command"
mv "$scratch/command" "$scratch/control/command.bash"

# The emulator of Debian 12 reads the stack of a user's iret as the kernel would: SMAP stays off.
qemu-system-x86_64 -accel tcg,thread=multi,tb-size=512 -cpu max,la57=off,smap=off -smp "${MACHINE_CPUS:-$(nproc)}" \
    -m "${MACHINE_MEMORY:-3G}" -nodefaults -no-user-config -display none -no-reboot -kernel "$cache/vmlinuz" -initrd "$cache/initrd.gz" \
    -append 'console=ttyS0 quiet mitigations=off tsc=reliable panic=-1 random.trust_cpu=on' -serial "file:$scratch/console" \
    -device virtio-serial -chardev stdio,id=output,signal=off -device virtconsole,chardev=output \
    -drive "file=$scratch/disk,if=none,id=disk,format=raw,cache=unsafe" -device virtio-blk-pci,drive=disk \
    -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=host,mount_tag=host \
    -fsdev "$share,id=control,path=$scratch/control" -device virtio-9p-pci,fsdev=control,mount_tag=control \
    ${devices[@]+"${devices[@]}"} </dev/null | sed -u "s,\r$,," || true
if [ ! -e "$scratch/control/status" ]; then
    echo 'the emulated machine ended early:' >&2
    tail -n 30 "$scratch/console" >&2
    exit 1
fi
exit "$(cat "$scratch/control/status")"
