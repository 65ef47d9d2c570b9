// The table of object types in the order of their numbers, and what NtQueryObject says of types. Layout:
// phnt's ntobapi.h.
#include "object_types.h"
#include "debug_event.h"
#include "directory.h"
#include "file.h"
#include "io_completion.h"
#include "job.h"
#include "port.h"
#include "process_object.h"
#include "registry_key.h"
#include "reserve.h"
#include "section.h"
#include "sync_types.h"
#include "system_answer.h"
#include "thread_object.h"
#include "token.h"
#include "transaction.h"
#include "wait_packet.h"
#include <string.h>

enum { FIRST_INDEX = 2, POINTER = 4 };

static const struct object_type *const types[] = {
    &directory_type, &symbolic_link_type, &token_type,         &job_type,
    &process_type,   &thread_type,        &apc_reserve_type,   &io_completion_reserve_type,
    &debug_type,     &event_type,         &mutant_type,        &semaphore_type,
    &timer_type,     &keyed_event_type,   &io_completion_type, &wait_packet_type,
    &file_type,      &section_type,       &registry_key_type,  &port_type,
    &transaction_type,   &registry_transaction_type,
};
enum { TYPES = sizeof types / sizeof *types };

uint32_t object_type_index(const struct object_type *type)
{
    for (uint32_t i = 0; i < TYPES; i++)
        if (types[i] == type) return FIRST_INDEX + i;
    return 0;
}

// ---- how many there are in this process ----

struct census {
    uint32_t handles[TYPES];
};

static void count(HANDLE32 handle, struct object *object, ACCESS_MASK32 access, uint32_t attributes,
                  void *context)
{
    struct census *census = context;
    uint32_t index = object_type_index(object->type);
    (void)handle, (void)access, (void)attributes;
    if (index) census->handles[index - FIRST_INDEX]++;
}

static void take_census(struct census *census)
{
    memset(census, 0, sizeof *census);
    handle_for_each(0, count, census);
}

// ---- answers ----

// The structure and behind it the name with its NUL. The number stands in the byte after MaintainHandleCount.
static void append_type(struct system_answer *answer, const struct object_type *type,
                        const struct census *census)
{
    const uint32_t length = (uint32_t)strlen(type->name), index = object_type_index(type);
    OBJECT_TYPE_INFORMATION32 info = {.GenericMapping = type->mapping, .ValidAccessMask = type->valid_access};
    uint32_t at = answer_append(answer, &info, sizeof info);
    uint32_t name = answer->size;
    for (uint32_t i = 0; i <= length; i++) {
        const uint16_t unit = (uint8_t)type->name[i];
        answer_append(answer, &unit, sizeof unit);
    }
    if (answer->failed) return;
    info.TypeName = (UNICODE_STRING32){.Length = (uint16_t)(length * 2),
                                       .MaximumLength = (uint16_t)(length * 2 + 2),
                                       .Buffer = answer->address + name};
    if (index) {
        // Objects are not counted: at most as many as handles.
        info.TotalNumberOfObjects = info.HighWaterNumberOfObjects = census->handles[index - FIRST_INDEX];
        info.TotalNumberOfHandles = info.HighWaterNumberOfHandles = census->handles[index - FIRST_INDEX];
    }
    memcpy(answer->bytes + at, &info, sizeof info);
    answer->bytes[at + offsetof(OBJECT_TYPE_INFORMATION32, MaintainHandleCount) + 1] = (uint8_t)index;
}

static NTSTATUS deliver(struct system_answer *answer, gptr buffer, uint32_t length, uint32_t *needed)
{
    *needed = answer->size;
    return answer_deliver(answer, answer->size, buffer, length, STATUS_INFO_LENGTH_MISMATCH);
}

NTSTATUS object_type_query(const struct object_type *type, gptr buffer, uint32_t length, uint32_t *needed)
{
    struct system_answer answer = {.address = buffer};
    struct census census;
    take_census(&census);
    append_type(&answer, type, &census);
    return deliver(&answer, buffer, length, needed);
}

NTSTATUS object_types_query(gptr buffer, uint32_t length, uint32_t *needed)
{
    struct system_answer answer = {.address = buffer};
    const OBJECT_TYPES_INFORMATION32 head = {.NumberOfTypes = TYPES};
    struct census census;
    take_census(&census);
    answer_append(&answer, &head, sizeof head);
    for (uint32_t i = 0; i < TYPES; i++) {
        append_type(&answer, types[i], &census);
        answer_append(&answer, NULL, -answer.size & (POINTER - 1));
    }
    return deliver(&answer, buffer, length, needed);
}
