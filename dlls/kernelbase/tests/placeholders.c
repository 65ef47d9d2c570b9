// Placeholders: reserving, splitting, replacing by memory and by views, restoring, joining; and memory on
// offer.
#include <windows.h>
#include <string.h>
#include "tests/check.h"

#define REPLACE        0x4000
#define RESERVE        (MEM_RESERVE | 0x40000)
#define PRESERVE       2
#define COALESCE       1
#define GRANULE        0x10000
#define FUNCTION(name) name##_function = (void *)GetProcAddress(GetModuleHandleA("kernelbase"), #name)

static void *(WINAPI *VirtualAlloc2_function)(HANDLE, void *, SIZE_T, ULONG, ULONG, void *, ULONG);
static void *(WINAPI *MapViewOfFile3_function)(HANDLE, HANDLE, void *, ULONG64, SIZE_T, ULONG, ULONG, void *,
                                               ULONG);
static BOOL(WINAPI *UnmapViewOfFile2_function)(HANDLE, void *, ULONG);
static void *(WINAPI *VirtualAllocFromApp_function)(void *, SIZE_T, ULONG, ULONG);

static void *allocate(void *at, SIZE_T size, ULONG type, ULONG protect)
{
    SetLastError(0);
    return VirtualAlloc2_function(NULL, at, size, type, protect, NULL, 0);
}

// State and the base of the allocation of an address, in one number.
static void check_at(BYTE *at, BYTE *base, DWORD state, SIZE_T size, int line)
{
    MEMORY_BASIC_INFORMATION info;
    VirtualQuery(at, &info, sizeof(info));
    CHECK(info.AllocationBase == base && info.State == state && info.RegionSize == size,
          "line %d: %p %lx %lx", line, info.AllocationBase, info.State, (DWORD)info.RegionSize);
}

static void test_refusals(void)
{
    CHECK(!allocate(NULL, GRANULE, RESERVE, PAGE_READWRITE) && GetLastError() == ERROR_INVALID_PARAMETER,
          "protection");
    CHECK(!allocate(NULL, GRANULE, RESERVE | MEM_COMMIT, PAGE_NOACCESS) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "committed");
    CHECK(!allocate(NULL, GRANULE, MEM_RESERVE | REPLACE, PAGE_READWRITE) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "nowhere");
    CHECK(!VirtualAlloc(NULL, GRANULE, RESERVE, PAGE_NOACCESS) && GetLastError() == ERROR_INVALID_PARAMETER,
          "the older call");
    BYTE *plain = VirtualAlloc(NULL, 2 * GRANULE, MEM_RESERVE, PAGE_NOACCESS);
    CHECK(!allocate(plain, 2 * GRANULE, MEM_RESERVE | REPLACE, PAGE_READWRITE) &&
              GetLastError() == ERROR_INVALID_ADDRESS,
          "no placeholder");
    CHECK(!VirtualFree(plain, GRANULE, MEM_RELEASE | PRESERVE) && GetLastError() == ERROR_INVALID_ADDRESS,
          "split");
    CHECK(!VirtualFree(plain, 0, MEM_RELEASE | PRESERVE | COALESCE) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "both");
    CHECK(!VirtualFree(plain, 0, MEM_DECOMMIT | PRESERVE) && GetLastError() == ERROR_INVALID_PARAMETER,
          "decommit");
    CHECK(VirtualFree(plain, 0, MEM_RELEASE), "free");
}

static void test_private(void)
{
    BYTE *p = allocate(NULL, 4 * GRANULE, RESERVE, PAGE_NOACCESS);
    CHECK(p != NULL, "%lu", GetLastError());
    check_at(p, p, MEM_RESERVE, 4 * GRANULE, __LINE__);
    CHECK(!VirtualAlloc(p, 0x1000, MEM_COMMIT, PAGE_READWRITE) && GetLastError() == ERROR_INVALID_ADDRESS,
          "commit");
    CHECK(!VirtualFree(p, 4 * GRANULE, MEM_RELEASE | PRESERVE) && GetLastError() == ERROR_INVALID_ADDRESS,
          "all of it");
    CHECK(VirtualFree(p + GRANULE, 0x3000, MEM_RELEASE | PRESERVE), "split: %lu", GetLastError());
    check_at(p, p, MEM_RESERVE, GRANULE, __LINE__);
    check_at(p + GRANULE, p + GRANULE, MEM_RESERVE, 0x3000, __LINE__);
    check_at(p + GRANULE + 0x3000, p + GRANULE + 0x3000, MEM_RESERVE, 3 * GRANULE - 0x3000, __LINE__);
    BYTE *middle = p + GRANULE, *rest = middle + 0x3000;
    CHECK(!allocate(middle, 0x2000, MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE) &&
              GetLastError() == ERROR_INVALID_ADDRESS,
          "a part");
    CHECK(allocate(middle, 0x3000, MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE) == middle, "%lu",
          GetLastError());
    check_at(middle, middle, MEM_COMMIT, 0x3000, __LINE__);
    memset(middle, 0xAA, 0x3000);
    CHECK(!VirtualFree(p, 4 * GRANULE, MEM_RELEASE | COALESCE) && GetLastError() == ERROR_INVALID_ADDRESS,
          "memory within");
    CHECK(VirtualFree(middle, 0, MEM_RELEASE | PRESERVE), "restore: %lu", GetLastError());
    check_at(middle, middle, MEM_RESERVE, 0x3000, __LINE__);
    CHECK(allocate(middle, 0x3000, MEM_RESERVE | MEM_COMMIT | REPLACE, PAGE_READWRITE) == middle &&
              !middle[0x2FFF],
          "old contents");
    CHECK(VirtualFree(middle, 0x3000, MEM_RELEASE | PRESERVE), "restore: %lu", GetLastError());
    CHECK(!VirtualFree(p, GRANULE + 0x1000, MEM_RELEASE | COALESCE), "joined a part");
    CHECK(VirtualFree(middle, 3 * GRANULE, MEM_RELEASE | COALESCE), "join: %lu", GetLastError());
    check_at(middle, middle, MEM_RESERVE, 3 * GRANULE, __LINE__);
    CHECK(VirtualFree(p, 4 * GRANULE, MEM_RELEASE | COALESCE), "join: %lu", GetLastError());
    check_at(rest, p, MEM_RESERVE, 4 * GRANULE - GRANULE - 0x3000, __LINE__);
    CHECK(VirtualFree(p, 0, MEM_RELEASE), "free: %lu", GetLastError());
    CHECK(VirtualAlloc(p, 4 * GRANULE, MEM_RESERVE, PAGE_NOACCESS) == p, "free it is not");
    VirtualFree(p, 0, MEM_RELEASE);
}

// One section seen twice, side by side: the ring buffer that placeholders are for.
static void test_views(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRANULE, NULL);
    BYTE *p = allocate(NULL, 2 * GRANULE, RESERVE, PAGE_NOACCESS);
    CHECK(VirtualFree(p, GRANULE, MEM_RELEASE | PRESERVE), "split: %lu", GetLastError());
    for (int i = 0; i < 2; i++) {
        BYTE *view = MapViewOfFile3_function(section, NULL, p + i * GRANULE, 0, GRANULE, REPLACE,
                                             PAGE_READWRITE, NULL, 0);
        CHECK(view == p + i * GRANULE, "%p: %lu", view, GetLastError());
    }
    p[GRANULE - 1] = 1;
    p[GRANULE] = 2;
    CHECK(p[2 * GRANULE - 1] == 1 && p[0] == 2, "two sections");
    CHECK(!MapViewOfFile3_function(section, NULL, p, 0, GRANULE, REPLACE, PAGE_READWRITE, NULL, 0),
          "a view replaced");
    CHECK(UnmapViewOfFile2_function(NULL, p, PRESERVE), "unmap: %lu", GetLastError());
    check_at(p, p, MEM_RESERVE, GRANULE, __LINE__);
    CHECK(UnmapViewOfFile2_function(NULL, p + GRANULE, PRESERVE), "unmap: %lu", GetLastError());
    CHECK(VirtualFree(p, 2 * GRANULE, MEM_RELEASE | COALESCE), "join: %lu", GetLastError());
    CHECK(VirtualFree(p, 0, MEM_RELEASE), "free: %lu", GetLastError());
    BYTE *plain = MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    CHECK(!UnmapViewOfFile2_function(NULL, plain, PRESERVE) && plain[0] == 2, "a view without a placeholder");
    CHECK(UnmapViewOfFile(plain), "unmap");
    CloseHandle(section);
}

static void test_offers(void)
{
    DWORD(WINAPI * offer)
    (void *, SIZE_T, int) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "OfferVirtualMemory");
    DWORD(WINAPI * reclaim)
    (void *, SIZE_T) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "ReclaimVirtualMemory");
    DWORD(WINAPI * discard)
    (void *, SIZE_T) = (void *)GetProcAddress(GetModuleHandleA("kernel32"), "DiscardVirtualMemory");
    BYTE *p = VirtualAlloc(NULL, 2 * GRANULE, MEM_RESERVE, PAGE_NOACCESS);
    VirtualAlloc(p, GRANULE, MEM_COMMIT, PAGE_READWRITE);
    CHECK(!offer(p, GRANULE, 4) && !reclaim(p, GRANULE) && !discard(p, 0x1000), "offer");
    p[0] = 1;
    CHECK(offer(p, GRANULE, 5) == ERROR_INVALID_PARAMETER &&
              offer(p + 1, 0x1000, 1) == ERROR_INVALID_PARAMETER &&
              offer(p, 2 * GRANULE, 1) == ERROR_INVALID_PARAMETER && discard(p, 0) == ERROR_INVALID_PARAMETER,
          "bad ranges");
    VirtualFree(p, 0, MEM_RELEASE);
    CHECK(!VirtualAllocFromApp_function(NULL, 0x1000, MEM_COMMIT, PAGE_EXECUTE_READ) &&
              GetLastError() == ERROR_INVALID_PARAMETER,
          "code from a packaged program");
}

int main(void)
{
    FUNCTION(VirtualAlloc2);
    FUNCTION(MapViewOfFile3);
    FUNCTION(UnmapViewOfFile2);
    FUNCTION(VirtualAllocFromApp);
    test_refusals();
    test_private();
    test_views();
    test_offers();
    return check_summary();
}
