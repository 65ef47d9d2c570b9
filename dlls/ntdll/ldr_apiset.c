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

const char *api_set_host(const UNICODE_STRING *name)
{
    if (!begins_with(name, "api-") && !begins_with(name, "ext-")) return NULL;
    for (unsigned i = 0; i < sizeof(families) / sizeof(families[0]); i++)
        if (begins_with(name, families[i].family)) return families[i].host;
    return NULL;
}
