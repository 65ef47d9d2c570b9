// Security identifiers as bytes, and those of the user that the process runs as.
#include "sid.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { SECURITY_NT_AUTHORITY_VALUE = 5, NON_UNIQUE = 21, FIRST_USER_RID = 1000, GROUP_USERS_RID = 513 };

struct sid sid_make(uint8_t authority, unsigned n, ...)
{
    struct sid sid = {.size = 8 + 4 * n, .bytes = {1, (uint8_t)n, 0, 0, 0, 0, 0, authority}};
    va_list values;
    va_start(values, n);
    for (unsigned i = 0; i < n; i++) {
        uint32_t value = va_arg(values, uint32_t);
        memcpy(sid.bytes + 8 + 4 * i, &value, 4);
    }
    va_end(values);
    return sid;
}

// Three numbers that are the same in every process of this machine: from its machine id.
static void machine_numbers(uint32_t numbers[3])
{
    char text[33] = "";
    FILE *file = fopen("/etc/machine-id", "re");
    if (file) {
        if (!fgets(text, sizeof text, file)) text[0] = 0;
        fclose(file);
    }
    for (unsigned i = 0; i < 3; i++) {
        numbers[i] = 1000 + i;
        if (strlen(text) == 32) sscanf(text + 8 * i, "%8x", &numbers[i]);
    }
}

static struct sid on_this_machine(uint32_t rid)
{
    uint32_t n[3];
    machine_numbers(n);
    return sid_make(SECURITY_NT_AUTHORITY_VALUE, 5, (uint32_t)NON_UNIQUE, n[0], n[1], n[2], rid);
}

struct sid sid_user(void)
{
    return on_this_machine(FIRST_USER_RID + getuid());
}

struct sid sid_primary_group(void)
{
    return on_this_machine(GROUP_USERS_RID);
}
