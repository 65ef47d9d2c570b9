// Letters of permissions.
#include "permissions.h"
#include <stdlib.h>
#include <wchar.h>

struct letters {
    const WCHAR *name;
    DWORD bits;
};

// The simple rights, the larger first, so that what is shown is as short as it can be.
static const struct letters simple[] = {
    {L"F", FILE_ALL_ACCESS},
    {L"M", FILE_GENERIC_READ | FILE_GENERIC_WRITE | FILE_GENERIC_EXECUTE | DELETE},
    {L"RX", FILE_GENERIC_READ | FILE_GENERIC_EXECUTE},
    {L"R", FILE_GENERIC_READ},
    {L"W", FILE_GENERIC_WRITE & ~(DWORD)READ_CONTROL},
    {L"D", DELETE | SYNCHRONIZE},
};
static const struct letters specific[] = {
    {L"DE", DELETE},
    {L"Rc", READ_CONTROL},
    {L"WDAC", WRITE_DAC},
    {L"WO", WRITE_OWNER},
    {L"S", SYNCHRONIZE},
    {L"AS", ACCESS_SYSTEM_SECURITY},
    {L"MA", MAXIMUM_ALLOWED},
    {L"GR", GENERIC_READ},
    {L"GW", GENERIC_WRITE},
    {L"GE", GENERIC_EXECUTE},
    {L"GA", GENERIC_ALL},
    {L"RD", FILE_READ_DATA},
    {L"WD", FILE_WRITE_DATA},
    {L"AD", FILE_APPEND_DATA},
    {L"REA", FILE_READ_EA},
    {L"WEA", FILE_WRITE_EA},
    {L"X", FILE_EXECUTE},
    {L"DC", FILE_DELETE_CHILD},
    {L"RA", FILE_READ_ATTRIBUTES},
    {L"WA", FILE_WRITE_ATTRIBUTES},
};
static const struct letters inheritance[] = {
    {L"OI", OBJECT_INHERIT_ACE},       {L"CI", CONTAINER_INHERIT_ACE}, {L"IO", INHERIT_ONLY_ACE},
    {L"NP", NO_PROPAGATE_INHERIT_ACE}, {L"I", INHERITED_ACE},
};

// ---- writing ----

// Those of MASK that say something which wasn't said yet. Rights overlap.
static void print_letters(const struct letters *letters, size_t count, DWORD mask, DWORD ignored, DWORD *left,
                          bool *any)
{
    for (size_t i = 0; i < count; i++) {
        DWORD bits = letters[i].bits & ~ignored;
        if (!bits || (mask & bits) != bits || !(*left & bits & ~ignored)) continue;
        print(*any ? L",%s" : L"(%s", letters[i].name);
        *left &= ~bits;
        *any = true;
    }
}

void permissions_print(const ACE_HEADER *entry)
{
    DWORD mask = ((const ACCESS_ALLOWED_ACE *)entry)->Mask, left = mask;
    bool denied = entry->AceType == ACCESS_DENIED_ACE_TYPE, any = false;
    // In the order in which Windows shows them: what was inherited, first.
    if (entry->AceFlags & INHERITED_ACE) print(L"(I)");
    for (size_t i = 0; i < ARRAYSIZE(inheritance) - 1; i++)
        if (entry->AceFlags & inheritance[i].bits) print(L"(%s)", inheritance[i].name);
    if (denied && mask == FILE_ALL_ACCESS) {
        print(L"(N)");
        return;
    }
    if (denied) print(L"(DENY)");
    // Of what is denied the right to wait is left out, without which nothing could be opened.
    print_letters(simple, ARRAYSIZE(simple), mask, denied ? SYNCHRONIZE : 0, &left, &any);
    if (any) left &= ~(DWORD)SYNCHRONIZE;
    print_letters(specific, ARRAYSIZE(specific), left, 0, &left, &any);
    print(any ? L")" : L"()");
}

// ---- reading ----

static bool find_bits(const struct letters *letters, size_t count, const WCHAR *name, size_t length,
                      DWORD *bits)
{
    for (size_t i = 0; i < count; i++)
        if (wcslen(letters[i].name) == length && _wcsnicmp(letters[i].name, name, length) == 0) {
            *bits |= letters[i].bits;
            return true;
        }
    return false;
}

// Rights with commas between them.
static bool read_rights(const WCHAR *text, size_t length, ACCESS_MASK *mask)
{
    const WCHAR *end = text + length;
    while (text < end) {
        size_t word = wcscspn(text, L",)");
        if (text + word > end) word = (size_t)(end - text);
        if (!find_bits(simple, ARRAYSIZE(simple), text, word, mask) &&
            !find_bits(specific, ARRAYSIZE(specific), text, word, mask))
            return false;
        text += word + 1;
    }
    return length > 0;
}

bool permissions_read(const WCHAR *text, ACCESS_MASK *mask, BYTE *flags)
{
    *mask = 0;
    *flags = 0;
    while (*text == '(') {
        const WCHAR *close = wcschr(text, ')');
        DWORD bits = 0;
        if (!close) return false;
        size_t length = (size_t)(close - text - 1);
        if (find_bits(inheritance, ARRAYSIZE(inheritance) - 1, text + 1, length, &bits))
            *flags |= (BYTE)bits;
        else
            return read_rights(text + 1, length, mask) && !close[1];
        text = close + 1;
    }
    return read_rights(text, wcslen(text), mask);
}
