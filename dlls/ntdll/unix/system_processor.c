// What NtQuerySystemInformation tells of processors: cores, caches, packages as sysfs has them, and their
// times. The processors that the process may use are numbered without gaps.
#include "dlls/ntdll/unix/system_answer.h"
#include "dlls/ntdll/unix/thread_times.h"
#include "loader/host_cpu.h"
#include "loader/process.h"
#include <cpuid.h>
#include <sched.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROCESSORS_MAX = 32, CACHES_MAX = 8, LTP_PC_SMT = 1 };

struct topology {
    uint32_t count;
    int host[PROCESSORS_MAX]; // the host's number of each
    uint32_t all;
};

static void get_topology(struct topology *topology)
{
    cpu_set_t set;
    topology->count = 0;
    if (sched_getaffinity(0, sizeof set, &set) != 0) CPU_ZERO(&set);
    for (int cpu = 0; cpu < CPU_SETSIZE && topology->count < PROCESSORS_MAX; cpu++)
        if (CPU_ISSET(cpu, &set)) topology->host[topology->count++] = cpu;
    if (!topology->count) topology->host[topology->count++] = 0;
    topology->all = topology->count == 32 ? UINT32_MAX : (1u << topology->count) - 1;
}

// Reads a file of /sys/devices/system/cpu/cpuN; false when it is not there.
static bool read_text(int cpu, const char *name, char *text, int size)
{
    char path[128];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%d/%s", cpu, name);
    FILE *file = fopen(path, "re");
    if (!file) return false;
    bool good = fgets(text, size, file) != NULL;
    fclose(file);
    return good;
}

static unsigned read_number(int cpu, const char *name)
{
    char text[64];
    return read_text(cpu, name, text, sizeof text) ? (unsigned)strtoul(text, NULL, 10) : 0;
}

// A list like "0-3,8" as a mask of our numbers; otherwise only the processor itself.
static uint32_t read_mask(const struct topology *topology, uint32_t index, const char *name)
{
    char text[512];
    uint32_t mask = 1u << index;
    if (!read_text(topology->host[index], name, text, sizeof text)) return mask;
    for (char *at = text; *at && *at != '\n';) {
        long first = strtol(at, &at, 10), last = first;
        if (*at == '-') last = strtol(at + 1, &at, 10);
        for (uint32_t i = 0; i < topology->count; i++)
            if (topology->host[i] >= first && topology->host[i] <= last) mask |= 1u << i;
        if (*at == ',')
            at++;
        else
            break;
    }
    return mask;
}

struct cache {
    CACHE_DESCRIPTOR32 descriptor;
    uint32_t mask;
};

static bool read_cache(const struct topology *topology, uint32_t index, int number, struct cache *cache)
{
    char name[64], text[64];
    int cpu = topology->host[index];
    snprintf(name, sizeof name, "cache/index%d/type", number);
    if (!read_text(cpu, name, text, sizeof text)) return false;
    cache->descriptor.Type = *text == 'I' ? CacheInstruction : *text == 'D' ? CacheData : CacheUnified;
    snprintf(name, sizeof name, "cache/index%d/level", number);
    cache->descriptor.Level = (uint8_t)read_number(cpu, name);
    snprintf(name, sizeof name, "cache/index%d/coherency_line_size", number);
    cache->descriptor.LineSize = (uint16_t)read_number(cpu, name);
    snprintf(name, sizeof name, "cache/index%d/ways_of_associativity", number);
    cache->descriptor.Associativity = (uint8_t)read_number(cpu, name);
    snprintf(name, sizeof name, "cache/index%d/size", number);
    cache->descriptor.Size = read_number(cpu, name) * 1024;
    snprintf(name, sizeof name, "cache/index%d/shared_cpu_list", number);
    cache->mask = read_mask(topology, index, name);
    return true;
}

// Calls visit for each core, cache, package and node: relation, processors, what else there is to say.
static void for_each_relation(const struct topology *topology,
                              void (*visit)(void *context, uint32_t relation, uint32_t mask,
                                            const CACHE_DESCRIPTOR32 *cache),
                              void *context)
{
    for (uint32_t i = 0; i < topology->count; i++) {
        uint32_t below = (1u << i) - 1; // a part is reported with its first processor
        uint32_t core = read_mask(topology, i, "topology/thread_siblings_list");
        uint32_t package = read_mask(topology, i, "topology/core_siblings_list");
        if (!(core & below)) visit(context, RelationProcessorCore, core, NULL);
        if (!(package & below)) visit(context, RelationProcessorPackage, package, NULL);
        struct cache cache;
        for (int number = 0; number < CACHES_MAX && read_cache(topology, i, number, &cache); number++)
            if (!(cache.mask & below)) visit(context, RelationCache, cache.mask, &cache.descriptor);
    }
    visit(context, RelationNumaNode, topology->all, NULL);
}

static void append_plain(void *context, uint32_t relation, uint32_t mask, const CACHE_DESCRIPTOR32 *cache)
{
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION32 info = {.ProcessorMask = mask, .Relationship = relation};
    if (cache) info.Cache = *cache;
    if (relation == RelationProcessorCore) info.ProcessorCore.Flags = mask & (mask - 1) ? LTP_PC_SMT : 0;
    answer_append(context, &info, sizeof info);
}

void answer_processors(struct system_answer *answer)
{
    struct topology topology;
    get_topology(&topology);
    for_each_relation(&topology, append_plain, answer);
}

struct extended {
    struct system_answer *answer;
    uint32_t wanted;
};

static void append_extended(void *context, uint32_t relation, uint32_t mask, const CACHE_DESCRIPTOR32 *cache)
{
    struct extended *extended = context;
    if (extended->wanted != RelationAll && extended->wanted != relation) return;
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX32 info = {.Relationship = relation};
    const GROUP_AFFINITY32 affinity = {.Mask = mask};
    uint32_t size = offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX32, Processor);
    switch (relation) {
    case RelationCache:
        info.Cache.Level = cache->Level;
        info.Cache.Associativity = cache->Associativity;
        info.Cache.LineSize = cache->LineSize;
        info.Cache.CacheSize = cache->Size;
        info.Cache.Type = cache->Type;
        info.Cache.GroupMask = affinity;
        size += sizeof info.Cache;
        break;
    case RelationNumaNode:
        info.NumaNode.GroupMask = affinity;
        size += sizeof info.NumaNode;
        break;
    default:
        if (relation == RelationProcessorCore) info.Processor.Flags = mask & (mask - 1) ? LTP_PC_SMT : 0;
        info.Processor.GroupCount = 1;
        info.Processor.GroupMask[0] = affinity;
        size += sizeof info.Processor;
    }
    info.Size = size;
    answer_append(extended->answer, &info, size);
}

void answer_processors_extended(struct system_answer *answer, uint32_t relationship)
{
    struct topology topology;
    struct extended extended = {.answer = answer, .wanted = relationship};
    get_topology(&topology);
    for_each_relation(&topology, append_extended, &extended);
    if (relationship != RelationAll && relationship != RelationGroup) return;
    SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX32 info = {.Relationship = RelationGroup};
    info.Size = offsetof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX32, Group) + sizeof info.Group;
    info.Group.MaximumGroupCount = info.Group.ActiveGroupCount = 1;
    info.Group.GroupInfo[0].MaximumProcessorCount = (uint8_t)topology.count;
    info.Group.GroupInfo[0].ActiveProcessorCount = (uint8_t)topology.count;
    info.Group.GroupInfo[0].ActiveProcessorMask = topology.all;
    answer_append(answer, &info, info.Size);
}

// Times of a processor since the host started, 100 ns units.
struct processor_times {
    int64_t user, kernel, idle;
};

static void read_processor_times(const struct topology *topology, struct processor_times *times)
{
    char line[256];
    int64_t unit = 10000000 / sysconf(_SC_CLK_TCK);
    memset(times, 0, topology->count * sizeof *times);
    FILE *file = fopen("/proc/stat", "re");
    if (!file) return;
    while (fgets(line, sizeof line, file)) {
        int cpu;
        long long user, nice, system, idle, io;
        if (sscanf(line, "cpu%d %lld %lld %lld %lld %lld", &cpu, &user, &nice, &system, &idle, &io) != 6)
            continue;
        for (uint32_t i = 0; i < topology->count; i++)
            if (topology->host[i] == cpu)
                times[i] = (struct processor_times){
                    .user = (user + nice) * unit, .kernel = system * unit, .idle = (idle + io) * unit};
    }
    fclose(file);
}

void answer_processor_times(struct system_answer *answer)
{
    struct topology topology;
    struct processor_times times[PROCESSORS_MAX];
    get_topology(&topology);
    read_processor_times(&topology, times);
    for (uint32_t i = 0; i < topology.count; i++) {
        // Kernel time counts the idle time in.
        SYSTEM_PROCESSOR_PERFORMANCE_INFORMATION32 info = {0};
        info.IdleTime.QuadPart = times[i].idle;
        info.KernelTime.QuadPart = times[i].kernel + times[i].idle;
        info.UserTime.QuadPart = times[i].user;
        answer_append(answer, &info, sizeof info);
    }
}

void answer_processor_idle_cycles(struct system_answer *answer)
{
    struct topology topology;
    struct processor_times times[PROCESSORS_MAX];
    get_topology(&topology);
    read_processor_times(&topology, times);
    for (uint32_t i = 0; i < topology.count; i++) {
        uint64_t cycles = thread_times_cycles((uint64_t)times[i].idle);
        answer_append(answer, &cycles, sizeof cycles);
    }
}

// SYSTEM_CPU_SET_INFORMATION (Microsoft's documentation of GetSystemCpuSetInformation).
void answer_cpu_sets(struct system_answer *answer)
{
    enum { FIRST_ID = 0x100 };
    const uint32_t mask = process_affinity();
    for (uint32_t number = 0; number < 32 && mask >> number; number++) {
        struct {
            uint32_t size, type, id;
            uint16_t group;
            uint8_t processor, core, cache, node, efficiency, flags;
            uint32_t scheduling;
            uint64_t tag;
        } __attribute__((packed)) set = {.size = sizeof set,
                                         .id = FIRST_ID + number,
                                         .processor = (uint8_t)number,
                                         .core = (uint8_t)number};
        _Static_assert(sizeof set == 32, "as documented");
        answer_append(answer, &set, sizeof set);
    }
}

// ---- counters ----

// A number of /proc/stat behind a name at a line's start.
static uint64_t stat_number(const char *name)
{
    char line[4096], format[32];
    unsigned long long number = 0;
    FILE *file = fopen("/proc/stat", "re");
    snprintf(format, sizeof format, "%s %%llu", name);
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, format, &number) == 1) break;
    if (file) fclose(file);
    return number;
}

// The host counts switches and soft interrupts (what deferred procedure calls are elsewhere) for all processors
// together: each gets its share.
void answer_interrupts(struct system_answer *answer)
{
    enum { CLOCK_INCREMENT = 156250 };
    struct topology topology;
    get_topology(&topology);
    const uint64_t switches = stat_number("ctxt"), deferred = stat_number("softirq");
    for (uint32_t i = 0; i < topology.count; i++) {
        const SYSTEM_INTERRUPT_COUNTS32 info = {.ContextSwitches = (uint32_t)(switches / topology.count),
                                                .DpcCount = (uint32_t)(deferred / topology.count),
                                                .TimeIncrement = CLOCK_INCREMENT};
        answer_append(answer, &info, sizeof info);
    }
}

void answer_context_switches(struct system_answer *answer)
{
    const SYSTEM_CONTEXT_SWITCHES32 info = {.ContextSwitches = (uint32_t)stat_number("ctxt")};
    answer_append(answer, &info, sizeof info);
}

// In which state a processor idled is not told: all of it counts as the first.
void answer_processor_idle(struct system_answer *answer)
{
    struct topology topology;
    struct processor_times times[PROCESSORS_MAX];
    get_topology(&topology);
    read_processor_times(&topology, times);
    for (uint32_t i = 0; i < topology.count; i++) {
        const SYSTEM_PROCESSOR_IDLE_INFORMATION32 info = {.IdleTime = (uint64_t)times[i].idle,
                                                          .C1Time = (uint64_t)times[i].idle};
        answer_append(answer, &info, sizeof info);
    }
}

void answer_processor_cycles(struct system_answer *answer)
{
    struct topology topology;
    struct processor_times times[PROCESSORS_MAX];
    get_topology(&topology);
    read_processor_times(&topology, times);
    for (uint32_t i = 0; i < topology.count; i++) {
        const uint64_t cycles =
            thread_times_cycles((uint64_t)(times[i].user + times[i].kernel + times[i].idle));
        answer_append(answer, &cycles, sizeof cycles);
    }
}

// CPUID 80000002h to 80000004h: 48 characters at most.
void answer_processor_brand(struct system_answer *answer)
{
    enum { FIRST = 0x80000002u - 0x80000000u, PARTS = 3 };
    uint32_t brand[PARTS * 4 + 1] = {0};
    for (uint32_t i = 0; i < PARTS; i++)
        __get_cpuid(0x80000000u + FIRST + i, &brand[i * 4], &brand[i * 4 + 1], &brand[i * 4 + 2], &brand[i * 4 + 3]);
    answer_append(answer, brand, (uint32_t)strlen((const char *)brand) + 1);
}

// SYSTEM_NUMA_INFORMATION (phnt's ntexapi.h): the highest node, then an affinity for each.
void answer_numa_processors(struct system_answer *answer)
{
    const uint32_t head[2] = {0};
    const GROUP_AFFINITY32 affinity = {.Mask = process_affinity()};
    answer_append(answer, head, sizeof head);
    answer_append(answer, &affinity, sizeof affinity);
}
