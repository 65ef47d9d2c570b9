// SystemRegistryQuotaInformation: how much room the registry has.
#include "prefix.h"
#include "system_answer.h"
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

static uint32_t limited(uint64_t bytes)
{
    return bytes < UINT32_MAX ? (uint32_t)bytes : UINT32_MAX;
}

// The store takes what it needs of its file system; nothing else limits it.
void answer_registry_quota(struct system_answer *answer)
{
    char path[PATH_MAX];
    struct stat store;
    struct statvfs volume;
    uint64_t used = 0, room = 0;
    snprintf(path, sizeof path, "%.4000s/registry/data.mdb", prefix_path());
    if (stat(path, &store) == 0) used = (uint64_t)store.st_blocks * 512;
    if (statvfs(path, &volume) == 0) room = (uint64_t)volume.f_bavail * volume.f_frsize;
    // Allowed, used, and the paged pool that the quota is a part of.
    const uint32_t info[3] = {limited(used + room), limited(used), limited(used + room)};
    answer_append(answer, info, sizeof info);
}
