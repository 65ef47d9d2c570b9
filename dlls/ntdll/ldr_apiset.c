// API sets: from a virtual DLL's name to the DLL that stands behind it. The table is in nt/api_sets.h.
#include "ldr.h"

static const struct {
    const char *family, *host;
} families[] = {
#define API_SET_ENTRY(family, host) {family, host},
#include "nt/api_sets.h"
};

static bool begins_with(const UNICODE_STRING *name, const char *prefix)
{
    ULONG length = name->Length / sizeof(WCHAR), i;

    for (i = 0; prefix[i]; i++) {
        if (i >= length) return false;
        WCHAR c = name->Buffer[i];
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c != (WCHAR)(unsigned char)prefix[i]) return false;
    }
    return true;
}

// Whether a name, with or without .dll, ends like a contract's: -l1-2-3.
static bool has_version(const UNICODE_STRING *name)
{
    ULONG length = name->Length / sizeof(WCHAR);
    const WCHAR *end = name->Buffer + length;

    if (length > 4 && (end[-4] == '.') && (end[-3] | 0x20) == 'd' && (end[-2] | 0x20) == 'l') end -= 4;
    for (int part = 0; part < 3; part++) {
        if (end == name->Buffer || end[-1] < '0' || end[-1] > '9') return false;
        while (end > name->Buffer && end[-1] >= '0' && end[-1] <= '9') end--;
        if (part == 2 && end > name->Buffer && (*--end | 0x20) != 'l') return false;
        if (end == name->Buffer || *--end != '-') return false;
    }
    return true;
}

const char *api_set_host(const UNICODE_STRING *name)
{
    if ((!begins_with(name, "api-") && !begins_with(name, "ext-")) || !has_version(name)) return NULL;
    for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (begins_with(name, families[i].family)) return families[i].host;
    return NULL;
}

// Whether Windows has this API set.
NTSTATUS NTAPI ApiSetQueryApiSetPresence(const UNICODE_STRING *name, BOOLEAN *present)
{
    *present = api_set_host(name) != NULL;
    return STATUS_SUCCESS;
}
