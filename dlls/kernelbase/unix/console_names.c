// Names and lists of them, to and from the guest; and comparing names.
#include "console_names.h"
#include "dlls/ntdll/unix/process_info.h"
#include "loader/guest.h"
#include <string.h>

NTSTATUS console_name_read(struct console_name *name, gptr text, uint32_t bytes)
{
    if (bytes / 2 > CONSOLE_NAME) return STATUS_INVALID_PARAMETER;
    name->length = bytes / 2;
    return guest_read(name->units, text, bytes & ~1u) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS console_list_write(gptr list, uint32_t size, const uint16_t *text, uint32_t n)
{
    if (n > size) return STATUS_BUFFER_TOO_SMALL;
    return guest_write(list, text, n) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

void console_name_own(struct console_name *name)
{
    uint32_t n = process_own_name(name->units, CONSOLE_NAME), start = n;
    while (start > 0 && name->units[start - 1] != '\\') start--;
    name->length = n - start;
    memmove(name->units, name->units + start, name->length * sizeof *name->units);
}

static uint16_t lower(uint16_t unit)
{
    return unit >= 'A' && unit <= 'Z' ? unit + 32 : unit;
}

bool console_names_equal(const uint16_t *a, size_t a_length, const uint16_t *b, size_t b_length)
{
    if (a_length != b_length) return false;
    for (size_t i = 0; i < a_length; i++)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}
