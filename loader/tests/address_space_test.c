// The guest's address space as VirtualAlloc and its relatives see it.
#include "guest_faults.h"
#include "guest_constants.h"
#include <fcntl.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <cmocka.h>

static gptr allocate(gptr base, uint32_t size, uint32_t type, uint32_t protect)
{
    assert_int_equal(vm_allocate(&base, 0, &size, type, protect), STATUS_SUCCESS);
    return base;
}

static void release(gptr base)
{
    uint32_t size = 0;
    assert_int_equal(vm_free(&base, &size, MEM_RELEASE), STATUS_SUCCESS);
}

static MEMORY_BASIC_INFORMATION32 query(gptr address)
{
    MEMORY_BASIC_INFORMATION32 info;
    assert_int_equal(vm_query(address, &info), STATUS_SUCCESS);
    return info;
}

#define CHECK_REGION(address, state, protection, bytes)                                                      \
    do {                                                                                                     \
        MEMORY_BASIC_INFORMATION32 region = query(address);                                                  \
        assert_int_equal(region.BaseAddress, (address) & ~0xfff);                                            \
        assert_int_equal(region.State, state);                                                               \
        assert_int_equal(region.Protect, protection);                                                        \
        assert_int_equal(region.RegionSize, bytes);                                                          \
    } while (0)

static void reserve_and_commit(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0xfffc, MEM_RESERVE, PAGE_NOACCESS);
    assert_int_equal(base & 0xffff, 0);
    CHECK_REGION(base, MEM_RESERVE, 0, 0x10000);
    assert_int_equal(query(base).AllocationProtect, PAGE_NOACCESS);
    assert_int_equal(query(base).Type, MEM_PRIVATE);

    uint32_t old, size = 0x1000;
    gptr at = base;
    assert_int_equal(vm_protect(&at, &size, PAGE_READONLY, &old), STATUS_NOT_COMMITTED);
    allocate(base + 0x2001, 0x1000, MEM_COMMIT, PAGE_READWRITE); // two pages
    CHECK_REGION(base, MEM_RESERVE, 0, 0x2000);
    CHECK_REGION(base + 0x2000, MEM_COMMIT, PAGE_READWRITE, 0x2000);
    CHECK_REGION(base + 0x4000, MEM_RESERVE, 0, 0xc000);
    assert_true(guest_write32(base + 0x2000, 7));
    assert_false(guest_write32(base + 0x1000, 7));

    at = base + 0x2fff;
    size = 2;
    assert_int_equal(vm_free(&at, &size, MEM_DECOMMIT), STATUS_SUCCESS);
    assert_int_equal(at, base + 0x2000);
    assert_int_equal(size, 0x2000);
    CHECK_REGION(base, MEM_RESERVE, 0, 0x10000);
    assert_false(guest_write32(base + 0x2000, 7));
    allocate(base + 0x2000, 1, MEM_COMMIT, PAGE_READWRITE);
    uint32_t value = 1;
    assert_true(guest_read32(&value, base + 0x2000));
    assert_int_equal(value, 0); // dropped when it was decommitted
    release(base);
    assert_int_equal(query(base).State, MEM_FREE);
}

static void statuses(void **state)
{
    guest_faults_install(state);
    gptr base = 0, at;
    uint32_t size = 0, old;
    assert_int_equal(vm_allocate(&base, 0, &size, MEM_RESERVE, PAGE_NOACCESS), STATUS_INVALID_PARAMETER_4);
    size = 0x1000;
    assert_int_equal(vm_allocate(&base, 0, &size, MEM_RESERVE, 0), STATUS_INVALID_PAGE_PROTECTION);
    assert_int_equal(vm_allocate(&base, 0, &size, MEM_RESERVE, PAGE_READWRITE | PAGE_READONLY),
                     STATUS_INVALID_PAGE_PROTECTION);
    assert_int_equal(vm_allocate(&base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_WRITECOPY),
                     STATUS_INVALID_PAGE_PROTECTION);
    assert_int_equal(vm_allocate(&base, 0, &size, MEM_RESERVE | 0x40000000, PAGE_READWRITE),
                     STATUS_INVALID_PARAMETER_5);
    assert_int_equal(vm_allocate(&base, 21, &size, MEM_RESERVE, PAGE_READWRITE), STATUS_NO_MEMORY);
    assert_int_equal(vm_allocate(&base, 22, &size, MEM_RESERVE, PAGE_READWRITE), STATUS_INVALID_PARAMETER_3);

    base = allocate(0, 0x11000, MEM_RESERVE | MEM_COMMIT, PAGE_EXECUTE_READWRITE);
    at = base + 0x1000;
    size = 0x1000;
    assert_int_equal(vm_allocate(&at, 0, &size, MEM_RESERVE, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    at = base + 0x11000; // the rest of the last 64 KiB can't be had either
    assert_int_equal(query(at).State, MEM_FREE);
    assert_int_equal(vm_allocate(&at, 0, &size, MEM_RESERVE, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);
    at = base + 0x10000;
    size = 0x2000;
    assert_int_equal(vm_allocate(&at, 0, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_CONFLICTING_ADDRESSES);

    size = 0;
    at = base + 0x1001;
    assert_int_equal(vm_free(&at, &size, MEM_DECOMMIT), STATUS_FREE_VM_NOT_AT_BASE);
    assert_int_equal(vm_free(&at, &size, MEM_RELEASE), STATUS_FREE_VM_NOT_AT_BASE);
    assert_int_equal(vm_free(&at, &size, 0), STATUS_INVALID_PARAMETER_4);
    at = base;
    size = 0x12000;
    assert_int_equal(vm_free(&at, &size, MEM_RELEASE), STATUS_UNABLE_TO_FREE_VM);
    at = base + 0xffe;
    size = 0;
    assert_int_equal(vm_free(&at, &size, MEM_DECOMMIT), STATUS_SUCCESS);
    assert_int_equal(at, base);
    assert_int_equal(size, 0);
    release(base);
    at = base;
    assert_int_equal(vm_free(&at, &size, MEM_RELEASE), STATUS_MEMORY_NOT_ALLOCATED);
    assert_int_equal(vm_protect(&at, &(uint32_t){1}, PAGE_READONLY, &old), STATUS_CONFLICTING_ADDRESSES);
    MEMORY_BASIC_INFORMATION32 info;
    assert_int_equal(vm_query(0x7fff0000, &info), STATUS_INVALID_PARAMETER);
}

static void lowest_first_and_top_down(void **state)
{
    guest_faults_install(state);
    gptr a = allocate(0, 0x10000, MEM_RESERVE, PAGE_READWRITE);
    gptr b = allocate(0, 0x30000, MEM_RESERVE, PAGE_READWRITE);
    gptr c = allocate(0, 0x10000, MEM_RESERVE, PAGE_READWRITE);
    assert_true(a < b && b < c);
    release(b);
    assert_int_equal(allocate(0, 0x20000, MEM_RESERVE, PAGE_READWRITE), b);
    assert_int_equal(allocate(0, 0x10000, MEM_RESERVE, PAGE_READWRITE), b + 0x20000);
    gptr high = allocate(0, 0x10000, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE);
    assert_int_equal(high, 0x7ffe0000);
    gptr next = allocate(0, 0x18000, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE);
    assert_int_equal(next, 0x7ffc0000);
    CHECK_REGION(0x7ffd8000, MEM_FREE, PAGE_NOACCESS, 0x8000);
    gptr mask = 0;
    uint32_t size = 0x1000;
    assert_int_equal(vm_allocate(&mask, 0x1aaaaaaa, &size, MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE), 0);
    assert_int_equal(mask, 0x1fff0000);
    release(mask);
    gptr aligned = 0;
    size = 0x1000;
    assert_int_equal(
        vm_allocate_between(&aligned, 0x20010000, 0x2fffffff, 0x400000, &size, MEM_RESERVE, PAGE_READWRITE),
        0);
    assert_int_equal(aligned, 0x20400000);
    release(aligned);
    aligned = 0;
    assert_int_equal(
        vm_allocate_between(&aligned, 0x20010000, 0x203fffff, 0x400000, &size, MEM_RESERVE, PAGE_READWRITE),
        STATUS_NO_MEMORY);
    assert_int_equal(vm_allocate_between(&aligned, 0x20010000, 0x2fffffff, 0x400000, &size,
                                         MEM_RESERVE | MEM_TOP_DOWN, PAGE_READWRITE),
                     0);
    assert_int_equal(aligned, 0x2fc00000);
    release(aligned);
    release(high);
    release(next);
    release(b);
    release(b + 0x20000);
    release(a);
    release(c);
}

// A released allocation leaves a hole; something of the host's in it is left alone.
static void holes(void **state)
{
    guest_faults_install(state);
    gptr hole = allocate(0, 0x10000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    release(hole);
    assert_false(guest_write32(hole, 1));
    assert_int_equal(allocate(0, 0x3000, MEM_COMMIT, PAGE_READWRITE), hole);
    assert_false(guest_write32(hole + 0x3000, 1));
    release(hole);
    assert_int_equal(allocate(0, 0x30000, MEM_RESERVE, PAGE_READWRITE), hole); // the rest of it is no hole
    allocate(hole + 0x8000, 0x10000, MEM_COMMIT, PAGE_READWRITE);
    assert_true(guest_write32(hole + 0x17ffc, 1));
    release(hole);

    int *host = mmap(guest_ptr(hole), 0x1000, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    assert_ptr_equal(host, guest_ptr(hole));
    *host = 42;
    gptr at = hole;
    uint32_t size = 0x1000;
    assert_int_equal(vm_allocate(&at, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE),
                     STATUS_CONFLICTING_ADDRESSES);
    gptr next = allocate(0, 0x1000, MEM_COMMIT, PAGE_READWRITE);
    assert_true(next > hole);
    gptr large = allocate(0, 0x100000, MEM_RESERVE, PAGE_READWRITE);
    assert_true(large > hole);
    assert_int_equal(*host, 42);
    release(large);
    release(next);
    munmap(host, 0x1000);
}

static void partial_release(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0x30000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    gptr at = base + 0x11000;
    uint32_t size = 0x2000;
    assert_int_equal(vm_free(&at, &size, MEM_RELEASE), STATUS_SUCCESS);
    CHECK_REGION(base, MEM_COMMIT, PAGE_READWRITE, 0x11000);
    CHECK_REGION(base + 0x11000, MEM_FREE, PAGE_NOACCESS, 0x2000);
    CHECK_REGION(base + 0x13000, MEM_COMMIT, PAGE_READWRITE, 0x1d000);
    assert_int_equal(query(base + 0x13000).AllocationBase, base + 0x13000);
    assert_false(guest_write32(base + 0x11000, 1));
    assert_true(guest_write32(base + 0x13000, 1));
    release(base);
    CHECK_REGION(base + 0x11000, MEM_FREE, PAGE_NOACCESS, 0x2000);
    release(base + 0x13000);
}

static void protections(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0x4000, MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE);
    gptr at = base + 0x1000;
    uint32_t size = 1, old;
    assert_int_equal(vm_protect(&at, &size, PAGE_READONLY, &old), STATUS_SUCCESS);
    assert_int_equal(old, PAGE_READWRITE | PAGE_NOCACHE);
    assert_int_equal(size, 0x1000);
    CHECK_REGION(base + 0x1000, MEM_COMMIT, PAGE_READONLY | PAGE_NOCACHE, 0x1000);
    CHECK_REGION(base + 0x2000, MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE, 0x2000);
    assert_false(guest_write32(base + 0x1000, 1));
    assert_int_equal(guest_faults_last, VM_FAULT_ACCESS);
    assert_false(guest_write32(base + 0xffe, 1));
    assert_false(guest_probe_write(base, 0x4000));
    assert_true(guest_probe_read(base, 0x4000));
    assert_false(guest_probe_read(base, 0x4001));
    assert_int_equal(vm_protect(&at, &size, PAGE_WRITECOPY, &old), STATUS_INVALID_PAGE_PROTECTION);
    assert_int_equal(vm_protect(&at, &size, PAGE_EXECUTE_READ, &old), STATUS_SUCCESS);
    assert_int_equal(old, PAGE_READONLY | PAGE_NOCACHE);
    release(base);
}

static void guard_pages(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0x2000, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD);
    uint32_t value;
    assert_int_equal(query(base).Protect, PAGE_READWRITE | PAGE_GUARD);
    assert_false(guest_read32(&value, base));
    assert_int_equal(guest_faults_last, VM_FAULT_GUARD);
    CHECK_REGION(base, MEM_COMMIT, PAGE_READWRITE, 0x1000);
    assert_true(guest_read32(&value, base));
    assert_int_equal(vm_touch(base, 0x2000, VM_WRITE), STATUS_GUARD_PAGE_VIOLATION);
    assert_int_equal(vm_touch(base, 0x2000, VM_WRITE), STATUS_SUCCESS);
    assert_int_equal(vm_touch(base, 0x2001, VM_READ), STATUS_ACCESS_VIOLATION);
    release(base);
}

static void stack_growth(void **state)
{
    guest_faults_install(state);
    struct vm_stack stack;
    assert_int_equal(vm_allocate_stack(0x10000, 0x2000, &stack), STATUS_SUCCESS);
    assert_int_equal(stack.base - stack.allocation_base, 0x10000);
    assert_int_equal(stack.limit, stack.base - 0x2000);
    CHECK_REGION(stack.allocation_base, MEM_RESERVE, 0, 0xd000);
    CHECK_REGION(stack.limit - 0x1000, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD, 0x1000);
    guest_faults_stack = &stack;
    gptr limit = stack.limit;
    assert_true(guest_write32(limit - 4, 1));
    assert_int_equal(stack.limit, limit - 0x1000);
    CHECK_REGION(stack.limit - 0x1000, MEM_COMMIT, PAGE_READWRITE | PAGE_GUARD, 0x1000);
    assert_false(guest_write32(stack.limit - 0x2004, 1)); // beyond the guard
    assert_int_equal(guest_faults_last, VM_FAULT_ACCESS);
    assert_int_equal(vm_touch(stack.limit - 0x1000, 0x1000, VM_WRITE), STATUS_SUCCESS);

    gptr at = stack.limit - 4;
    while (guest_write32(at, 1)) at -= 0x1000;
    assert_int_equal(guest_faults_last, VM_FAULT_STACK_OVERFLOW);
    assert_int_equal(stack.limit, stack.allocation_base + 0x1000);
    assert_true(guest_write32(stack.limit, 1)); // room for whoever handles it
    assert_false(guest_write32(stack.limit - 4, 1));
    assert_int_equal(guest_faults_last, VM_FAULT_ACCESS);
    guest_faults_stack = NULL;
    release(stack.allocation_base);
}

static void write_watch(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0x10000, MEM_RESERVE | MEM_COMMIT | MEM_WRITE_WATCH, PAGE_READWRITE), written[64];
    uint32_t count = 64, value, old, size = 0x3000;
    assert_true(guest_read32(&value, base));
    assert_int_equal(vm_get_write_watch(base, 0x10000, false, written, &count), STATUS_SUCCESS);
    assert_int_equal(count, 0);
    CHECK_REGION(base, MEM_COMMIT, PAGE_READWRITE, 0x10000);

    assert_true(guest_write32(base + 0x1ffe, 1)); // two pages
    assert_true(guest_write32(base + 0x4000, 1));
    CHECK_REGION(base, MEM_COMMIT, PAGE_READWRITE, 0x10000);
    count = 1;
    assert_int_equal(vm_get_write_watch(base, 0x10000, true, written, &count), STATUS_SUCCESS);
    assert_int_equal(count, 1);
    assert_int_equal(written[0], base + 0x1000);
    count = 64;
    assert_int_equal(vm_get_write_watch(base, 0x10000, false, written, &count), STATUS_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(written[0], base + 0x2000);
    assert_int_equal(written[1], base + 0x4000);

    gptr at = base; // protections don't affect watches
    assert_int_equal(vm_protect(&at, &size, PAGE_READONLY, &old), STATUS_SUCCESS);
    assert_int_equal(vm_protect(&at, &size, PAGE_READWRITE, &old), STATUS_SUCCESS);
    count = 64;
    assert_int_equal(vm_get_write_watch(base, 0x10000, false, written, &count), STATUS_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(vm_reset_write_watch(base, 0x10000), STATUS_SUCCESS);
    assert_int_equal(vm_touch(base + 0x7000, 0x1001, VM_WRITE), STATUS_SUCCESS);
    count = 64;
    assert_int_equal(vm_get_write_watch(base, 0x10000, false, written, &count), STATUS_SUCCESS);
    assert_int_equal(count, 2);
    assert_int_equal(written[0], base + 0x7000);
    assert_int_equal(vm_reset_write_watch(base, 0x10001), STATUS_INVALID_PARAMETER);
    release(base);
}

static int temporary_file(uint32_t size)
{
    char name[] = "/tmp/lowland-test-XXXXXX";
    int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(ftruncate(fd, size), 0);
    return fd;
}

static void file_views(void **state)
{
    guest_faults_install(state);
    int fd = temporary_file(0x3000);
    uint32_t value = 0x1234, old, size = 0x1000;
    assert_int_equal(pwrite(fd, &value, 4, 0x1000), 4);
    gptr base = 0, copy = 0, at;
    assert_int_equal(vm_map_file(&base, 0x2800, fd, 0, 0, 0, PAGE_READWRITE, false, NULL), STATUS_SUCCESS);
    assert_int_equal(vm_map_file(&copy, 0x3000, fd, 0, 0, 0, PAGE_WRITECOPY, true, NULL), STATUS_SUCCESS);
    CHECK_REGION(base, MEM_COMMIT, PAGE_READWRITE, 0x3000);
    assert_int_equal(query(base).Type, MEM_MAPPED);
    assert_true(guest_read32(&value, base + 0x1000));
    assert_int_equal(value, 0x1234);

    // Copy-on-write is over for a page that was written, and only for that.
    assert_true(guest_write32(copy + 0x1000, 0x5678));
    CHECK_REGION(copy, MEM_COMMIT, PAGE_WRITECOPY, 0x1000);
    CHECK_REGION(copy + 0x1000, MEM_COMMIT, PAGE_READWRITE, 0x1000);
    CHECK_REGION(copy + 0x2000, MEM_COMMIT, PAGE_WRITECOPY, 0x1000);
    assert_true(guest_read32(&value, base + 0x1000));
    assert_int_equal(value, 0x1234);
    at = copy;
    assert_int_equal(vm_protect(&at, &size, PAGE_READWRITE, &old), STATUS_SECTION_PROTECTION);

    // A page of a shared view can be made copy-on-write, and shared again while it isn't copied.
    at = base + 0x1000;
    assert_int_equal(vm_protect(&at, &size, PAGE_WRITECOPY, &old), STATUS_SUCCESS);
    assert_int_equal(vm_protect(&at, &size, PAGE_READWRITE, &old), STATUS_SUCCESS);
    assert_int_equal(old, PAGE_WRITECOPY);
    assert_true(guest_write32(base + 0x1000, 0x9abc));
    assert_int_equal(pread(fd, &value, 4, 0x1000), 4);
    assert_int_equal(value, 0x9abc);
    assert_int_equal(vm_protect(&at, &size, PAGE_WRITECOPY, &old), STATUS_SUCCESS);
    assert_true(guest_write32(base + 0x1000, 1));
    assert_int_equal(pread(fd, &value, 4, 0x1000), 4);
    assert_int_equal(value, 0x9abc);

    at = base;
    assert_int_equal(vm_allocate(&at, 0, &size, MEM_COMMIT, PAGE_READWRITE), STATUS_ALREADY_COMMITTED);
    assert_int_equal(vm_free(&at, &size, MEM_RELEASE), STATUS_UNABLE_TO_DELETE_SECTION);

    // The file gets shorter under the view.
    assert_int_equal(ftruncate(fd, 0x1000), 0);
    assert_false(guest_read32(&value, copy + 0x2000));
    assert_int_equal(guest_faults_last, VM_FAULT_IN_PAGE);
    assert_int_equal(vm_unmap(base + 0x123), STATUS_SUCCESS);
    assert_int_equal(vm_unmap(copy), STATUS_SUCCESS);
    assert_int_equal(vm_unmap(copy), STATUS_NOT_MAPPED_VIEW);
    close(fd);
}

static void primitives(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0x10000, MEM_RESERVE, PAGE_READWRITE);
    allocate(base, 0x2000, MEM_COMMIT, PAGE_READWRITE);
    uint8_t in[2100], out[2100];
    for (size_t i = 0; i < sizeof in; i++) in[i] = (uint8_t)(i * 7 + 1);
    // All small sizes at all alignments around a page boundary, then up to the end of what is there.
    for (size_t n = 0; n <= 1100; n += n < 70 ? 1 : 103) {
        for (unsigned shift = 0; shift < 40; shift++) {
            memset(out, 0, sizeof out);
            gptr at = base + 0x1000 - shift;
            assert_true(guest_write(at, in, n));
            assert_true(guest_read(out, at, n));
            assert_memory_equal(in, out, n);
            assert_int_equal(out[n], 0);
        }
        assert_true(guest_fill(base + 0x2000 - (gptr)n, 0x5a, n));
        assert_true(guest_read(out, base + 0x2000 - (gptr)n, n));
        for (size_t i = 0; i < n; i++) assert_int_equal(out[i], 0x5a);
        if (!n) continue;
        assert_false(guest_write(base + 0x2000 - (gptr)n + 1, in, n));
        assert_false(guest_read(out, base + 0x2000 - (gptr)n + 1, n));
        assert_false(guest_fill(base + 0x2000 - (gptr)n + 1, 0, n));
        assert_false(guest_probe_read(base + 0x2000 - (gptr)n + 1, n));
        assert_true(guest_probe_write(base + 0x2000 - (gptr)n, n));
    }
    assert_true(guest_probe_write(0, 0));
    assert_false(guest_probe_write(0xfffffff0, 0x20));
    assert_false(guest_read(out, 0, 4));
    assert_false(guest_read(out, 0xfffffffc, 8));
    guest_write32(base, 5);
    assert_int_equal(guest_cmpxchg32(base, 5, 6), 1);
    assert_int_equal(guest_cmpxchg32(base, 5, 7), 0);
    assert_int_equal(guest_cmpxchg32(base + 0x2000, 5, 7), -1);
    release(base);
}

static void data_execution(void **state)
{
    guest_faults_install(state);
    gptr base = allocate(0, 0x1000, MEM_COMMIT, PAGE_READWRITE);
    assert_int_equal(vm_fault(base, VM_EXECUTE, NULL, NULL), VM_FAULT_ACCESS);
    address_space_configure(false, true);
    assert_int_equal(vm_fault(base, VM_EXECUTE, NULL, NULL), VM_FAULT_RESUME);
    assert_int_equal(query(base).Protect, PAGE_READWRITE);
    address_space_configure(false, false);
    release(base);
}

static void above_2_gb(void **state)
{
    guest_faults_install(state);
#if defined(__SANITIZE_ADDRESS__)
    skip(); // its shadow begins below
#endif
    address_space_configure(true, false);
    gptr high = allocate(0, 0x1000, MEM_COMMIT | MEM_TOP_DOWN, PAGE_READWRITE);
    assert_int_equal(high, 0xfffe0000);
    assert_true(guest_write32(high, 1));
    CHECK_REGION(high + 0x1000, MEM_FREE, PAGE_NOACCESS, 0xf000);
    release(high);
    address_space_configure(false, false);
}

// Random operations, checked page by page against a model that knows nothing of slots, runs and holes.
enum { MODEL_PAGES = 1024, MODEL_BASE = 0x20000000 };
static struct {
    int owner;        // 0: free
    uint32_t protect; // 0: only reserved
} model[MODEL_PAGES];

static bool model_all(uint32_t page, uint32_t n, int owner)
{
    for (uint32_t i = page; i < page + n; i++)
        if (i >= MODEL_PAGES || model[i].owner != owner) return false;
    return true;
}

static void model_check(void)
{
    for (uint32_t i = 0; i < MODEL_PAGES;) {
        MEMORY_BASIC_INFORMATION32 info = query(MODEL_BASE + i * 0x1000);
        uint32_t n = 1;
        while (i + n < MODEL_PAGES && model[i + n].owner == model[i].owner &&
               model[i + n].protect == model[i].protect)
            n++;
        assert_int_equal(info.State, !model[i].owner    ? MEM_FREE
                                     : model[i].protect ? MEM_COMMIT
                                                        : MEM_RESERVE);
        assert_int_equal(info.Protect, !model[i].owner ? PAGE_NOACCESS : model[i].protect);
        if (i + n < MODEL_PAGES || model[i].owner) assert_int_equal(info.RegionSize, n * 0x1000);
        uint32_t value;
        gptr last = MODEL_BASE + (i + n) * 0x1000 - 4;
        assert_int_equal(guest_read32(&value, MODEL_BASE + i * 0x1000), model[i].protect > PAGE_NOACCESS);
        assert_int_equal(guest_read32(&value, last), model[i].protect > PAGE_NOACCESS);
        assert_int_equal(guest_write32(last, 1), model[i].protect == PAGE_READWRITE);
        i += n;
    }
}

static void random_operations(void **state)
{
    guest_faults_install(state);
    static const uint32_t protects[] = {PAGE_NOACCESS, PAGE_READONLY, PAGE_READWRITE};
    int owners = 0;
    srand(1);
    for (int step = 0; step < 6000; step++) {
        uint32_t page = (uint32_t)rand() % MODEL_PAGES, n = 1 + (uint32_t)rand() % 40;
        if (page + n > MODEL_PAGES) n = MODEL_PAGES - page;
        gptr at = MODEL_BASE + page * 0x1000;
        uint32_t size = n * 0x1000, old, protect = protects[rand() % 3];
        int owner = model[page].owner;
        bool same = owner && model_all(page, n, owner);
        switch (rand() % 5) {
        case 0: { // reserve, with or without commit
            bool commit = rand() % 2;
            uint32_t begin = page & ~15u, rounded = n + (page - begin);
            NTSTATUS status = vm_allocate(&at, 0, &size, MEM_RESERVE | (commit ? MEM_COMMIT : 0), protect);
            bool possible = model_all(begin, rounded, 0);
            assert_int_equal(status, possible ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES);
            if (!possible) break;
            assert_int_equal(at, MODEL_BASE + begin * 0x1000);
            owners++;
            for (uint32_t i = begin; i < begin + rounded; i++) {
                model[i].owner = owners;
                model[i].protect = commit ? protect : 0;
            }
            break;
        }
        case 1:
            assert_int_equal(vm_allocate(&at, 0, &size, MEM_COMMIT, protect),
                             same ? STATUS_SUCCESS : STATUS_CONFLICTING_ADDRESSES);
            for (uint32_t i = page; same && i < page + n; i++) model[i].protect = protect;
            break;
        case 2: {
            bool committed = same;
            for (uint32_t i = page; i < page + n; i++)
                if (!model[i].protect) committed = false;
            assert_int_equal(vm_protect(&at, &size, protect, &old), committed ? STATUS_SUCCESS
                                                                    : same    ? STATUS_NOT_COMMITTED
                                                                              : STATUS_CONFLICTING_ADDRESSES);
            if (committed) assert_int_equal(old, model[page].protect);
            for (uint32_t i = page; committed && i < page + n; i++) model[i].protect = protect;
            break;
        }
        case 3:
        case 4: {
            bool release = rand() % 2, whole = owner && rand() % 2;
            if (whole) { // all of one
                while (page && model[page - 1].owner == owner) page--;
                for (n = 1; page + n < MODEL_PAGES && model[page + n].owner == owner;) n++;
                at = MODEL_BASE + page * 0x1000;
                size = 0;
            }
            assert_int_equal(vm_free(&at, &size, release ? MEM_RELEASE : MEM_DECOMMIT),
                             same || whole ? STATUS_SUCCESS
                             : owner       ? STATUS_UNABLE_TO_FREE_VM
                                           : STATUS_MEMORY_NOT_ALLOCATED);
            if (!same && !whole) break;
            bool above = false;
            for (uint32_t i = page; i < page + n; i++) {
                model[i].protect = 0;
                if (release) model[i].owner = 0;
            }
            if (release && page && model[page - 1].owner == owner) above = true;
            owners += above;
            for (uint32_t i = page + n; above && i < MODEL_PAGES && model[i].owner == owner; i++)
                model[i].owner = owners; // what lies above is an allocation of its own
            break;
        }
        }
        if (step % 20 == 0) model_check();
    }
    model_check();
    for (uint32_t i = 0; i < MODEL_PAGES; i++) {
        gptr at = MODEL_BASE + i * 0x1000;
        uint32_t size = 0;
        if (query(at).State != MEM_FREE) assert_int_equal(vm_free(&at, &size, MEM_RELEASE), STATUS_SUCCESS);
    }
}

// Allocates, checks that it got zeroes of its own, and frees; faults on guard pages all the while.
static void *churn(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;
    uintptr_t wrong = 0;
    for (int i = 0; i < 4000; i++) {
        uint32_t pages = 1 + (uint32_t)rand_r(&seed) % 40, size = pages * 0x1000, value = 1, guard = 0x1000,
                 old;
        gptr base = 0, at;
        wrong += vm_allocate(&base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE) != 0;
        at = base + (uint32_t)rand_r(&seed) % pages * 0x1000;
        wrong += !guest_read32(&value, at) || value || !guest_write32(at, seed);
        gptr page = at;
        wrong += vm_protect(&page, &guard, PAGE_READWRITE | PAGE_GUARD, &old) != 0;
        wrong += guest_read32(&value, at); // hits the guard
        wrong += !guest_read32(&value, at) || value != seed;
        MEMORY_BASIC_INFORMATION32 info;
        wrong += vm_query(at, &info) || info.AllocationBase != base || info.State != MEM_COMMIT;
        size = 0;
        wrong += vm_free(&base, &size, MEM_RELEASE) != 0;
    }
    return (void *)wrong;
}

static void threads(void **state)
{
    guest_faults_install(state);
    pthread_t thread[4];
    for (uintptr_t i = 0; i < 4; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, churn, (void *)(i + 1)), 0);
    for (int i = 0; i < 4; i++) {
        void *wrong;
        pthread_join(thread[i], &wrong);
        assert_null(wrong);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reserve_and_commit),
        cmocka_unit_test(statuses),
        cmocka_unit_test(lowest_first_and_top_down),
        cmocka_unit_test(holes),
        cmocka_unit_test(partial_release),
        cmocka_unit_test(protections),
        cmocka_unit_test(guard_pages),
        cmocka_unit_test(stack_growth),
        cmocka_unit_test(write_watch),
        cmocka_unit_test(file_views),
        cmocka_unit_test(primitives),
        cmocka_unit_test(data_execution),
        cmocka_unit_test(above_2_gb),
        cmocka_unit_test(random_operations),
        cmocka_unit_test(threads),
    };
    if (!address_space_init()) return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
