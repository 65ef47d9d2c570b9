// How a job is named between processes.
#ifndef LOWLAND_JOB_NAME_H
#define LOWLAND_JOB_NAME_H

#include <stdint.h>

enum { JOB_DEPTH_MAX = 16 }; // jobs nested in each other

// A record of the region and which of the objects it had one after the other. {0, 0}: none.
struct job_name {
    uint32_t index, serial;
};

static inline uint64_t job_name_pack(struct job_name name)
{
    return name.index | (uint64_t)name.serial << 32;
}

static inline struct job_name job_name_unpack(uint64_t word)
{
    return (struct job_name){(uint32_t)word, (uint32_t)(word >> 32)};
}

// What a member tells the process that has a job's port.
struct job_message {
    struct job_name job;
    uint32_t message; // JOB_OBJECT_MSG_*
    uint32_t pid;     // 0: of no process in particular
};

#endif
