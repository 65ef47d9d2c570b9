// What can be asked of a process and set, below the calls: for its own process and for others.
#ifndef LOWLAND_PROCESS_INFO_H
#define LOWLAND_PROCESS_INFO_H

#include "process_object.h"

// NtSetInformationProcess of a 4-byte class (or of the priority class) on this process.
// STATUS_INVALID_PARAMETER, STATUS_INVALID_INFO_CLASS.
NTSTATUS process_set_value(uint32_t class, uint32_t value);

// The DOS path of this process's program, from its parameters, at most capacity units; 0 when they are not
// readable.
uint32_t process_own_name(uint16_t *name, uint32_t capacity);

enum { PROGRAM_NAME_MAX = 0x1000 };

// The DOS path of any process's program: *name is own, or memory that stays while the process is retained.
// STATUS_ACCESS_VIOLATION (parameters unreadable), STATUS_PROCESS_IS_TERMINATING.
NTSTATUS process_program(struct process_object *process, uint16_t own[PROGRAM_NAME_MAX], const uint16_t **name,
                         uint32_t *length);
// The same as an NT path (\Device\HarddiskVolume3\...); name has room for PROGRAM_NAME_MAX + 32 units.
NTSTATUS process_nt_program(struct process_object *process, uint16_t *name, uint32_t *length);
// CPU time that a process of the host has used so far; leaves *times alone when it is gone.
struct kernel_user_times;
void process_cpu_times(int host_pid, struct kernel_user_times *times);
// Adds what a process has read and written, by /proc; nothing when it is gone. (process_detail.c)
void process_io_counters(int host_pid, IO_COUNTERS32 *counters);

// The following are requests to another process (peer_process.c).

// Brings what the object says of a running process up to date.
NTSTATUS peer_process_refresh(struct process_object *process);
NTSTATUS peer_process_set(struct process_object *process, uint32_t class, uint32_t value);
// Its program's path: kept, so that it is known when the process is gone. NULL when it can't be had.
const struct process_name *peer_process_name(struct process_object *process);
// Ends it, by force if it does not answer. STATUS_PROCESS_IS_TERMINATING.
NTSTATUS peer_process_terminate(struct process_object *process, uint32_t status);
NTSTATUS peer_process_suspend(struct process_object *process, bool resume);

#endif
