// Code pages: finding their tables, and what programs can ask about them.
#include "codepage.h"
#include "locale.h"

// Tables once mapped stay: the list only grows, readers take no lock.
struct cached {
    struct cached *next;
    CPTABLEINFO info;
};
static struct cached *cache;

// A code page file's second word is its number.
static UINT code_page_of(const void *data)
{
    return data ? ((const USHORT *)data)[1] : 1252;
}

HOTPATCH UINT WINAPI GetACP(void)
{
    return code_page_of(peb_self()->AnsiCodePageData);
}

HOTPATCH UINT WINAPI GetOEMCP(void)
{
    return code_page_of(peb_self()->OemCodePageData);
}

UINT resolve_code_page(UINT code_page)
{
    switch (code_page) {
    case CP_ACP: return GetACP();
    case CP_THREAD_ACP: {
        const struct locale *locale = locale_from_id(GetThreadLocale());
        return locale && locale->ansi_code_page ? locale->ansi_code_page : GetACP();
    }
    case CP_OEMCP: return GetOEMCP();
    case CP_MACCP: return 10000;
    default: return code_page;
    }
}

const CPTABLEINFO *code_page_tables(UINT code_page)
{
    code_page = resolve_code_page(code_page);
    struct cached *head = __atomic_load_n(&cache, __ATOMIC_ACQUIRE);
    for (struct cached *at = head; at; at = at->next)
        if (at->info.CodePage == code_page) return &at->info;
    if (code_page > 0xFFFF) return NULL;

    void *section = NULL;
    if (code_page == GetACP())
        section = peb_self()->AnsiCodePageData;
    else if (code_page == GetOEMCP())
        section = peb_self()->OemCodePageData;
    SIZE_T size = 0;
    if (!section && !NT_SUCCESS(NtGetNlsSectionPtr(11, code_page, NULL, &section, &size))) return NULL;
    struct cached *entry = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*entry));
    if (!entry) return NULL;
    RtlInitCodePageTable(section, &entry->info);
    // Two threads may both add one code page: the second copy is harmless.
    entry->next = head;
    while (
        !__atomic_compare_exchange_n(&cache, &entry->next, entry, false, __ATOMIC_RELEASE, __ATOMIC_RELAXED))
        ;
    return &entry->info;
}

HOTPATCH BOOL WINAPI IsValidCodePage(UINT code_page)
{
    // The pseudo numbers are not valid here.
    if (code_page <= CP_THREAD_ACP || code_page == CP_SYMBOL) return FALSE;
    return code_page == CP_UTF7 || code_page == CP_UTF8 || code_page_tables(code_page);
}

HOTPATCH BOOL WINAPI GetCPInfo(UINT code_page, CPINFO *info)
{
    if (!info) return fail_with(ERROR_INVALID_PARAMETER);
    code_page = resolve_code_page(code_page);
    memset(info, 0, sizeof(*info));
    if (code_page == CP_UTF7 || code_page == CP_UTF8) {
        info->MaxCharSize = code_page == CP_UTF7 ? 5 : 4;
        info->DefaultChar[0] = '?';
        return TRUE;
    }
    const CPTABLEINFO *tables = code_page_tables(code_page);
    if (!tables) return fail_with(ERROR_INVALID_PARAMETER);
    info->MaxCharSize = tables->MaximumCharacterSize;
    memcpy(info->DefaultChar, &tables->DefaultChar, sizeof(info->DefaultChar));
    if (tables->DBCSCodePage) memcpy(info->LeadByte, tables->LeadByte, sizeof(info->LeadByte));
    return TRUE;
}

// Names of the code pages, as Windows lists them.
static const struct {
    WORD code_page;
    const WCHAR *name;
} code_page_names[] = {
    {37, L"IBM EBCDIC - U.S./Canada"},
    {437, L"OEM - United States"},
    {500, L"IBM EBCDIC - International"},
    {850, L"OEM - Multilingual Latin I"},
    {852, L"OEM - Latin II"},
    {866, L"OEM - Russian"},
    {874, L"ANSI/OEM - Thai"},
    {932, L"ANSI/OEM - Japanese Shift-JIS"},
    {936, L"ANSI/OEM - Simplified Chinese GBK"},
    {949, L"ANSI/OEM - Korean"},
    {950, L"ANSI/OEM - Traditional Chinese Big5"},
    {1250, L"ANSI - Central Europe"},
    {1251, L"ANSI - Cyrillic"},
    {1252, L"ANSI - Latin I"},
    {1253, L"ANSI - Greek"},
    {1254, L"ANSI - Turkish"},
    {1255, L"ANSI - Hebrew"},
    {1256, L"ANSI - Arabic"},
    {1257, L"ANSI - Baltic"},
    {1258, L"ANSI/OEM - Viet Nam"},
    {1361, L"Korean - Johab"},
    {10000, L"MAC - Roman"},
    {20127, L"US-ASCII"},
    {20866, L"Russian - KOI8"},
    {21866, L"Ukrainian - KOI8-U"},
    {28591, L"ISO 8859-1 Latin I"},
    {28592, L"ISO 8859-2 Central Europe"},
    {28595, L"ISO 8859-5 Cyrillic"},
    {28605, L"ISO 8859-15 Latin 9"},
    {65000, L"UTF-7"},
    {65001, L"UTF-8"},
};

static const WCHAR *code_page_name(UINT code_page)
{
    for (size_t i = 0; i < ARRAY_LENGTH(code_page_names); i++)
        if (code_page_names[i].code_page == code_page) return code_page_names[i].name;
    return L"";
}

// "1252  (ANSI - Latin I)": five columns, two spaces, the name in parentheses.
static void write_code_page_name(WCHAR *target, UINT code_page)
{
    WCHAR digits[6];
    int count = 0;
    for (UINT rest = code_page; rest || !count; rest /= 10) digits[count++] = (WCHAR)('0' + rest % 10);
    int at = 0;
    while (count) target[at++] = digits[--count];
    while (at < 6) target[at++] = ' ';
    const WCHAR *name = code_page_name(code_page);
    target[at++] = '(';
    while (*name && at < MAX_PATH - 2) target[at++] = *name++;
    target[at++] = ')';
    target[at] = 0;
}

HOTPATCH BOOL WINAPI GetCPInfoExW(UINT code_page, DWORD flags, CPINFOEXW *info)
{
    CPINFO basic;
    (void)flags; // reserved
    if (!GetCPInfo(code_page, &basic)) return FALSE;
    memset(info, 0, sizeof(*info));
    memcpy(info, &basic, sizeof(basic));
    info->CodePage = resolve_code_page(code_page);
    const CPTABLEINFO *tables = code_page_tables(info->CodePage);
    info->UnicodeDefaultChar = tables ? tables->UniDefaultChar : 0xFFFD;
    write_code_page_name(info->CodePageName, info->CodePage);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetCPInfoExA(UINT code_page, DWORD flags, CPINFOEXA *info)
{
    CPINFOEXW wide;
    if (!GetCPInfoExW(code_page, flags, &wide)) return FALSE;
    memset(info, 0, sizeof(*info));
    memcpy(info, &wide, offsetof(CPINFOEXA, CodePageName));
    ansi_from_wide(info->CodePageName, sizeof(info->CodePageName), wide.CodePageName,
                   wide_length(wide.CodePageName));
    return TRUE;
}

HOTPATCH BOOL WINAPI IsDBCSLeadByteEx(UINT code_page, BYTE byte)
{
    const CPTABLEINFO *tables = code_page_tables(code_page);
    return tables && tables->DBCSCodePage && tables->DBCSOffsets[byte];
}

HOTPATCH BOOL WINAPI IsDBCSLeadByte(BYTE byte)
{
    return IsDBCSLeadByteEx(CP_ACP, byte);
}

// Calls back with each installed code page's number as text until it returns FALSE.
HOTPATCH BOOL WINAPI EnumSystemCodePagesW(CODEPAGE_ENUMPROCW callback, DWORD flags)
{
    (void)flags; // installed and supported are the same here
    for (size_t i = 0; i < ARRAY_LENGTH(code_page_names); i++) {
        WCHAR text[8];
        if (!IsValidCodePage(code_page_names[i].code_page)) continue;
        int at = 7;
        text[at] = 0;
        for (UINT rest = code_page_names[i].code_page; rest; rest /= 10)
            text[--at] = (WCHAR)('0' + rest % 10);
        if (!callback(text + at)) break;
    }
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemCodePagesA(CODEPAGE_ENUMPROCA callback, DWORD flags)
{
    (void)flags;
    for (size_t i = 0; i < ARRAY_LENGTH(code_page_names); i++) {
        char text[8];
        if (!IsValidCodePage(code_page_names[i].code_page)) continue;
        int at = 7;
        text[at] = 0;
        for (UINT rest = code_page_names[i].code_page; rest; rest /= 10) text[--at] = (char)('0' + rest % 10);
        if (!callback(text + at)) break;
    }
    return TRUE;
}
