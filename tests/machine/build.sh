#!/bin/bash
# Makes the emulated machine's kernel and initial file system in FOLDER, once: Debian's own kernel and busybox.
#   build.sh FOLDER
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$1"
cd "$1"
if [ -e initrd.gz ] && [ initrd.gz -nt "$here/init" ]; then exit 0; fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
if [ ! -e linux.deb ]; then
    package=$(apt-cache depends linux-image-amd64 | sed -n 's/^ *Depends: *//p' | head -n 1)
    (cd "$work" && apt-get download "$package" >/dev/null 2>&1) || { echo "cannot fetch Debian's kernel ($package)" >&2; exit 1; }
    mv "$work"/*.deb linux.deb
fi
dpkg -x linux.deb "$work/kernel"
version=$(ls "$work/kernel/lib/modules")
depmod -b "$work/kernel" "$version"

root=$work/root
mkdir -p "$root"/{bin,lib,dev,proc,sys,lower,disk,root}
cp /bin/busybox "$root/bin/"
cp "$here/init" "$root/init"
chmod +x "$root/init"
for module in virtio_pci virtio_blk virtio_console 9pnet_virtio 9p ext4 overlay; do
    modprobe -d "$work/kernel" -S "$version" --show-depends "$module" | awk '$1 == "insmod" {print $2}'
done | awk '!seen[$0]++' | while read -r file; do
    cp "$file" "$root/lib/"
    basename "$file" >>"$root/lib/order"
done
cp "$work/kernel/boot/vmlinuz-$version" vmlinuz
(cd "$root" && find . | cpio -o -H newc --quiet | gzip -1) >"$work/initrd.gz"
mv "$work/initrd.gz" initrd.gz
