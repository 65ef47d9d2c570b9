// What NtQuerySystemInformation tells of the machine's memory, from sysinfo and /proc/meminfo.
#include "system_answer.h"
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>

enum { PAGE = 4096 };

// Bytes.
struct memory {
    uint64_t total, free, available, cached;
    uint64_t swap, swap_free;
};

static void read_memory(struct memory *memory)
{
    struct sysinfo info = {0};
    char line[128];
    unsigned long long kib;
    sysinfo(&info);
    const uint64_t unit = info.mem_unit ? info.mem_unit : 1;
    *memory = (struct memory){.total = info.totalram * unit,
                              .free = info.freeram * unit,
                              .available = (info.freeram + info.bufferram) * unit,
                              .cached = info.bufferram * unit,
                              .swap = info.totalswap * unit,
                              .swap_free = info.freeswap * unit};
    // What the kernel would give up for programs counts as free, too.
    FILE *file = fopen("/proc/meminfo", "re");
    while (file && fgets(line, sizeof line, file)) {
        if (sscanf(line, "MemAvailable: %llu", &kib) == 1) memory->available = kib * 1024;
        if (sscanf(line, "Cached: %llu", &kib) == 1) memory->cached += kib * 1024;
    }
    if (file) fclose(file);
}

// What may be committed with swap, and what is.
static uint64_t commit_limit(const struct memory *memory)
{
    return memory->total + memory->swap;
}

static uint64_t committed(const struct memory *memory)
{
    return commit_limit(memory) - memory->available - memory->swap_free;
}

void answer_performance(struct system_answer *answer)
{
    struct memory memory;
    read_memory(&memory);
    SYSTEM_PERFORMANCE_INFORMATION32 info = {
        .AvailablePages = (uint32_t)(memory.available / PAGE),
        .TotalCommittedPages = (uint32_t)(committed(&memory) / PAGE),
        .TotalCommitLimit = (uint32_t)(commit_limit(&memory) / PAGE),
        .PeakCommitment = (uint32_t)(committed(&memory) / PAGE),
    };
    FILE *file = fopen("/proc/uptime", "re");
    double up, idle;
    if (file && fscanf(file, "%lf %lf", &up, &idle) == 2) info.IdleTime.QuadPart = (int64_t)(idle * 1e7);
    if (file) fclose(file);
    answer_append(answer, &info, sizeof info);
}

void answer_basic_performance(struct system_answer *answer)
{
    struct memory memory;
    read_memory(&memory);
    const SYSTEM_BASIC_PERFORMANCE_INFORMATION32 info = {
        .AvailablePages = (uint32_t)(memory.available / PAGE),
        .CommittedPages = (uint32_t)(committed(&memory) / PAGE),
        .CommitLimit = (uint32_t)(commit_limit(&memory) / PAGE),
        .PeakCommitment = (uint32_t)(committed(&memory) / PAGE),
    };
    answer_append(answer, &info, sizeof info);
}

static uint32_t limited(uint64_t bytes)
{
    return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX - PAGE + 1;
}

// The host's cache takes what nobody else needs: its limits are none.
void answer_file_cache(struct system_answer *answer)
{
    struct memory memory;
    read_memory(&memory);
    const SYSTEM_FILECACHE_INFORMATION32 info = {
        .CurrentSize = limited(memory.cached),
        .PeakSize = limited(memory.cached),
        .MinimumWorkingSet = 1,
        .MaximumWorkingSet = (uint32_t)(memory.total / PAGE),
        .CurrentSizeIncludingTransitionInPages = (uint32_t)(memory.cached / PAGE),
        .PeakSizeIncludingTransitionInPages = (uint32_t)(memory.cached / PAGE),
    };
    answer_append(answer, &info, sizeof info);
}

void answer_memory_lists(struct system_answer *answer)
{
    enum { NORMAL_PRIORITY = 5 };
    struct memory memory;
    read_memory(&memory);
    SYSTEM_MEMORY_LIST_INFORMATION32 info = {.FreePageCount = (uint32_t)(memory.free / PAGE)};
    if (memory.available > memory.free)
        info.PageCountByPriority[NORMAL_PRIORITY] = (uint32_t)((memory.available - memory.free) / PAGE);
    answer_append(answer, &info, sizeof info);
}

void answer_memory_usage(struct system_answer *answer)
{
    struct memory memory;
    read_memory(&memory);
    const SYSTEM_MEMORY_USAGE_INFORMATION32 info = {
        .TotalPhysicalBytes = memory.total,
        .AvailableBytes = memory.available,
        .ResidentAvailableBytes = (int64_t)memory.available,
        .CommittedBytes = committed(&memory),
        .CommitLimitBytes = commit_limit(&memory),
        .PeakCommitmentBytes = committed(&memory),
    };
    answer_append(answer, &info, sizeof info);
}

void answer_physical_memory(struct system_answer *answer)
{
    struct memory memory;
    read_memory(&memory);
    const SYSTEM_PHYSICAL_MEMORY_INFORMATION32 info = {.TotalPhysicalBytes = memory.total,
                                                       .LowestPhysicalAddress = PAGE,
                                                       .HighestPhysicalAddress = memory.total};
    answer_append(answer, &info, sizeof info);
}

// The host's swap, as one file; none where it has none.
void answer_page_files(struct system_answer *answer)
{
    static const char path[] = "\\??\\C:\\pagefile.sys";
    struct memory memory;
    read_memory(&memory);
    if (!memory.swap) return;
    SYSTEM_PAGEFILE_INFORMATION32 info = {
        .CurrentSize = (uint32_t)(memory.swap / PAGE),
        .TotalUsed = (uint32_t)((memory.swap - memory.swap_free) / PAGE),
        .PeakUsed = (uint32_t)((memory.swap - memory.swap_free) / PAGE),
    };
    info.FileName = (UNICODE_STRING32){.Length = sizeof path * 2 - 2,
                                       .MaximumLength = sizeof path * 2,
                                       .Buffer = answer->address + (uint32_t)sizeof info};
    answer_append(answer, &info, sizeof info);
    for (size_t i = 0; i < sizeof path; i++) {
        const uint16_t unit = (uint8_t)path[i];
        answer_append(answer, &unit, sizeof unit);
    }
}

// SYSTEM_NUMA_INFORMATION (phnt's ntexapi.h): the highest node, then the bytes available on each.
void answer_numa_memory(struct system_answer *answer)
{
    const uint32_t head[2] = {0};
    struct memory memory;
    read_memory(&memory);
    answer_append(answer, head, sizeof head);
    answer_append(answer, &memory.available, sizeof memory.available);
}
