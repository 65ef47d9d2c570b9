// Working sets page by page, and the machine's memory in sums.
// link: -lpsapi
#define PSAPI_VERSION 1
#include <windows.h>
#include <psapi.h>
#include "tests/check.h"

static void pages(void)
{
    char *memory = VirtualAlloc(NULL, 0x3000, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    PSAPI_WORKING_SET_EX_INFORMATION pages[2] = {{.VirtualAddress = memory},
                                                 {.VirtualAddress = (void *)0x1000}};
    memory[0] = 1;
    CHECK(QueryWorkingSetEx(GetCurrentProcess(), pages, sizeof(pages)), "error %lu", GetLastError());
    CHECK(pages[0].VirtualAttributes.Valid, "what was written isn't there");
    CHECK(!pages[1].VirtualAttributes.Valid, "what isn't committed is there");
    VirtualFree(memory, 0, MEM_RELEASE);
}

static void working_set(void)
{
    static struct {
        ULONG_PTR count;
        PSAPI_WORKING_SET_BLOCK blocks[1 << 18];
    } set;
    static char written[4096];
    BOOL found = FALSE;
    written[0] = 1;
    ULONG_PTR few[2] = {0, 0};
    CHECK(!QueryWorkingSet(GetCurrentProcess(), few, sizeof(few)), "it fitted");
    CHECK_EQUAL(GetLastError(), ERROR_BAD_LENGTH);
    CHECK(few[0] > 1, "%lu pages", few[0]);
    CHECK(QueryWorkingSet(GetCurrentProcess(), &set, sizeof(set)), "error %lu", GetLastError());
    for (ULONG_PTR i = 0; i < set.count && !found; i++)
        found = set.blocks[i].VirtualPage == (ULONG_PTR)written >> 12;
    CHECK(found, "a page in use is lacking");
}

static void sums(void)
{
    PERFORMANCE_INFORMATION info;
    CHECK(!GetPerformanceInfo(&info, sizeof(info) - 1), "a short structure");
    CHECK_EQUAL(GetLastError(), ERROR_BAD_LENGTH);
    CHECK(GetPerformanceInfo(&info, sizeof(info)), "error %lu", GetLastError());
    CHECK_EQUAL(info.PageSize, 4096);
    CHECK(info.PhysicalTotal > info.PhysicalAvailable && info.PhysicalAvailable, "%lu of %lu",
          info.PhysicalAvailable, info.PhysicalTotal);
    CHECK(info.ProcessCount && info.ThreadCount >= info.ProcessCount, "%lu threads", info.ThreadCount);
}

int main(void)
{
    pages();
    working_set();
    sums();
    return check_summary();
}
