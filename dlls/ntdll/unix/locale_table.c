// What the host side needs of locale.nls, read when it is asked for: once in the life of a prefix.
#include "dlls/kernelbase/locale_find.h"
#include "dlls/ntdll/unix/locale.h"
#include "loader/data_dir.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

enum {
    TABLE_MAX = 1 << 20, // more than 16-bit places reach
    UNITED_STATES = 244,
};

uint32_t locale_geo_id(uint32_t lcid)
{
    char name[PATH_MAX + 32];
    uint32_t id = UNITED_STATES;
    uint16_t *words = malloc(TABLE_MAX);
    FILE *file;

    snprintf(name, sizeof name, "%s/locale.nls", data_dir());
    file = words ? fopen(name, "rbe") : NULL;
    if (file && fread(words, 1, TABLE_MAX, file) > sizeof(struct locale)) {
        const struct locale_found found = locale_find_id(words, lcid);
        if (found.record) id = found.record->geo_id;
    }
    if (file) fclose(file);
    free(words);
    return id;
}
