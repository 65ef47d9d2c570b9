// NtRaiseHardError: a message that somebody is to answer. There is nobody to ask, so it is printed and
// answered as Windows answers where no one can be asked. Source: phnt's ntexapi.h.
#include "ntdll_host.h"
#include "token.h"
#include <stdio.h>
#include <unistd.h>

enum {
    PARAMETERS_MAX = 5,
    OPTION_SHUTDOWN_SYSTEM = 6,
    OPTIONS = 9,
    RESPONSE_RETURN_TO_CALLER = 0,
    TEXT_MAX = 512,
};

// Appends a string parameter, as far as it is ASCII and there is room. False when it can't be read.
static bool append_string(char *text, size_t size, size_t *used, gptr address)
{
    UNICODE_STRING32 string;
    uint16_t units[128];
    if (!guest_read(&string, address, sizeof string)) return false;
    uint32_t n = string.Length / 2;
    if (n > sizeof units / sizeof *units) n = sizeof units / sizeof *units;
    if (!guest_read(units, string.Buffer, n * 2)) return false;
    for (uint32_t i = 0; i < n && *used + 1 < size; i++)
        text[(*used)++] = units[i] >= ' ' && units[i] < 0x7f ? (char)units[i] : '?';
    text[*used] = 0;
    return true;
}

// strings: a bit for each parameter that is the address of a UNICODE_STRING.
NTSTATUS NtRaiseHardError(NTSTATUS error, uint32_t count, uint32_t strings, gptr parameters, uint32_t option,
                          uint32_t *response)
{
    char text[TEXT_MAX];
    uint32_t values[PARAMETERS_MAX];
    if (count > PARAMETERS_MAX) return STATUS_INVALID_PARAMETER_2;
    if (option >= OPTIONS) return STATUS_INVALID_PARAMETER_4;
    if (option == OPTION_SHUTDOWN_SYSTEM && !token_has_privilege(SE_SHUTDOWN_PRIVILEGE))
        return STATUS_PRIVILEGE_NOT_HELD;
    if (count && !guest_read(values, parameters, count * sizeof *values)) return STATUS_ACCESS_VIOLATION;
    size_t used = (size_t)snprintf(text, sizeof text, "lowland: hard error %08X", (uint32_t)error);
    for (uint32_t i = 0; i < count; i++) {
        if (strings >> i & 1) {
            used += (size_t)snprintf(text + used, sizeof text - used, " ");
            if (!append_string(text, sizeof text - 16, &used, values[i])) return STATUS_ACCESS_VIOLATION;
        } else if (used + 12 < sizeof text) {
            used += (size_t)snprintf(text + used, sizeof text - used, " %X", values[i]);
        }
    }
    text[used++] = '\n';
    if (write(STDERR_FILENO, text, used) < 0) return STATUS_SUCCESS;
    *response = RESPONSE_RETURN_TO_CALLER;
    return STATUS_SUCCESS;
}
