# Helpers of the program tests, which run in a scratch folder of their own: fetching, running, counting.
# A test sources this file and ends with `summary`.
programs=$SOURCE/tests/programs
passed=0 failed=0

long() { [ "$LOWLAND_TEST_LENGTH" = long ]; }
emulated() { [ -n "${LOWLAND_TEST_EMULATED-}" ]; }

pass() { passed=$((passed + 1)); }
fail() {
    failed=$((failed + 1))
    echo "FAILED: $*"
}

# Prints the counts; its status is the test's.
summary() {
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}

# need VARIABLE COMMAND...: VARIABLE becomes the path that a fetching script prints; skips the test where it cannot be had.
need() {
    need_variable=$1
    shift
    need_path=$("$@") || { need_status=$?; echo "$need_path"; exit $need_status; }
    eval "$need_variable=\$need_path"
}

# lowland ARGUMENTS...: a hanging program counts as failed, with status 124 or 137.
lowland() { timeout -k 5 "${seconds:-120}" "$LOWLAND" "$@"; }

# check WHAT COMMAND...: passes when the command succeeds.
check() {
    check_what=$1
    shift
    if "$@"; then pass; else fail "$check_what"; fi
}

# run STATUS COMMAND...: leaves the output in ./out and ./err, without carriage returns, and checks the exit status.
run() {
    run_wanted=$1
    shift
    "$@" >out.raw 2>err.raw
    run_status=$?
    tr -d '\r' <out.raw >out
    tr -d '\r' <err.raw >err
    if [ $run_status = "$run_wanted" ]; then
        pass
    else
        fail "exit status $run_status, not $run_wanted: $*"
        tail -n 5 out err
    fi
}

# golden FILE: compares ./out with the wanted output (-: standard input).
golden() {
    cat "$1" >wanted
    if cmp -s out wanted; then
        pass
    else
        fail "the output differs (<) from $1 (>)"
        diff out wanted | head -n 20
    fi
}

# has TEXT [FILE]: the output has a line with that text.
has() { check "no '$1' in the output" grep -qaF -- "$1" "${2-out}"; }

# batches FOLDER: its batch files under ./cmd.exe, each in a folder of its own: NAME.cmd or NAME.bat, NAME.out (the
# folder is HERE in it) and, where it isn't 0, the exit status in NAME.status.
batches() {
    for batch in "$1"/*.cmd "$1"/*.bat; do
        [ -e "$batch" ] || continue
        name=$(basename "$batch")
        wanted=${batch%.*}
        mkdir "$name.folder"
        cp "$batch" "$name.folder"
        cd "$name.folder" || exit 1
        run "$(cat "$wanted.status" 2>/dev/null || echo 0)" lowland ../cmd.exe /d /c "$name" </dev/null
        sed "s,Z:.*\\\\$name[.]folder,HERE," out >out.here && mv out.here out
        golden "$wanted.out"
        cd ..
    done
}
