// Names and numbers of locales. kernelbase has the rest of what locale.nls holds.
#include "dlls/kernelbase/locale_find.h"
#include "nls.h"
#include "ui_languages.h"
#include "nt/locale.h"
#include "nt/rtl_identity.h"

#define NLS_SECTION_LOCALES 0x4C4C0003 // our own: nls.c on the 64-bit side

static const USHORT *locale_words;

static NTSTATUS map_locales(const USHORT **words)
{
    const USHORT *expected = NULL;
    PVOID section;
    NTSTATUS status;

    *words = __atomic_load_n(&locale_words, __ATOMIC_ACQUIRE);
    if (*words) return STATUS_SUCCESS;
    status = NtGetNlsSectionPtr(NLS_SECTION_LOCALES, 0, NULL, &section, NULL);
    if (status < 0) return status;
    *words = section;
    if (__atomic_compare_exchange_n(&locale_words, &expected, *words, FALSE, __ATOMIC_RELEASE,
                                    __ATOMIC_ACQUIRE))
        return STATUS_SUCCESS;
    NtUnmapViewOfSection(NtCurrentProcess(), section);
    *words = expected;
    return STATUS_SUCCESS;
}

LCID ui_default_language(void)
{
    LCID id = 0;

    return NtQueryDefaultLocale(TRUE, &id) >= 0 && id ? id : 0x0409;
}

// ---- names and numbers ----

/** The LCID of a name; a language without a region only with flag 2. STATUS_INVALID_PARAMETER_1. */
NTSTATUS WINAPI RtlLocaleNameToLcid(PCWSTR name, PLCID lcid, ULONG flags)
{
    const USHORT *words;
    struct locale_found found;
    NTSTATUS status = map_locales(&words);

    if (status < 0) return status;
    if (!name) return STATUS_INVALID_PARAMETER_1;
    found = locale_find_name(words, name);
    if (!found.record || (locale_is_neutral(found) && !(flags & NEUTRAL_ALLOWED)))
        return STATUS_INVALID_PARAMETER_1;
    *lcid = locale_found_id(found);
    return STATUS_SUCCESS;
}

/** Whether a name is a locale's; flags as for RtlLocaleNameToLcid. */
BOOLEAN WINAPI RtlIsValidLocaleName(PCWSTR name, ULONG flags)
{
    LCID lcid;

    return RtlLocaleNameToLcid(name, &lcid, flags) >= 0;
}

/**
 * The name of an LCID, into name's buffer or into a new one (allocate: RtlFreeUnicodeString).
 * STATUS_INVALID_PARAMETER_1 for an unknown one, STATUS_INVALID_PARAMETER_2, STATUS_BUFFER_TOO_SMALL.
 */
NTSTATUS WINAPI RtlLcidToLocaleName(LCID lcid, PUNICODE_STRING name, ULONG flags, BOOLEAN allocate)
{
    const USHORT *words;
    struct locale_found found;
    UNICODE_STRING text;
    NTSTATUS status = map_locales(&words);

    if (status < 0) return status;
    if (!name) return STATUS_INVALID_PARAMETER_2;
    if (lcid == LOCALE_USER_DEFAULT || lcid == LOCALE_SYSTEM_DEFAULT || lcid == LOCALE_CUSTOM_DEFAULT ||
        lcid == LOCALE_CUSTOM_UI_DEFAULT) {
        lcid = ui_default_language();
    }
    found = locale_find_id(words, lcid);
    if (!found.record || (locale_is_neutral(found) && !(flags & NEUTRAL_ALLOWED)))
        return STATUS_INVALID_PARAMETER_1;
    RtlInitUnicodeString(&text, words + locale_found_name(found).at);
    if (allocate) return RtlDuplicateUnicodeString(1, &text, name);
    if (name->MaximumLength < text.Length + sizeof(WCHAR)) return STATUS_BUFFER_TOO_SMALL;
    memcpy(name->Buffer, text.Buffer, text.Length + sizeof(WCHAR));
    name->Length = text.Length;
    return STATUS_SUCCESS;
}

// ---- culture names ----

/** A locale's name into name's buffer; FALSE for an unknown one or without room. */
BOOLEAN NTAPI RtlLCIDToCultureName(LCID lcid, PUNICODE_STRING name)
{
    return name && NT_SUCCESS(RtlLcidToLocaleName(lcid, name, NEUTRAL_ALLOWED, FALSE));
}

BOOLEAN NTAPI RtlCultureNameToLCID(PUNICODE_STRING name, PLCID lcid)
{
    WCHAR text[LOCALE_NAME_MAX_LENGTH];
    ULONG length = name ? name->Length / sizeof(WCHAR) : 0;

    if (!length || length >= LOCALE_NAME_MAX_LENGTH) return FALSE;
    memcpy(text, name->Buffer, name->Length);
    text[length] = 0;
    return NT_SUCCESS(RtlLocaleNameToLcid(text, lcid, NEUTRAL_ALLOWED));
}
