#!/bin/sh
# Builds lua.exe from Debian's source of Lua with the 32-bit cross compiler, once, and prints its path.
# Ends with 77 and one line when the source cannot be had.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tarball=$("$here/fetch.sh" lua.tar.gz) || { status=$?; echo "$tarball"; exit $status; }
program=$(dirname "$tarball")/lua.exe
if [ ! "$program" -nt "$tarball" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    tar xzf "$tarball" -C "$work" --strip-components=1 && cd "$work/src" && rm -f luac.c &&
        i686-w64-mingw32-gcc -std=gnu99 -O2 -D__USE_MINGW_ANSI_STDIO=0 -static-libgcc -s -o lua.exe ./*.c &&
        cp lua.exe "$program.part$$" && mv "$program.part$$" "$program" || { echo 'lua.exe does not build'; exit 1; }
fi
echo "$program"
