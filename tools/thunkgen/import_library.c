// Reads mingw-w64's import libraries: which names a Windows DLL exports, and how they are decorated.
#include "coff.h"
#include "exports.h"
#include <ctype.h>
#include <string.h>
#include <unistd.h>

#define IMPORT_PREFIX "__imp_"

bool symbol_split(const char *symbol, const char **name, const char **decoration, bool *fastcall)
{
    if (symbol[0] != '_' && symbol[0] != '@') return false;
    *fastcall = symbol[0] == '@';
    *name = format("%s", symbol + 1);
    *decoration = "";
    char *at = strrchr(*name, '@');
    if (at && at != *name && isdigit((unsigned char)at[1]) && at[1 + strspn(at + 1, "0123456789")] == 0) {
        *decoration = format("%s", at);
        *at = 0;
    }
    return !*fastcall || **decoration;
}

static void read_member(const uint8_t *bytes, size_t size, void *context)
{
    struct imports *imports = context;
    struct coff coff;
    uint32_t length;
    if (coff_read(bytes, size, &coff)) return; // an import library may carry anything else as well
    const uint8_t *hint_name = coff_section(&coff, ".idata$6", &length);
    if (!hint_name || length < 4) return;
    for (unsigned i = 0; i < coff.symbols_n; i++) {
        const char *symbol = coff.symbols[i].name;
        if (!coff.symbols[i].defined || strncmp(symbol, IMPORT_PREFIX, strlen(IMPORT_PREFIX)) != 0) continue;
        const char *c_name;
        struct import import = {.name = format("%.*s", (int)length - 2, (const char *)hint_name + 2),
                                .decoration = ""};
        symbol_split(symbol + strlen(IMPORT_PREFIX), &c_name, &import.decoration, &import.fastcall);
        // A function has a jump in .text beside its slot.
        uint32_t code;
        import.data = coff_section(&coff, ".text", &code) == NULL;
        for (unsigned j = 0; j < imports->n; j++) {
            if (strcmp(imports->list[j].name, import.name) == 0) return;
        }
        *(struct import *)append_slot((void **)&imports->list, &imports->n, sizeof import) = import;
        return;
    }
}

void import_library_read(const char *path, struct imports *imports)
{
    size_t size;
    if (!path || access(path, F_OK) != 0) return;
    uint8_t *bytes = read_whole_file(path, &size);
    const char *problem = archive_for_each(bytes, size, read_member, imports);
    if (problem) die("%s %s", path, problem);
}
