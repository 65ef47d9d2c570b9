#!/bin/sh
# Builds sqlite3.exe (the shell) from Debian's source of SQLite with the 32-bit cross compiler, once, and prints its path.
# Ends with 77 and one line when the source or tclsh, which joins its files into one, cannot be had.
set -u
here=$(cd "$(dirname "$0")" && pwd)
tarball=$("$here/fetch.sh" sqlite.tar.xz) || { status=$?; echo "$tarball"; exit $status; }
program=$(dirname "$tarball")/sqlite3.exe
if [ ! "$program" -nt "$tarball" ]; then
    command -v tclsh >/dev/null || { echo 'tclsh is missing'; exit 77; }
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    mkdir "$work/source" "$work/build"
    tar xJf "$tarball" -C "$work/source" --strip-components=1 && cd "$work/build" &&
        { ../source/configure --disable-tcl --disable-readline && make sqlite3.c shell.c; } >/dev/null 2>&1 &&
        i686-w64-mingw32-gcc -O2 -DSQLITE_THREADSAFE=1 -static-libgcc -s -o sqlite3.exe shell.c sqlite3.c &&
        cp sqlite3.exe "$program.part$$" && mv "$program.part$$" "$program" || { echo 'sqlite3.exe does not build'; exit 1; }
fi
echo "$program"
