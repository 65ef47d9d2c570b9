// The languages that programs want texts in. A thread's are in its TEB's PreferredLanguages, as memory of the
// process heap; only the thread itself sets and reads them.
#include "ui_languages.h"
#include "nls.h"
#include "nt/locale.h"
#include "rtl.h"

#define ENGLISH 0x0409

struct preferred {
    ULONG count;
    LCID ids[UI_LANGUAGES_MAX];
};

static RTL_SRWLOCK process_lock = RTL_SRWLOCK_INIT;
static struct preferred process_languages; // under the lock

static struct preferred thread_languages(void)
{
    const struct preferred *languages = teb_self()->PreferredLanguages;
    return languages ? *languages : (struct preferred){0};
}

static struct preferred copy_process_languages(void)
{
    RtlAcquireSRWLockShared(&process_lock);
    struct preferred copy = process_languages;
    RtlReleaseSRWLockShared(&process_lock);
    return copy;
}

ULONG ui_preferred_languages(LANGID ids[2 * UI_LANGUAGES_MAX])
{
    const struct preferred lists[2] = {thread_languages(), copy_process_languages()};
    ULONG n = 0;

    for (int list = 0; list < 2; list++)
        for (ULONG i = 0; i < lists[list].count; i++) ids[n++] = LANGIDFROMLCID(lists[list].ids[i]);
    return n;
}

void ui_languages_thread_exit(void)
{
    PVOID languages = teb_self()->PreferredLanguages;

    teb_self()->PreferredLanguages = NULL;
    if (languages) RtlFreeHeap(process_heap(), 0, languages);
}

// ---- lists as they are given ----

struct language_list {
    WCHAR text[(2 * UI_LANGUAGES_MAX + 2) * LOCALE_NAME_MAX_LENGTH + 1];
    ULONG length, count;
    BOOLEAN by_number;
    LCID ids[2 * UI_LANGUAGES_MAX + 2];
};

// Adds one, unless it is there already.
static void add_language(struct language_list *list, LCID id)
{
    UNICODE_STRING name = {0, LOCALE_NAME_MAX_LENGTH * sizeof(WCHAR), list->text + list->length};

    for (ULONG i = 0; i < list->count; i++)
        if (list->ids[i] == id) return;
    if (list->by_number) {
        for (int shift = 12; shift >= 0; shift -= 4)
            list->text[list->length++] = L"0123456789ABCDEF"[id >> shift & 15];
    } else {
        if (RtlLcidToLocaleName(id, &name, NEUTRAL_ALLOWED, FALSE) < 0) return;
        list->length += name.Length / sizeof(WCHAR);
    }
    list->text[list->length++] = 0;
    list->ids[list->count++] = id;
}

static void add_languages(struct language_list *list, const struct preferred *languages)
{
    for (ULONG i = 0; i < languages->count; i++) add_language(list, languages->ids[i]);
}

// *size is in characters, with the NUL at the list's end. With no buffer *size must be 0.
static NTSTATUS give_list(struct language_list *list, PULONG count, PZZWSTR buffer, PULONG size)
{
    ULONG given = *size;

    if (!buffer && given) return STATUS_INVALID_PARAMETER;
    list->text[list->length++] = 0;
    *count = list->count;
    *size = list->length;
    if (!buffer) return STATUS_SUCCESS;
    if (given < list->length) return STATUS_BUFFER_TOO_SMALL;
    memcpy(buffer, list->text, list->length * sizeof(WCHAR));
    return STATUS_SUCCESS;
}

// Whether flags ask for one form, and for nothing that allowed lacks.
static BOOLEAN are_valid(ULONG flags, ULONG allowed)
{
    const ULONG forms = MUI_LANGUAGE_ID | MUI_LANGUAGE_NAME;

    return !(flags & ~(allowed | forms)) && (flags & forms) != forms;
}

static NTSTATUS one_language(ULONG flags, ULONG allowed, PULONG count, PZZWSTR buffer, PULONG size)
{
    struct language_list list = {.by_number = (flags & MUI_LANGUAGE_ID) != 0};

    if (!are_valid(flags, allowed)) return STATUS_INVALID_PARAMETER;
    add_language(&list, ui_default_language());
    return give_list(&list, count, buffer, size);
}

NTSTATUS WINAPI RtlGetSystemPreferredUILanguages(ULONG flags, ULONG reserved, PULONG count, PZZWSTR buffer,
                                                 PULONG size)
{
    (void)reserved;
    return one_language(flags, MUI_MACHINE_LANGUAGE_SETTINGS, count, buffer, size);
}

NTSTATUS WINAPI RtlGetUserPreferredUILanguages(ULONG flags, ULONG reserved, PULONG count, PZZWSTR buffer,
                                               PULONG size)
{
    (void)reserved;
    return one_language(flags, 0, count, buffer, size);
}

// None until the process sets some.
NTSTATUS WINAPI RtlGetProcessPreferredUILanguages(ULONG flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    struct language_list list = {.by_number = (flags & MUI_LANGUAGE_ID) != 0};
    const struct preferred languages = copy_process_languages();

    if (!are_valid(flags, 0)) return STATUS_INVALID_PARAMETER;
    add_languages(&list, &languages);
    return give_list(&list, count, buffer, size);
}

// The thread's, the process's, the user's; English behind them where that is asked for.
NTSTATUS WINAPI RtlGetThreadPreferredUILanguages(ULONG flags, PULONG count, PZZWSTR buffer, PULONG size)
{
    const ULONG allowed =
        MUI_UI_FALLBACK | MUI_THREAD_LANGUAGES | MUI_MERGE_SYSTEM_FALLBACK | MUI_MERGE_USER_FALLBACK;
    struct language_list list = {.by_number = (flags & MUI_LANGUAGE_ID) != 0};
    const struct preferred thread = thread_languages(), process = copy_process_languages();
    BOOLEAN only_own = thread.count && (flags & MUI_THREAD_LANGUAGES) &&
                       !(flags & (MUI_MERGE_SYSTEM_FALLBACK | MUI_MERGE_USER_FALLBACK));

    if (!are_valid(flags, allowed)) return STATUS_INVALID_PARAMETER;
    add_languages(&list, &thread);
    if (!only_own) {
        add_languages(&list, &process);
        add_language(&list, ui_default_language());
    }
    if (flags & MUI_MERGE_SYSTEM_FALLBACK) add_language(&list, ENGLISH);
    return give_list(&list, count, buffer, size);
}

// ---- setting ----

// The language of a name or of a hexadecimal number; 0: there is none such.
static LCID parse_language(PCWSTR text, BOOLEAN by_number)
{
    WCHAR name[LOCALE_NAME_MAX_LENGTH];
    UNICODE_STRING digits, result = {0, sizeof(name), name};
    ULONG number = 0;
    LCID id = 0;

    if (!by_number) return RtlLocaleNameToLcid(text, &id, NEUTRAL_ALLOWED) >= 0 ? id : 0;
    RtlInitUnicodeString(&digits, text);
    if (RtlUnicodeStringToInteger(&digits, 16, &number) < 0 || !number) return 0;
    return RtlLcidToLocaleName(number, &result, NEUTRAL_ALLOWED, FALSE) >= 0 ? number : 0;
}

static void parse_list(struct preferred *languages, ULONG flags, PCZZWSTR text)
{
    languages->count = 0;
    for (; text && *text && languages->count < UI_LANGUAGES_MAX;) {
        LCID id = parse_language(text, (flags & MUI_LANGUAGE_ID) != 0);
        if (id) languages->ids[languages->count++] = id;
        while (*text++) continue;
    }
}

NTSTATUS NTAPI RtlSetThreadPreferredUILanguages(ULONG flags, PCZZWSTR text, PULONG count)
{
    const ULONG filters = MUI_CONSOLE_FILTER | MUI_COMPLEX_SCRIPT_FILTER | MUI_RESET_FILTERS;
    struct preferred *languages;

    if (!are_valid(flags, filters)) return STATUS_INVALID_PARAMETER;
    // Filters leave out languages that a console can't show: none here is such.
    if (flags & filters) {
        if (text || (flags & filters & ((flags & filters) - 1))) return STATUS_INVALID_PARAMETER;
        if (count) *count = thread_languages().count;
        return STATUS_SUCCESS;
    }
    if (!text || !*text) {
        ui_languages_thread_exit();
        if (count) *count = 0;
        return STATUS_SUCCESS;
    }
    languages = teb_self()->PreferredLanguages;
    if (!languages) languages = RtlAllocateHeap(process_heap(), HEAP_ZERO_MEMORY, sizeof(*languages));
    if (!languages) return STATUS_NO_MEMORY;
    teb_self()->PreferredLanguages = languages;
    parse_list(languages, flags, text);
    if (count) *count = languages->count;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetProcessPreferredUILanguages(ULONG flags, PCZZWSTR text, PULONG count)
{
    struct preferred languages;

    if (!are_valid(flags, 0)) return STATUS_INVALID_PARAMETER;
    parse_list(&languages, flags, text);
    RtlAcquireSRWLockExclusive(&process_lock);
    process_languages = languages;
    RtlReleaseSRWLockExclusive(&process_lock);
    if (count) *count = languages.count;
    return STATUS_SUCCESS;
}
