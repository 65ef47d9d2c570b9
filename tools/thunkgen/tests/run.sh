#!/bin/sh
# Tests thunkgen. Run in an empty folder with SRCDIR, THUNKGEN, CC and GUEST_CC in the environment (and
# GUEST_DLLTOOL, THUNKGEN_FLAGS, CMOCKA_FLAGS); prints what failed and ends with 1 then.
set -u
tests=$SRCDIR/tools/thunkgen/tests
warnings="-std=gnu17 -O2 -g -Wall -Wextra -Werror -D_GNU_SOURCE"
includes="-I. -I$SRCDIR -I$SRCDIR/thunks -iquote $SRCDIR/dlls/ntdll/unix"
passed=0 failed=0

thunkgen() {
    # shellcheck disable=SC2086
    "$THUNKGEN" "$@" ${THUNKGEN_FLAGS-}
}

# check NAME COMMAND...: one test, silent when it passes.
check() {
    name=$1
    shift
    if "$@" >log 2>&1; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'failed: %s\n' "$name"
        cat log
    fi
}

generate() {
    definitions="$SRCDIR/thunks/ntdll.h $SRCDIR/thunks/test.h"
    # shellcheck disable=SC2086
    thunkgen types -o guest_types.h $definitions &&
        thunkgen constants -o guest_constants.h -MF constants.d $definitions "$SRCDIR/thunks/constants.h" &&
        grep -q thunks/define.h constants.d &&
        thunkgen host -o test_host.h "$SRCDIR/thunks/test.h" &&
        thunkgen dispatch -o test_dispatch.c "$SRCDIR/thunks/test.h" &&
        thunkgen stubs -o test_stubs.S "$SRCDIR/thunks/test.h" &&
        $GUEST_CC -c -o test_stubs.obj test_stubs.S
}

dispatch() {
    # shellcheck disable=SC2086
    $CC $warnings $includes -o dispatch_test "$tests/dispatch_test.c" "$tests/test_host.c" test_dispatch.c \
        ${CMOCKA_FLAGS--lcmocka} && ./dispatch_test
}

# Errors are those that the file announces behind each bad line, and no others.
errors_of() {
    thunkgen host -o bad.out -I "$SRCDIR/thunks" "$1" 2>errors
    [ $? = 1 ] || return 1
    grep -n '// error: ' "$1" | sed 's/^\([0-9]*\):.*\/\/ error: /\1: error: /' >expected
    sed 's/^[^:]*://' errors | sort -n >actual
    diff expected actual && [ ! -e bad.out ]
}

errors_of_exports() {
    $GUEST_CC -DAMBIGUOUS -c -o ambiguous.obj "$tests/exports.c" || return 1
    thunkgen exports -o bad.out --dll bad.dll "$tests/bad/list.exports" ambiguous.obj 2>errors
    [ $? = 1 ] || return 1
    grep -n '# error: ' "$tests/bad/list.exports" | sed 's/^\([0-9]*\):.*# error: /\1: error: /' >expected
    sed 's/^[^:]*://' errors | sort -n >actual
    diff expected actual && [ ! -e bad.out ]
}

layout() {
    # shellcheck disable=SC2086
    $GUEST_CC -std=gnu17 -fno-toplevel-reorder -Wall -Wextra -Werror -DDECLSPEC_IMPORT= -I"$SRCDIR/thunks" -c -o layout.obj "$tests/layout.c" &&
        $CC $warnings -fno-toplevel-reorder $includes -c -o layout.o "$tests/layout.c" &&
        objcopy -O binary -j .sample layout.o host.bin &&
        objcopy -O binary -j .sample layout.obj guest.bin && [ -s host.bin ] && cmp -n "$(wc -c <host.bin)" host.bin guest.bin
}

# All constants hold for every Linux header that 64-bit code includes, in either order.
constants() {
    printf '#include <%s.h>\n' sys/mman sys/user sys/wait sys/socket sys/epoll sys/ioctl sys/prctl sys/statvfs \
        linux/futex linux/fs netinet/in signal poll time limits regex ucontext fcntl unistd termios elf locale \
        pthread sched fnmatch dirent stdio stdlib string errno math >linux.h
    # shellcheck disable=SC2086
    printf '#include "linux.h"\n#include "guest_constants.h"\n' | $CC $warnings $includes -xc -c -o /dev/null - &&
        printf '#include "guest_constants.h"\n#include "linux.h"\n
            _Static_assert(STATUS_ACCESS_VIOLATION == (NTSTATUS)0xC0000005 && GENERIC_READ == 0x80000000, "");
            _Static_assert(PAGE_READWRITE == 4 && FSCTL_PIPE_WAIT == 0x110018, "");' |
        $CC $warnings $includes -xc -c -o /dev/null -
}

exports() {
    library=$(dirname "$($GUEST_CC -print-file-name=libkernel32.a)")/libkernel32.a
    $GUEST_CC -O2 -c -o exports.obj "$tests/exports.c" &&
        thunkgen exports -o sample_exports.S --def sample.def --dll sample.dll --import-library "$library" \
            "$tests/good.exports" exports.obj &&
        $GUEST_CC -c -o sample_exports.obj sample_exports.S &&
        $GUEST_CC -nostdlib -shared -Wl,--file-alignment,4096 -Wl,--section-alignment,4096 \
            -Wl,--exclude-all-symbols -Wl,--entry,_DllMain@12 -o sample.dll exports.obj sample_exports.obj &&
        # shellcheck disable=SC2086
        $CC $warnings -o exports_test "$tests/exports_test.c" ${CMOCKA_FLAGS--lcmocka} && ./exports_test sample.dll
}

# Another DLL finds every export behind the import library by its decorated name.
import_library() {
    ${GUEST_DLLTOOL-i686-w64-mingw32-dlltool} -k -d sample.def -l libsample.a &&
        printf '%s\n' 'int Plain(void); int __attribute__((stdcall)) Standard(int, int);' \
            'int __attribute__((fastcall)) Fast(int, int); void *__attribute__((stdcall)) HeapAlloc(void *, int, int);' \
            'extern __attribute__((dllimport)) int number;' \
            'int start(void); int start(void) { HeapAlloc(0, 0, 0); return Plain() + Standard(1, 2) + Fast(3, 4) + number; }' |
        $GUEST_CC -nostdlib -Wl,--entry,_start -o user.exe -xc - -xnone libsample.a
}

check generate generate
check dispatch dispatch
for file in "$tests"/bad/*.h; do check "errors of ${file##*/}" errors_of "$file"; done
check 'errors of list.exports' errors_of_exports
check layout layout
check constants constants
check exports exports
check 'import library' import_library
printf 'thunkgen: %s passed, %s failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
