// Security identifiers as bytes, and those of the user that the process runs as.
#include "sid.h"
#include "guest_constants.h"
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Identifier authorities and relative identifiers (MS-DTYP 2.4.2.4).
enum { WORLD = 1, CREATOR = 3, NT = 5, LABEL = 16 };
enum {
    LOGON_IDS = 5,
    LOCAL_SYSTEM = 18,
    NON_UNIQUE = 21,
    BUILTIN = 32,
    ALIAS_ADMINISTRATORS = 544,
    GROUP_USERS_RID = 513,
    FIRST_USER_RID = 1000,
};

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

static uint32_t machine[3];

static void read_machine_id(void)
{
    char text[33] = "";
    FILE *file = fopen("/etc/machine-id", "re");
    if (file) {
        if (!fgets(text, sizeof text, file)) text[0] = 0;
        fclose(file);
    }
    for (unsigned i = 0; i < 3; i++) {
        machine[i] = 1000 + i;
        if (strlen(text) == 32) sscanf(text + 8 * i, "%8x", &machine[i]);
    }
}

// Three numbers that are the same in every process of this machine: from its machine id.
static void machine_numbers(uint32_t numbers[3])
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_machine_id);
    memcpy(numbers, machine, sizeof machine);
}

static struct sid on_this_machine(uint32_t rid)
{
    uint32_t n[3];
    machine_numbers(n);
    return sid_make(NT, 5, (uint32_t)NON_UNIQUE, n[0], n[1], n[2], rid);
}

struct sid sid_of_uid(uint32_t uid)
{
    return on_this_machine(FIRST_USER_RID + uid);
}

struct sid sid_user(void)
{
    return sid_of_uid(getuid());
}

struct sid sid_primary_group(void)
{
    return on_this_machine(GROUP_USERS_RID);
}

struct sid sid_logon(void)
{
    return sid_make(NT, 3, (uint32_t)LOGON_IDS, 0u, (uint32_t)FIRST_USER_RID + getuid());
}

struct sid sid_world(void)
{
    return sid_make(WORLD, 1, 0u);
}

struct sid sid_administrators(void)
{
    return sid_make(NT, 2, (uint32_t)BUILTIN, (uint32_t)ALIAS_ADMINISTRATORS);
}

struct sid sid_local_system(void)
{
    return sid_make(NT, 1, (uint32_t)LOCAL_SYSTEM);
}

struct sid sid_owner_rights(void)
{
    return sid_make(CREATOR, 1, 4u);
}

struct sid sid_integrity(uint32_t rid)
{
    return sid_make(LABEL, 1, rid);
}

bool sid_equal(const struct sid *a, const struct sid *b)
{
    return a->size == b->size && memcmp(a->bytes, b->bytes, a->size) == 0;
}

bool sid_parse(struct sid *sid, const void *bytes, size_t n)
{
    const uint8_t *b = bytes;
    if (n < 8 || b[0] != 1 || b[1] > 15 || n < 8u + 4u * b[1]) return false;
    sid->size = 8u + 4u * b[1];
    memcpy(sid->bytes, b, sid->size);
    return true;
}

NTSTATUS sid_capture(struct sid *sid, gptr address)
{
    uint8_t bytes[SID_MAX_BYTES];
    if (!guest_read(bytes, address, 8)) return STATUS_ACCESS_VIOLATION;
    if (bytes[0] != 1 || bytes[1] > 15) return STATUS_INVALID_SID;
    if (!guest_read(bytes, address, 8 + 4 * bytes[1])) return STATUS_ACCESS_VIOLATION;
    return sid_parse(sid, bytes, sizeof bytes) ? STATUS_SUCCESS : STATUS_INVALID_SID;
}
