// AddressSanitizer and a process whose low half is a guest's. Only in a build with it (Makefile.in).
#include "loader/sanitizer.h"
#include "loader/fail.h"
#include "loader/guest.h"
#include <errno.h>
#include <sanitizer/asan_interface.h>
#include <sanitizer/lsan_interface.h>
#include <string.h>
#include <sys/mman.h>

// The shadow of what lies below it. Above 4 GB it goes on as a gap that the runtime itself keeps closed.
enum { PAGE = 4096 };
static const uint64_t shadow_begin = 0x7fff7000, shadow_end = 0x8fff7000;

void sanitizer_close_guest_shadow(void)
{
    if (mprotect((void *)(uintptr_t)shadow_begin, shadow_end - shadow_begin, PROT_NONE) != 0)
        fail(FAIL_HOST, "cannot close the shadow of the guest's memory: %s", strerror(errno));
}

bool sanitizer_open_guest_shadow(uint64_t address, bool write)
{
    if (address < shadow_begin || address >= shadow_end) return false;
    int saved = errno;
    void *page = (void *)(uintptr_t)(address & ~(uint64_t)(PAGE - 1));
    bool opened = mprotect(page, PAGE, write ? PROT_READ | PROT_WRITE : PROT_READ) == 0;
    errno = saved;
    return opened;
}

__attribute__((no_sanitize_address)) void sanitizer_abandon_stack(uint64_t up_to)
{
    uint64_t here = (uintptr_t)__builtin_frame_address(0);
    if (up_to > here) __asan_unpoison_memory_region((void *)(uintptr_t)here, up_to - here);
}

void sanitizer_pool_begins(void *pool, size_t size)
{
    __lsan_register_root_region(pool, size);
    __asan_poison_memory_region(pool, size);
}

void sanitizer_pool_gives(void *piece, size_t size)
{
    __asan_unpoison_memory_region(piece, size);
}

void sanitizer_pool_takes(void *piece, size_t size)
{
    __asan_poison_memory_region(piece, size);
}

// ---- the host's side of guest.h's copies ----

// The primitives are assembly, which is not instrumented: the linker leads every call through these (--wrap),
// which report the host's buffer when it is too short.
bool __real_guest_read(void *dst, gptr src, size_t n);
bool __real_guest_write(gptr dst, const void *src, size_t n);
bool __wrap_guest_read(void *dst, gptr src, size_t n);
bool __wrap_guest_write(gptr dst, const void *src, size_t n);
// As the compiler calls them.
void __asan_loadN(void *address, long n);
void __asan_storeN(void *address, long n);

bool __wrap_guest_read(void *dst, gptr src, size_t n)
{
    if (n > 0) __asan_storeN(dst, (long)n);
    return __real_guest_read(dst, src, n);
}

bool __wrap_guest_write(gptr dst, const void *src, size_t n)
{
    if (n > 0) __asan_loadN((void *)src, (long)n);
    return __real_guest_write(dst, src, n);
}
