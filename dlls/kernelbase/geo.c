// Nations and regions of the world, and the user's.
#include "geo_record.h"
#include "locale.h"
#include "reg.h"

#define WORLD 39070

// What winnls.h has for Windows 10 only.
#ifndef GEO_NAME
#define GEO_NAME 0x0011
#define GEO_ID   0x0012
#endif
typedef BOOL(CALLBACK *geo_name_function)(PWSTR name, LPARAM data);

static const WORD *geo_words;

static const WORD *geo_file(void)
{
    return nls_section(NLS_PLACES, &geo_words);
}

static unsigned geo_count(void)
{
    return geo_file()[0];
}

static const struct geo_record *geo_number(unsigned number)
{
    return (const struct geo_record *)(geo_file() + GEO_HEADER_WORDS) + number;
}

static const struct geo_record *geo_from_id(GEOID id)
{
    unsigned low = 0, high = geo_count();
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (geo_number(middle)->id == (DWORD)id) return geo_number(middle);
        if (geo_number(middle)->id < (DWORD)id)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

// Digits of the United Nations' number, which names regions.
static void put_un_number(const struct geo_record *geo, WCHAR text[4])
{
    for (int i = 2, number = geo->un_number; i >= 0; i--, number /= 10) text[i] = (WCHAR)('0' + number % 10);
    text[3] = 0;
}

static bool has_iso2(const struct geo_record *geo)
{
    return geo->iso2[0] != 'X' || geo->iso2[1] != 'X';
}

// What names a place: its ISO 3166 code, or a region's number.
static void geo_name(const struct geo_record *geo, WCHAR name[4])
{
    if (has_iso2(geo) || !geo->un_number)
        memcpy(name, geo->iso2, sizeof(geo->iso2));
    else
        put_un_number(geo, name);
}

// By its name in any case; "XX" is the world. numbers: whether regions are found by theirs.
static const struct geo_record *geo_from_name(const WCHAR *name, bool numbers)
{
    for (unsigned i = 0; i < geo_count(); i++) {
        const struct geo_record *geo = geo_number(i);
        WCHAR own[4];
        geo_name(geo, own);
        if (own[0] < 'A' && !numbers) continue;
        if (own[0] == 'X' && !has_iso2(geo)) continue;
        if (CompareStringOrdinal(name, -1, own, -1, TRUE) == CSTR_EQUAL) return geo;
    }
    return numbers && CompareStringOrdinal(name, -1, L"XX", -1, TRUE) == CSTR_EQUAL ? geo_from_id(WORLD)
                                                                                    : NULL;
}

// ---- what is known of a place ----

static void put_number(DWORD number, WCHAR *text)
{
    UNICODE_STRING string = {0, 16 * sizeof(WCHAR), text};
    RtlIntegerToUnicodeString(number, 10, &string);
}

// The text, or one written to buffer (16 units); NULL: no such type.
static const WCHAR *geo_text(const struct geo_record *geo, GEOTYPE type, WCHAR *buffer)
{
    buffer[0] = 0;
    switch (type) {
    case GEO_NATION:
        if (geo->is_nation) put_number(geo->id, buffer);
        return buffer;
    case GEO_ID: put_number(geo->id, buffer); return buffer;
    case GEO_ISO2: return geo->iso2;
    case GEO_ISO3: return geo->iso3;
    case GEO_ISO_UN_NUMBER: put_un_number(geo, buffer); return buffer;
    case GEO_PARENT: put_number(geo->parent, buffer); return buffer;
    case GEO_NAME: geo_name(geo, buffer); return buffer;
    case GEO_FRIENDLYNAME:
    case GEO_OFFICIALNAME: return geo_file() + geo->name;
    case GEO_CURRENCYCODE: return geo->currency;
    case GEO_CURRENCYSYMBOL: return geo_file() + geo->currency_symbol;
    default: return NULL;
    }
}

// Units written, or needed with size 0. What doesn't fit is cut off without a NUL.
static int give_text(const WCHAR *text, WCHAR *buffer, int size)
{
    const int n = (int)wide_length(text) + 1;
    if (n == 1) return 0;
    if (!buffer || !size) return n;
    memcpy(buffer, text, (SIZE_T)(n < size ? n : size) * sizeof(WCHAR));
    return n <= size ? n : fail_with(ERROR_INSUFFICIENT_BUFFER);
}

HOTPATCH int WINAPI GetGeoInfoW(GEOID id, GEOTYPE type, WCHAR *buffer, int size, LANGID language)
{
    (void)language;
    const struct geo_record *geo = geo_from_id(id);
    WCHAR number[16];
    if (!geo) return fail_with(ERROR_INVALID_PARAMETER);
    const WCHAR *text = geo_text(geo, type, number);
    return text ? give_text(text, buffer, size) : fail_with(ERROR_INVALID_FLAGS);
}

HOTPATCH int WINAPI GetGeoInfoA(GEOID id, GEOTYPE type, char *buffer, int size, LANGID language)
{
    WCHAR wide[128];
    char narrow[256];
    const int wide_n = GetGeoInfoW(id, type, wide, ARRAY_LENGTH(wide), language);
    if (!wide_n) return 0;
    const int n = WideCharToMultiByte(CP_ACP, 0, wide, wide_n, narrow, sizeof(narrow), NULL, NULL);
    if (!buffer || !size) return n;
    memcpy(buffer, narrow, (SIZE_T)(n < size ? n : size));
    return n <= size ? n : fail_with(ERROR_INSUFFICIENT_BUFFER);
}

// By name; what only numbers ask for has no place here.
HOTPATCH int WINAPI GetGeoInfoEx(WCHAR *name, GEOTYPE type, WCHAR *buffer, int size)
{
    WCHAR number[16];
    const struct geo_record *geo = name ? geo_from_name(name, false) : NULL;
    if (!geo) return fail_with(ERROR_INVALID_PARAMETER);
    const WCHAR *text = type == GEO_NATION ? NULL : geo_text(geo, type, number);
    return text ? give_text(text, buffer, size) : fail_with(ERROR_INVALID_FLAGS);
}

// ---- enumeration ----

static bool is_of_class(const struct geo_record *geo, GEOCLASS class, GEOID parent)
{
    if (parent && geo->parent != (DWORD)parent) return false;
    if (class == GEOCLASS_NATION) return geo->is_nation;
    if (class == GEOCLASS_REGION) return !geo->is_nation;
    return true;
}

static bool is_class(GEOCLASS class)
{
    return class == GEOCLASS_NATION || class == GEOCLASS_REGION || class == GEOCLASS_ALL;
}

// Only what belongs to parent directly; 0: all.
HOTPATCH BOOL WINAPI EnumSystemGeoID(GEOCLASS class, GEOID parent, GEO_ENUMPROC callback)
{
    if (!callback) return fail_with(ERROR_INVALID_PARAMETER);
    if (!is_class(class)) return fail_with(ERROR_INVALID_FLAGS);
    for (unsigned i = 0; i < geo_count(); i++)
        if (is_of_class(geo_number(i), class, parent) && !callback((GEOID)geo_number(i)->id)) break;
    return TRUE;
}

HOTPATCH BOOL WINAPI EnumSystemGeoNames(GEOCLASS class, geo_name_function callback, LPARAM data)
{
    WCHAR name[4];
    if (!callback) return fail_with(ERROR_INVALID_PARAMETER);
    if (!is_class(class)) return fail_with(ERROR_INVALID_FLAGS);
    for (unsigned i = 0; i < geo_count(); i++) {
        const struct geo_record *geo = geo_number(i);
        geo_name(geo, name);
        if (name[0] == 'X' && !has_iso2(geo)) continue;
        if (is_of_class(geo, class, 0) && !callback(name, data)) break;
    }
    return TRUE;
}

// ---- the user's: values of a key ----

static const WCHAR geo_key[] = L"Control Panel\\International\\Geo";

static bool read_value(const WCHAR *value, WCHAR text[16])
{
    HKEY key;
    DWORD size = 15 * sizeof(WCHAR), type;
    if (RegOpenKeyExW(HKEY_CURRENT_USER, geo_key, 0, KEY_READ, &key)) return false;
    LSTATUS error = RegQueryValueExW(key, value, NULL, &type, (BYTE *)text, &size);
    RegCloseKey(key);
    if (error || type != REG_SZ) return false;
    text[size / sizeof(WCHAR)] = 0;
    return true;
}

static LSTATUS write_value(const WCHAR *value, const WCHAR *text)
{
    HKEY key;
    LSTATUS error = RegCreateKeyExW(HKEY_CURRENT_USER, geo_key, 0, NULL, 0, KEY_SET_VALUE, NULL, &key, NULL);
    if (error) return error;
    error = RegSetValueExW(key, value, 0, REG_SZ, (const BYTE *)text,
                           (DWORD)(wide_length(text) + 1) * sizeof(WCHAR));
    RegCloseKey(key);
    return error;
}

HOTPATCH GEOID WINAPI GetUserGeoID(GEOCLASS class)
{
    WCHAR text[16];
    UNICODE_STRING string;
    ULONG id;
    if (class != GEOCLASS_NATION && class != GEOCLASS_REGION) {
        SetLastError(ERROR_INVALID_FLAGS);
        return GEOID_NOT_AVAILABLE;
    }
    if (!read_value(class == GEOCLASS_NATION ? L"Nation" : L"Region", text)) return GEOID_NOT_AVAILABLE;
    RtlInitUnicodeString(&string, text);
    return NT_SUCCESS(RtlUnicodeStringToInteger(&string, 10, &id)) ? (GEOID)id : GEOID_NOT_AVAILABLE;
}

static BOOL set_user_geo(const struct geo_record *geo)
{
    WCHAR number[16], name[4];
    if (!geo) return fail_with(ERROR_INVALID_PARAMETER);
    put_number(geo->id, number);
    geo_name(geo, name);
    LSTATUS error = write_value(geo->is_nation ? L"Nation" : L"Region", number);
    if (!error) error = write_value(L"Name", name);
    return error ? fail_with((DWORD)error) : TRUE;
}

HOTPATCH BOOL WINAPI SetUserGeoID(GEOID id)
{
    return set_user_geo(geo_from_id(id));
}

HOTPATCH BOOL WINAPI SetUserGeoName(WCHAR *name)
{
    return set_user_geo(name ? geo_from_name(name, true) : NULL);
}

// The name that was set, or the nation's; the world's when there is none.
HOTPATCH int WINAPI GetUserDefaultGeoName(WCHAR *buffer, int size)
{
    WCHAR name[16];
    if (size < 0 || (size && !buffer)) return fail_with(ERROR_INVALID_PARAMETER);
    if (!read_value(L"Name", name)) {
        const struct geo_record *geo = geo_from_id(GetUserGeoID(GEOCLASS_NATION));
        geo_name(geo ? geo : geo_from_id(WORLD), name);
    }
    const int n = (int)wide_length(name) + 1;
    if (!size) return n;
    if (n > size) return fail_with(ERROR_INSUFFICIENT_BUFFER);
    memcpy(buffer, name, (SIZE_T)n * sizeof(WCHAR));
    return n;
}
