// Answers of changing length, as of NtQuerySystemInformation: built in host memory, then written to the guest
// in one piece.
#ifndef LOWLAND_SYSTEM_ANSWER_H
#define LOWLAND_SYSTEM_ANSWER_H

#include "guest_types.h"
#include "guest_constants.h"
#include "loader/guest.h"
#include <stdbool.h>

struct system_answer {
    uint8_t *bytes;
    uint32_t size, capacity;
    gptr address; // where the answer will lie in the guest: for pointers into itself
    bool failed;  // no memory
};

// Appends bytes (zeroes for NULL) and returns their offset. Room that is not there sets failed.
uint32_t answer_append(struct system_answer *answer, const void *bytes, uint32_t size);
// Writes the answer's first bytes to a buffer and gives its memory back. STATUS_NO_MEMORY if it failed,
// too_short where they do not fit, STATUS_ACCESS_VIOLATION.
NTSTATUS answer_deliver(struct system_answer *answer, uint32_t size, gptr buffer, uint32_t length,
                        NTSTATUS too_short);

// system_process.c
// This process, its threads and its name; pointers count from the answer's address. extended: with
// SYSTEM_EXTENDED_THREAD_INFORMATION.
void answer_own_process(struct system_answer *answer, bool extended);
// Appends what another process said of itself that way, checked and with its pointers made right. *last:
// where the entry before it begins, then this one.
void answer_foreign_process(struct system_answer *answer, uint32_t *last, void *bytes, uint32_t size,
                            bool extended);
// Appends every other process of the prefix. (peer_process.c)
void peer_list_processes(struct system_answer *answer, bool extended);
void answer_processes(struct system_answer *answer, bool extended);
// SystemProcessIdInformation and SystemSessionProcessInformation: the buffer says what is asked.
NTSTATUS process_id_query(gptr buffer, uint32_t length, uint32_t *result_length);
NTSTATUS session_processes_query(gptr buffer, uint32_t length, uint32_t *result_length);
void answer_handles(struct system_answer *answer);
void answer_handles_extended(struct system_answer *answer);

// system_registry.c
void answer_registry_quota(struct system_answer *answer);

// system_processor.c
// One record for each of the processors, in Windows' form of CPU sets.
void answer_cpu_sets(struct system_answer *answer);
void answer_processors(struct system_answer *answer);
void answer_processors_extended(struct system_answer *answer, uint32_t relationship);
void answer_processor_times(struct system_answer *answer);
void answer_processor_idle_cycles(struct system_answer *answer);

void answer_interrupts(struct system_answer *answer);
void answer_context_switches(struct system_answer *answer);
void answer_processor_idle(struct system_answer *answer);
void answer_processor_cycles(struct system_answer *answer);
void answer_processor_brand(struct system_answer *answer);
void answer_numa_processors(struct system_answer *answer);

// system_memory.c
void answer_performance(struct system_answer *answer);
void answer_basic_performance(struct system_answer *answer);
void answer_file_cache(struct system_answer *answer);
void answer_memory_lists(struct system_answer *answer);
void answer_memory_usage(struct system_answer *answer);
void answer_physical_memory(struct system_answer *answer);
void answer_page_files(struct system_answer *answer);
void answer_numa_memory(struct system_answer *answer);

// system_firmware.c
void answer_boot_environment(struct system_answer *answer);
void answer_secure_boot(struct system_answer *answer);
// SystemFirmwareTableInformation: the buffer says which table, and gets it. STATUS_INFO_LENGTH_MISMATCH,
// STATUS_BUFFER_TOO_SMALL, STATUS_NOT_FOUND, STATUS_NOT_IMPLEMENTED, STATUS_INVALID_PARAMETER.
NTSTATUS firmware_table_query(gptr buffer, uint32_t length, uint32_t *result_length);

#endif
