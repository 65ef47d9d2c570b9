// How a Lowland process starts another: what the parent sends over a socket, and what the child answers.
#ifndef LOWLAND_CHILD_START_H
#define LOWLAND_CHILD_START_H

#include "dlls/ntdll/unix/debug_event.h"
#include "dlls/ntdll/unix/job_name.h"
#include "dlls/ntdll/unix/object_parcel.h"
#include "dlls/ntdll/unix/token.h"
#include "loader/parameters.h"
#include <limits.h>
#include <stdbool.h>

enum {
    CHILD_HANDLES_MAX = 1024,
    CHILD_DESCRIPTORS_MAX = 240, // that one SCM_RIGHTS message holds, less a reserve
    CHILD_JOBS_MAX = 16,
};

// A handle that the child inherits. The descriptors of all parcels follow each other.
struct child_handle {
    uint32_t value, access, attributes;
    struct object_parcel parcel;
};

// All that a child gets to know. Pointers are the holder's own.
struct child_start {
    int channel;               // of the start; closed at its end
    int peer;                  // the connection that its parent watches it over (peer.h)
    char image_path[PATH_MAX]; // host path
    struct parameters parameters;
    uint32_t parent_pid;
    uint64_t file_limit; // host_file_limit_before
    bool suspended;
    bool host_program; // the image is one of the host's
    uint32_t jobs_n;
    struct job_name jobs[CHILD_JOBS_MAX]; // to join, in this order
    struct debugger debugger;             // whose debuggee it begins as
    bool trace, trace_json;
    char trace_filter[256];
    struct token_parcel token;
    uint32_t handles_n;
    struct child_handle handles[CHILD_HANDLES_MAX];
    uint32_t descriptors_n;
    int descriptors[CHILD_DESCRIPTORS_MAX];
};

// What the child answers once its first thread is parked or runs.
struct child_ready {
    uint32_t magic;
    uint32_t process_id, thread_id;
    gptr peb, teb, entry;
    uint32_t watcher; // the parent's number there (peer.h)
    uint64_t process_created, thread_created;
    NTSTATUS refused; // a job's: the process is not to live
    uint32_t jobs_n;
    struct job_name jobs[JOB_DEPTH_MAX]; // that it is in, innermost first
};

// Parent: starts a child; *ready is its answer, *host_pid the host's process, *peer the parent's end of the
// connection that tells of its end. standard: host descriptors to be its 0, 1 and 2 (-1: ours). -errno on
// failure.
int child_start_spawn(struct child_start *child, const int standard[3], struct child_ready *ready,
                      int *host_pid, int *peer);

// Child: reads everything; ends Lowland with FAIL_HOST when the conversation breaks.
void child_start_receive(struct child_start *child, int channel);
// Child: makes the inherited handles at their values.
void child_start_open_handles(const struct child_start *child);
// Child: joins its jobs, tells the parent that its first thread is parked, then lets that run unless it is to
// stay suspended. The parent hears of what ends from now on.
void child_start_report(const struct child_start *child);

#endif
