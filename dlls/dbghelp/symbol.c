// Symbols by address and name: SymFromAddr, SymFromName, SymEnumSymbols and their older forms.
#include "session.h"

enum { TAG_PUBLIC_SYMBOL = 10 }; // SymTagPublicSymbol (cvconst.h)
enum { SHOWN_MAX = 1024 };       // characters of a name

// The name as the options want it: C++ names undecorated, and of COFF symbols what the compiler added.
static void shown_name(const struct module *module, const struct symbol *symbol, char shown[SHOWN_MAX])
{
    const char *name = symbol->name;
    lstrcpynA(shown, name, SHOWN_MAX);
    if (!(SymGetOptions() & SYMOPT_UNDNAME)) return;
    if (name[0] == '?') {
        UnDecorateSymbolName(name, shown, SHOWN_MAX, UNDNAME_NAME_ONLY);
    } else if (module->kind == SymCoff && (name[0] == '_' || name[0] == '@')) {
        lstrcpynA(shown, name + 1, SHOWN_MAX);
        char *end = strchr(shown, '@');
        if (end && end != shown) *end = 0;
    }
}

static const struct symbol *symbol_at(const struct module *module, DWORD rva)
{
    unsigned low = 0, high = module->count;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (module->symbols[middle].rva <= rva)
            low = middle + 1;
        else
            high = middle;
    }
    if (!low) return NULL;
    const struct symbol *symbol = &module->symbols[low - 1];
    while (symbol > module->symbols && symbol[-1].rva == symbol->rva) symbol--;
    return symbol;
}

static const struct symbol *find_by_address(HANDLE process, DWORD64 address, struct module **module)
{
    struct session *session = session_find(process);
    *module = session ? module_at(session, address) : NULL;
    if (!*module) return NULL;
    symbols_read(session, *module);
    const struct symbol *symbol = symbol_at(*module, (DWORD)address - (*module)->base);
    if (!symbol) SetLastError(ERROR_INVALID_ADDRESS);
    return symbol;
}

static bool name_matches(const struct module *module, const struct symbol *symbol, const char *wanted)
{
    char shown[SHOWN_MAX];
    if (!strcmp(symbol->name, wanted)) return true;
    shown_name(module, symbol, shown);
    return !strcmp(shown, wanted);
}

// "module!name", or a name of any module.
static const struct symbol *find_by_name(HANDLE process, const char *wanted, struct module **found)
{
    struct session *session = session_find(process);
    const char *mark = wanted ? strchr(wanted, '!') : NULL, *name = mark ? mark + 1 : wanted;
    if (!session) return NULL;
    for (struct module *module = session->modules; name && module; module = module->next) {
        char module_name[MODULE_NAME_MAX];
        debug_narrow(module->name, module_name, sizeof(module_name));
        if (mark && (lstrlenA(module_name) != mark - wanted ||
                     _strnicmp(module_name, wanted, (size_t)(mark - wanted))))
            continue;
        symbols_read(session, module);
        *found = module;
        for (unsigned i = 0; i < module->count; i++)
            if (name_matches(module, &module->symbols[i], name)) return &module->symbols[i];
    }
    SetLastError(name ? ERROR_MOD_NOT_FOUND : ERROR_INVALID_PARAMETER);
    return NULL;
}

#define FILL_SYMBOL(told, module, symbol)                                                                    \
    do {                                                                                                     \
        (told)->TypeIndex = 0;                                                                               \
        (told)->Size = (symbol)->size;                                                                       \
        (told)->ModBase = (module)->base;                                                                    \
        (told)->Flags = (module)->kind == SymExport ? SYMFLAG_EXPORT : 0;                                    \
        (told)->Value = 0;                                                                                   \
        (told)->Address = (DWORD64)(module)->base + (symbol)->rva;                                           \
        (told)->Register = (told)->Scope = 0;                                                                \
        (told)->Tag = TAG_PUBLIC_SYMBOL;                                                                     \
    } while (0)

// The name is cut to fit; NameLen says how long it is.
static void fill(const struct module *module, const struct symbol *symbol, SYMBOL_INFO *told)
{
    char shown[SHOWN_MAX];
    shown_name(module, symbol, shown);
    FILL_SYMBOL(told, module, symbol);
    told->NameLen = (ULONG)lstrlenA(shown);
    if (told->MaxNameLen) lstrcpynA(told->Name, shown, (int)told->MaxNameLen);
}

static void fill_wide(const struct module *module, const struct symbol *symbol, SYMBOL_INFOW *told)
{
    char shown[SHOWN_MAX];
    WCHAR wide[SHOWN_MAX];
    shown_name(module, symbol, shown);
    MultiByteToWideChar(CP_ACP, 0, shown, -1, wide, SHOWN_MAX);
    FILL_SYMBOL(told, module, symbol);
    told->NameLen = (ULONG)lstrlenW(wide);
    if (told->MaxNameLen) lstrcpynW(told->Name, wide, (int)told->MaxNameLen);
}

HOTPATCH BOOL WINAPI SymFromAddr(HANDLE process, DWORD64 address, PDWORD64 displacement, PSYMBOL_INFO told)
{
    struct module *module;
    if (!told || told->SizeOfStruct != sizeof(*told)) return debug_fail(ERROR_INVALID_PARAMETER);
    const struct symbol *symbol = find_by_address(process, address, &module);
    if (!symbol) return FALSE;
    fill(module, symbol, told);
    if (displacement) *displacement = address - told->Address;
    return TRUE;
}

HOTPATCH BOOL WINAPI SymFromAddrW(HANDLE process, DWORD64 address, PDWORD64 displacement, PSYMBOL_INFOW told)
{
    struct module *module;
    if (!told || told->SizeOfStruct != sizeof(*told)) return debug_fail(ERROR_INVALID_PARAMETER);
    const struct symbol *symbol = find_by_address(process, address, &module);
    if (!symbol) return FALSE;
    fill_wide(module, symbol, told);
    if (displacement) *displacement = address - told->Address;
    return TRUE;
}

HOTPATCH BOOL WINAPI SymFromName(HANDLE process, PCSTR name, PSYMBOL_INFO told)
{
    struct module *module;
    if (!told || told->SizeOfStruct != sizeof(*told)) return debug_fail(ERROR_INVALID_PARAMETER);
    const struct symbol *symbol = find_by_name(process, name, &module);
    if (symbol) fill(module, symbol, told);
    return symbol != NULL;
}

HOTPATCH BOOL WINAPI SymFromNameW(HANDLE process, PCWSTR name, PSYMBOL_INFOW told)
{
    struct module *module;
    char narrow[SHOWN_MAX];
    if (!name || !told || told->SizeOfStruct != sizeof(*told)) return debug_fail(ERROR_INVALID_PARAMETER);
    debug_narrow(name, narrow, sizeof(narrow));
    const struct symbol *symbol = find_by_name(process, narrow, &module);
    if (symbol) fill_wide(module, symbol, told);
    return symbol != NULL;
}

// IMAGEHLP_SYMBOL64 and IMAGEHLP_SYMBOL, which came before SYMBOL_INFO.
#define FILL_OLD(told, module, symbol)                                                                       \
    do {                                                                                                     \
        char shown[SHOWN_MAX];                                                                               \
        shown_name(module, symbol, shown);                                                                   \
        (told)->Address = (module)->base + (symbol)->rva;                                                    \
        (told)->Size = (symbol)->size;                                                                       \
        (told)->Flags = 0;                                                                                   \
        if ((told)->MaxNameLength) lstrcpynA((told)->Name, shown, (int)(told)->MaxNameLength);               \
    } while (0)

HOTPATCH BOOL WINAPI SymGetSymFromAddr64(HANDLE process, DWORD64 address, PDWORD64 displacement,
                                         PIMAGEHLP_SYMBOL64 told)
{
    struct module *module;
    const struct symbol *symbol = find_by_address(process, address, &module);
    if (!symbol) return FALSE;
    FILL_OLD(told, module, symbol);
    if (displacement) *displacement = address - told->Address;
    return TRUE;
}

HOTPATCH BOOL WINAPI SymGetSymFromAddr(HANDLE process, DWORD address, PDWORD displacement,
                                       PIMAGEHLP_SYMBOL told)
{
    struct module *module;
    const struct symbol *symbol = find_by_address(process, address, &module);
    if (!symbol) return FALSE;
    FILL_OLD(told, module, symbol);
    if (displacement) *displacement = address - told->Address;
    return TRUE;
}

HOTPATCH BOOL WINAPI SymGetSymFromName64(HANDLE process, PCSTR name, PIMAGEHLP_SYMBOL64 told)
{
    struct module *module;
    const struct symbol *symbol = find_by_name(process, name, &module);
    if (!symbol) return FALSE;
    FILL_OLD(told, module, symbol);
    return TRUE;
}

HOTPATCH BOOL WINAPI SymGetSymFromName(HANDLE process, PCSTR name, PIMAGEHLP_SYMBOL told)
{
    struct module *module;
    const struct symbol *symbol = find_by_name(process, name, &module);
    if (!symbol) return FALSE;
    FILL_OLD(told, module, symbol);
    return TRUE;
}

// ---- enumeration ----

// Masks have * and ?, and no case.
static bool mask_matches(const char *mask, const char *name)
{
    for (; *mask; mask++, name++) {
        if (*mask == '*') {
            while (*mask == '*') mask++;
            for (;; name++) {
                if (mask_matches(mask, name)) return true;
                if (!*name) return false;
            }
        }
        if (!*name || (*mask != '?' && tolower((BYTE)*mask) != tolower((BYTE)*name))) return false;
    }
    return !*name;
}

struct listener {
    PSYM_ENUMERATESYMBOLS_CALLBACK narrow;
    PSYM_ENUMERATESYMBOLS_CALLBACKW wide;
    void *context;
};

static bool tell_symbol(const struct listener *listener, const struct module *module,
                        const struct symbol *symbol)
{
    union {
        SYMBOL_INFO narrow;
        SYMBOL_INFOW wide;
        BYTE room[sizeof(SYMBOL_INFOW) + SHOWN_MAX * sizeof(WCHAR)];
    } told = {.narrow = {.SizeOfStruct = sizeof(SYMBOL_INFO), .MaxNameLen = SHOWN_MAX}};
    if (listener->narrow) {
        fill(module, symbol, &told.narrow);
        return listener->narrow(&told.narrow, symbol->size, listener->context);
    }
    told.wide.SizeOfStruct = sizeof(SYMBOL_INFOW);
    told.wide.MaxNameLen = SHOWN_MAX;
    fill_wide(module, symbol, &told.wide);
    return listener->wide(&told.wide, symbol->size, listener->context);
}

// False when the listener has heard enough.
static bool tell_module(const struct listener *listener, struct module *module, const char *mask)
{
    for (unsigned i = 0; i < module->count; i++) {
        char shown[SHOWN_MAX];
        shown_name(module, &module->symbols[i], shown);
        if (mask_matches(mask, shown) && !tell_symbol(listener, module, &module->symbols[i])) return false;
    }
    return true;
}

// Of the module at base; with base 0 of those that the mask names before a '!'.
static BOOL enumerate(HANDLE process, DWORD64 base, const char *mask, const struct listener *listener)
{
    struct session *session = session_find(process);
    if (!session) return FALSE;
    if (!listener->narrow && !listener->wide) return debug_fail(ERROR_INVALID_PARAMETER);
    if (!mask) mask = "*";
    const char *mark = strchr(mask, '!');
    char modules[MODULE_NAME_MAX] = "";
    if (mark && mark - mask < MODULE_NAME_MAX) lstrcpynA(modules, mask, (int)(mark - mask) + 1);
    if (!base && !mark) return debug_fail(ERROR_INVALID_PARAMETER);
    bool any = false;
    for (struct module *module = session->modules; module; module = module->next) {
        char name[MODULE_NAME_MAX];
        debug_narrow(module->name, name, sizeof(name));
        if (base ? module->base != base : !mask_matches(modules, name)) continue;
        any = true;
        symbols_read(session, module);
        if (!tell_module(listener, module, mark ? mark + 1 : mask)) break;
    }
    return any || debug_fail(ERROR_MOD_NOT_FOUND);
}

HOTPATCH BOOL WINAPI SymEnumSymbols(HANDLE process, ULONG64 base, PCSTR mask,
                                    PSYM_ENUMERATESYMBOLS_CALLBACK callback, PVOID context)
{
    return enumerate(process, base, mask, &(struct listener){.narrow = callback, .context = context});
}

HOTPATCH BOOL WINAPI SymEnumSymbolsW(HANDLE process, ULONG64 base, PCWSTR mask,
                                     PSYM_ENUMERATESYMBOLS_CALLBACKW callback, PVOID context)
{
    char narrow[SHOWN_MAX] = "*";
    if (mask) debug_narrow(mask, narrow, sizeof(narrow));
    return enumerate(process, base, narrow, &(struct listener){.wide = callback, .context = context});
}

// ---- lines: neither PDB files nor DWARF are read, so no address has one ----

static BOOL no_line(HANDLE process, DWORD64 address)
{
    struct session *session = session_find(process);
    return session && module_at(session, address) ? debug_fail(ERROR_INVALID_ADDRESS) : FALSE;
}

HOTPATCH BOOL WINAPI SymGetLineFromAddr64(HANDLE process, DWORD64 address, PDWORD displacement,
                                          PIMAGEHLP_LINE64 line)
{
    (void)displacement, (void)line;
    return no_line(process, address);
}

HOTPATCH BOOL WINAPI SymGetLineFromAddrW64(HANDLE process, DWORD64 address, PDWORD displacement,
                                           PIMAGEHLP_LINEW64 line)
{
    (void)displacement, (void)line;
    return no_line(process, address);
}

HOTPATCH BOOL WINAPI SymGetLineFromAddr(HANDLE process, DWORD address, PDWORD displacement,
                                        PIMAGEHLP_LINE line)
{
    (void)displacement, (void)line;
    return no_line(process, address);
}
