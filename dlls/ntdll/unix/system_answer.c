// Answers of changing length: appended to in host memory, then written to the guest.
#include "system_answer.h"
#include <stdlib.h>
#include <string.h>

uint32_t answer_append(struct system_answer *answer, const void *bytes, uint32_t size)
{
    uint32_t at = answer->size;
    if (at + size > answer->capacity) {
        uint32_t wanted = (at + size) * 2;
        uint8_t *larger = realloc(answer->bytes, wanted);
        if (!larger) {
            answer->failed = true;
            return 0;
        }
        answer->bytes = larger;
        answer->capacity = wanted;
    }
    if (bytes)
        memcpy(answer->bytes + at, bytes, size);
    else
        memset(answer->bytes + at, 0, size);
    answer->size += size;
    return at;
}

NTSTATUS answer_deliver(struct system_answer *answer, uint32_t size, gptr buffer, uint32_t length,
                        NTSTATUS too_short)
{
    NTSTATUS status = STATUS_SUCCESS;
    if (answer->failed)
        status = STATUS_NO_MEMORY;
    else if (length < size)
        status = too_short;
    else if (size && !guest_write(buffer, answer->bytes, size))
        status = STATUS_ACCESS_VIOLATION;
    free(answer->bytes);
    return status;
}
