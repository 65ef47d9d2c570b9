// script.nls: scripts of characters (dlls/kernelbase/script_record.h), from ICU's data.
#include "nlsgen.h"
#include "dlls/kernelbase/script_record.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uscript.h>

// A script's code; Windows' name of the inherited one is the older "Qaii".
static const char *code_of(int script)
{
    return script == USCRIPT_INHERITED ? "Qaii" : uscript_getShortName(script);
}

static int compare_scripts(const void *first, const void *second)
{
    return strcmp(code_of(*(const int *)first), code_of(*(const int *)second));
}

static int script_of(UChar32 c)
{
    UErrorCode error = U_ZERO_ERROR;

    return uscript_getScript(c, &error);
}

void write_scripts(const char *directory)
{
    bool used[SCRIPTS_MAX] = {false};
    int scripts[SCRIPTS_MAX], numbers[SCRIPTS_MAX] = {0};
    struct script_header header = {0};
    struct words file = {0}, ranges = {0};

    for (UChar32 c = 0; c < 0x110000; c++) {
        if (script_of(c) >= SCRIPTS_MAX) die("more scripts than expected");
        used[script_of(c)] = true;
    }
    for (int i = 0; i < SCRIPTS_MAX; i++)
        if (used[i]) scripts[header.scripts_n++] = i;
    qsort(scripts, header.scripts_n, sizeof *scripts, compare_scripts);
    for (unsigned i = 0; i < header.scripts_n; i++) numbers[scripts[i]] = i;
    for (UChar32 c = 0; c < 0x110000; c++) {
        const struct script_range range = {c, numbers[script_of(c)]};
        if (c && script_of(c) == script_of(c - 1)) continue;
        words_append(&ranges, (const uint16_t *)&range, sizeof range / sizeof(uint16_t));
        header.ranges_n++;
    }
    words_append(&file, (const uint16_t *)&header, SCRIPT_HEADER_WORDS);
    for (unsigned i = 0; i < header.scripts_n; i++)
        for (int k = 0; k < SCRIPT_NAME; k++) words_add(&file, code_of(scripts[i])[k]);
    words_append(&file, ranges.data, ranges.n);
    words_write(&file, directory, "script.nls");
    free(file.data);
    free(ranges.data);
}
