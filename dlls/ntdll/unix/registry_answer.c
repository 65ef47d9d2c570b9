// Answers of registry queries, and names of the guest: the two ways across the boundary, outside of
// transactions.
#include "guest_constants.h"
#include "registry_key.h"
#include <stdlib.h>
#include <string.h>

uint8_t *registry_answer_begin(struct registry_answer *answer, uint32_t size, uint32_t fixed)
{
    registry_answer_free(answer);
    answer->bytes = size <= sizeof answer->small ? answer->small : malloc(size);
    answer->size = size;
    answer->fixed = fixed;
    if (answer->bytes) memset(answer->bytes, 0, fixed);
    return answer->bytes;
}

NTSTATUS registry_answer_end(struct registry_answer *answer, gptr buffer, uint32_t length, uint32_t *needed)
{
    *needed = answer->size;
    if (length < answer->fixed) return STATUS_BUFFER_TOO_SMALL;
    uint32_t size = length < answer->size ? length : answer->size;
    if (!guest_write(buffer, answer->bytes, size)) return STATUS_ACCESS_VIOLATION;
    return size < answer->size ? STATUS_BUFFER_OVERFLOW : STATUS_SUCCESS;
}

void registry_answer_free(struct registry_answer *answer)
{
    if (answer->bytes != answer->small) free(answer->bytes);
    answer->bytes = NULL;
}

NTSTATUS captured_name_read(struct captured_name *name, const UNICODE_STRING32 *string, uint32_t max,
                            NTSTATUS too_long)
{
    uint32_t count = string->Length / 2;
    name->allocated = NULL;
    if (count > max) return too_long;
    if (count > sizeof name->small / 2 && !(name->allocated = malloc(count * 2))) return STATUS_NO_MEMORY;
    uint16_t *text = name->allocated ? name->allocated : name->small;
    name->units = (struct units){text, count};
    if (guest_read(text, string->Buffer, count * 2)) return STATUS_SUCCESS;
    captured_name_free(name);
    return STATUS_ACCESS_VIOLATION;
}

void captured_name_free(struct captured_name *name)
{
    free(name->allocated);
    name->allocated = NULL;
}
