// Reporting events.
#include "eventlog.h"

enum { STRINGS_MAX = 256, RECORD_SIZE_MAX = 61440 }; // documented limits, the latter of all strings and data

// The parts of a record behind its fixed one, and where they go.
struct layout {
    const WCHAR *source, *computer;
    DWORD sid, strings, data, length; // offsets, and the whole size
};

static bool type_is_valid(WORD type)
{
    switch (type) {
    case EVENTLOG_SUCCESS:
    case EVENTLOG_ERROR_TYPE:
    case EVENTLOG_WARNING_TYPE:
    case EVENTLOG_INFORMATION_TYPE:
    case EVENTLOG_AUDIT_SUCCESS:
    case EVENTLOG_AUDIT_FAILURE: return true;
    default: return false;
    }
}

static DWORD text_size(const WCHAR *text)
{
    return ((DWORD)lstrlenW(text) + 1) * sizeof(WCHAR);
}

static DWORD seconds_since_1970(void)
{
    ULONG seconds = 0;
    LARGE_INTEGER now;
    NtQuerySystemTime(&now);
    RtlTimeToSecondsSince1970(&now, &seconds);
    return seconds;
}

static DWORD plan(struct layout *layout, DWORD sid_size, WORD count, const WCHAR *const *strings,
                  DWORD data_size)
{
    layout->sid = (DWORD)sizeof(EVENTLOGRECORD) + text_size(layout->source) + text_size(layout->computer);
    layout->sid = (layout->sid + 7) & ~7u;
    layout->strings = layout->sid + sid_size;
    DWORD size = 0;
    for (WORD i = 0; i < count; i++) {
        size += text_size(strings[i] ? strings[i] : L"");
        if (size > RECORD_SIZE_MAX) return RPC_S_INVALID_BOUND;
    }
    if (data_size > RECORD_SIZE_MAX - size) return RPC_S_INVALID_BOUND;
    layout->data = layout->strings + size;
    layout->length = ((layout->data + data_size + 3) & ~3u) + (DWORD)sizeof(DWORD);
    return ERROR_SUCCESS;
}

static void fill(EVENTLOGRECORD *record, const struct layout *layout, PSID sid, DWORD sid_size, WORD count,
                 const WCHAR *const *strings, const void *data, DWORD data_size)
{
    BYTE *base = (BYTE *)record, *at = base + sizeof(*record);
    memcpy(at, layout->source, text_size(layout->source));
    memcpy(at + text_size(layout->source), layout->computer, text_size(layout->computer));
    if (sid_size) memcpy(base + layout->sid, sid, sid_size);
    at = base + layout->strings;
    for (WORD i = 0; i < count; i++) {
        const WCHAR *text = strings[i] ? strings[i] : L"";
        memcpy(at, text, text_size(text));
        at += text_size(text);
    }
    if (data_size) memcpy(base + layout->data, data, data_size);
    memcpy(base + layout->length - sizeof(DWORD), &layout->length, sizeof(DWORD));
    record->Length = layout->length;
    record->Reserved = EVENTLOG_SIGNATURE;
    record->TimeGenerated = record->TimeWritten = seconds_since_1970();
    record->NumStrings = count;
    record->StringOffset = layout->strings;
    record->UserSidLength = sid_size;
    record->UserSidOffset = layout->sid;
    record->DataLength = data_size;
    record->DataOffset = layout->data;
}

HOTPATCH BOOL WINAPI ReportEventW(HANDLE handle, WORD type, WORD category, DWORD id, PSID sid, WORD count,
                                  DWORD data_size, LPCWSTR *strings, void *data)
{
    WCHAR computer[256];
    DWORD size = ARRAY_LENGTH(computer);
    struct eventlog *log AUTO_EVENTLOG = eventlog_resolve(handle);
    if (!log) return FALSE;
    if (log->backup) return fail_with(ERROR_INVALID_HANDLE);
    if (!type_is_valid(type)) return fail_with(ERROR_CRC); // so does Windows since 7
    if ((count && !strings) || count > STRINGS_MAX || (data_size && !data) || (sid && !IsValidSid(sid)))
        return fail_with(ERROR_INVALID_PARAMETER);
    if (!GetComputerNameExW(ComputerNameDnsFullyQualified, computer, &size)) return FALSE;
    struct layout layout = {.source = log->source, .computer = computer};
    DWORD sid_size = sid ? GetLengthSid(sid) : 0;
    DWORD error = plan(&layout, sid_size, count, strings, data_size);
    if (error) return fail_with(error);
    EVENTLOGRECORD *record AUTO_FREE = heap_alloc(layout.length);
    if (!record) return FALSE;
    fill(record, &layout, sid, sid_size, count, strings, data, data_size);
    record->EventType = type;
    record->EventCategory = category;
    record->EventID = id;
    error = eventlog_append(log, record);
    return error ? fail_with(error) : TRUE;
}

HOTPATCH BOOL WINAPI ReportEventA(HANDLE handle, WORD type, WORD category, DWORD id, PSID sid, WORD count,
                                  DWORD data_size, LPCSTR *strings, void *data)
{
    WCHAR **wide = heap_alloc((count + 1u) * sizeof(*wide));
    bool whole = wide != NULL && (!count || strings);
    for (WORD i = 0; whole && i < count; i++)
        whole = (wide[i] = wide_from_ansi(strings[i])) != NULL || !strings[i];
    BOOL result =
        whole && ReportEventW(handle, type, category, id, sid, count, data_size, (LPCWSTR *)wide, data);
    DWORD error = whole ? GetLastError() : ERROR_INVALID_PARAMETER;
    for (WORD i = 0; wide && i < count; i++) heap_free(wide[i]);
    heap_free(wide);
    if (!result) SetLastError(error);
    return result;
}
