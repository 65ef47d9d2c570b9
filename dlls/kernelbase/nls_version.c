// Versions of the sorting tables, and which strings they know.
#include "sort.h"

// Ours: no version of Windows. The low byte counts changes that leave the order of what was known before.
#define NLS_VERSION     0x00060400
#define DEFINED_VERSION 0x00060400

// How Windows identifies an order: {number-57EE-1E5C-00B4-D0000BB1E11E}. It has numbers of its own for
// languages with exceptions, of which these are known; the others' are ours.
static const struct {
    WORD language;
    DWORD number;
} known_orders[] = {{LANG_FRENCH, 3}, {LANG_JAPANESE, 0x46}};

enum { COMMON_ORDER = 1, OUR_ORDERS = 0x1000 };

static GUID order_guid(struct locale_found locale)
{
    GUID guid = {COMMON_ORDER, 0x57EE, 0x1E5C, {0x00, 0xB4, 0xD0, 0x00, 0x0B, 0xB1, 0xE1, 0x1E}};
    const int collation = collation_number_of(locale);
    if (collation >= 0) guid.Data1 = OUR_ORDERS + (DWORD)collation;
    for (unsigned i = 0; i < ARRAY_LENGTH(known_orders); i++)
        if (PRIMARYLANGID(locale.record->id) == known_orders[i].language &&
            !(locale.alias && locale.alias->sort))
            guid.Data1 = known_orders[i].number;
    return guid;
}

#define OLD_SIZE offsetof(NLSVERSIONINFOEX, dwEffectiveId)

static BOOL get_version(NLS_FUNCTION function, struct locale_found locale, NLSVERSIONINFOEX *info)
{
    if (function != COMPARE_STRING) return fail_with(ERROR_INVALID_FLAGS);
    if (info->dwNLSVersionInfoSize != OLD_SIZE && info->dwNLSVersionInfoSize != sizeof(*info))
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (!locale.record) return fail_with(ERROR_INVALID_PARAMETER);
    info->dwNLSVersion = NLS_VERSION;
    info->dwDefinedVersion = DEFINED_VERSION;
    if (info->dwNLSVersionInfoSize == OLD_SIZE) return TRUE;
    info->dwEffectiveId = locale.record->id;
    info->guidCustomVersion = order_guid(locale);
    return TRUE;
}

HOTPATCH BOOL WINAPI GetNLSVersion(NLS_FUNCTION function, LCID id, NLSVERSIONINFO *info)
{
    return get_version(function, locale_to_sort(id), (NLSVERSIONINFOEX *)info);
}

HOTPATCH BOOL WINAPI GetNLSVersionEx(NLS_FUNCTION function, const WCHAR *name, NLSVERSIONINFOEX *info)
{
    return get_version(function, locale_lookup_name(name), info);
}

// Whether strings that were ordered by a version are still in order: with the same order, and nothing but
// additions since.
HOTPATCH DWORD WINAPI IsValidNLSVersion(NLS_FUNCTION function, const WCHAR *name, NLSVERSIONINFOEX *info)
{
    const struct locale_found locale = locale_lookup_name(name);
    NLSVERSIONINFOEX now = {.dwNLSVersionInfoSize = sizeof(now)};
    if (function != COMPARE_STRING || !locale.record || !info) return fail_with(ERROR_INVALID_PARAMETER);
    if (info->dwNLSVersionInfoSize < OLD_SIZE) return fail_with(ERROR_INVALID_PARAMETER);
    get_version(function, locale, &now);
    const DWORD major = ~(DWORD)0xFF;
    bool same = (info->dwNLSVersion & major) == (now.dwNLSVersion & major);
    if (info->dwNLSVersionInfoSize >= sizeof(*info)) {
        GUID none = {}, common = order_guid((struct locale_found){locale_number(0), NULL});
        const GUID *order = &info->guidCustomVersion;
        same = same && (IsEqualGUID(order, &none) || IsEqualGUID(order, &common) ||
                        IsEqualGUID(order, &now.guidCustomVersion));
    }
    if (!same) SetLastError(ERROR_SUCCESS);
    return same;
}

// Whether all of a string are characters that the tables know. A negative length: up to its NUL.
HOTPATCH BOOL WINAPI IsNLSDefinedString(NLS_FUNCTION function, DWORD flags, NLSVERSIONINFO *info,
                                        const WCHAR *text, int length)
{
    (void)flags;
    if (function != COMPARE_STRING) return fail_with(ERROR_INVALID_FLAGS);
    if (info->dwNLSVersionInfoSize != OLD_SIZE && info->dwNLSVersionInfoSize != sizeof(NLSVERSIONINFOEX))
        return fail_with(ERROR_INSUFFICIENT_BUFFER);
    if (length < 0) length = (int)wide_length(text);
    for (int i = 0; i < length; i++) {
        WORD type = 0;
        if ((text[i] & 0xF800) == 0xD800) { // one half says nothing of whether the whole is known
            if (text[i] >= 0xDC00 || i + 1 == length || (text[i + 1] & 0xFC00) != 0xDC00) return FALSE;
            i++;
            continue;
        }
        GetStringTypeW(CT_CTYPE1, text + i, 1, &type);
        if (!(type & C1_DEFINED) || (text[i] >= 0xE000 && text[i] < 0xF900)) return FALSE;
    }
    return TRUE;
}
