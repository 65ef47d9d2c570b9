// FormatMessage: where a message comes from, its inserts, and line breaking.
#include "format_argument.h"
#include "system_messages.h"

#define NO_WORK_DONE 235 // ERROR_NO_WORK_DONE, which the headers lack

struct source {
    const WCHAR *text;
    WCHAR *allocated;
};

// Finds a message in a module's table for a language, and as Windows does, in the usual ones.
static DWORD find_in_module(HMODULE module, DWORD id, DWORD language, struct source *source)
{
    MESSAGE_RESOURCE_ENTRY *entry = NULL;
    void *base = module ? (void *)((ULONG_PTR)module & ~(ULONG_PTR)3) : peb_self()->ImageBaseAddress;
    NTSTATUS status = RtlFindMessage(base, (ULONG)(ULONG_PTR)RT_MESSAGETABLE, language, id, &entry);
    if (!NT_SUCCESS(status)) return RtlNtStatusToDosError(status);
    if (entry->Flags & MESSAGE_RESOURCE_UNICODE) {
        SIZE_T bytes = entry->Length - offsetof(MESSAGE_RESOURCE_ENTRY, Text);
        source->allocated = heap_alloc(bytes + sizeof(WCHAR));
        if (!source->allocated) return ERROR_NOT_ENOUGH_MEMORY;
        memcpy(source->allocated, entry->Text, bytes);
        source->allocated[bytes / sizeof(WCHAR)] = 0;
    } else {
        source->allocated = wide_from_ansi((const char *)entry->Text);
        if (!source->allocated) return ERROR_NOT_ENOUGH_MEMORY;
    }
    source->text = source->allocated;
    return ERROR_SUCCESS;
}

static DWORD find_source(DWORD flags, const void *given, DWORD id, DWORD language, bool ansi,
                         struct source *source)
{
    *source = (struct source){};
    if (flags & FORMAT_MESSAGE_FROM_STRING) {
        if (!given) return ERROR_INVALID_PARAMETER;
        if (!ansi) {
            source->text = given;
            return ERROR_SUCCESS;
        }
        source->text = source->allocated = wide_from_ansi(given);
        return source->text ? ERROR_SUCCESS : ERROR_NOT_ENOUGH_MEMORY;
    }
    DWORD error = ERROR_INVALID_PARAMETER;
    if (flags & FORMAT_MESSAGE_FROM_HMODULE) {
        error = find_in_module((HMODULE)given, id, language, source);
        if (!error) return ERROR_SUCCESS;
    }
    if (flags & FORMAT_MESSAGE_FROM_SYSTEM) {
        // HRESULTs of Win32 errors mean those.
        if ((id & 0xFFFF0000) == 0x80070000) id &= 0xFFFF;
        // The system's texts are English.
        if (language && PRIMARYLANGID(language) != LANG_ENGLISH && PRIMARYLANGID(language) != LANG_NEUTRAL)
            return ERROR_RESOURCE_LANG_NOT_FOUND;
        source->text = system_message(id);
        error = source->text ? ERROR_SUCCESS : ERROR_MR_MID_NOT_FOUND;
    }
    return error;
}

// ---- lines ----

struct layout {
    struct text *out;
    unsigned width;    // 0: as in the message; 255: one line
    SIZE_T line_start; // in out
    SIZE_T last_space; // after line_start, or 0
    SIZE_T limit;      // of the result: what follows is not looked at; 0: none
};

static void end_line(struct layout *layout)
{
    text_put(layout->out, '\r');
    text_put(layout->out, '\n');
    layout->line_start = layout->out->length;
    layout->last_space = 0;
}

// A carriage return alone begins a line too.
static void put_return(struct layout *layout)
{
    text_put(layout->out, '\r');
    layout->line_start = layout->out->length;
    layout->last_space = 0;
}

// Once a line has as many units as the width it is broken: at its last blank, with the blanks before that
// one, or right here when it has none.
static void put(struct layout *layout, WCHAR unit)
{
    struct text *out = layout->out;
    text_put(out, unit);
    if (unit == ' ') layout->last_space = out->length;
    if (!layout->width || layout->width == FORMAT_MESSAGE_MAX_WIDTH_MASK || out->failed) return;
    if (out->length - layout->line_start < layout->width) return;
    if (!layout->last_space) {
        end_line(layout);
        return;
    }
    SIZE_T at = layout->last_space - 1, rest = out->length - layout->last_space;
    AUTO_FREE WCHAR *tail = heap_alloc((rest + 1) * sizeof(WCHAR));
    if (!tail) return;
    memcpy(tail, out->units + layout->last_space, rest * sizeof(WCHAR));
    while (at > layout->line_start && out->units[at - 1] == ' ') at--;
    out->length = at;
    end_line(layout);
    text_put_all(out, tail, rest);
}

// ---- inserts ----

// Inserts are taken by number, so a va_list is read up to the highest one asked for and remembered. In a
// format with a '*' only the first argument has that number: the others come from behind all that have been
// used so far, and those of a va_list count as inserts themselves only up to the last '*'.
struct inserts {
    struct arguments arguments; // must be first: next_insert gets it
    va_list *list;
    const ULONG_PTR *array;
    ULONG_PTR values[99 + 3]; // of the list
    unsigned known, current;  // how many have been used; the next by number
    unsigned stars, taken;    // of the format being expanded
};

static ULONG_PTR insert_at(struct inserts *inserts, unsigned index)
{
    if (inserts->array) {
        if (inserts->known <= index) inserts->known = index + 1;
        return inserts->array[index];
    }
    if (!inserts->list) return 0;
    while (inserts->known <= index && inserts->known < ARRAY_LENGTH(inserts->values))
        inserts->values[inserts->known++] = va_arg(*inserts->list, ULONG_PTR);
    return index < ARRAY_LENGTH(inserts->values) ? inserts->values[index] : 0;
}

static ULONG_PTR next_insert(struct arguments *arguments)
{
    struct inserts *inserts = (struct inserts *)arguments;
    if (!inserts->stars || !inserts->taken++) return insert_at(inserts, inserts->current++);
    if (inserts->array) return inserts->array[inserts->known++];
    if (!inserts->list) return 0;
    ULONG_PTR value = va_arg(*inserts->list, ULONG_PTR);
    if (inserts->taken <= inserts->stars && inserts->known < ARRAY_LENGTH(inserts->values))
        inserts->values[inserts->known++] = value;
    return value;
}

// "%1!08lx!": at points behind the number. A format with '*' takes its width from the inserts that follow.
static const WCHAR *put_insert(struct layout *layout, const WCHAR *at, struct inserts *inserts,
                               unsigned number, bool ansi)
{
    WCHAR format[32] = L"s";
    if (*at == '!') {
        SIZE_T n = 0;
        at++;
        while (at[n] && at[n] != '!' && n < ARRAY_LENGTH(format) - 1) n++;
        memcpy(format, at, n * sizeof(WCHAR));
        format[n] = 0;
        at += n;
        if (*at == '!') at++;
    }
    struct text value = {};
    inserts->current = number - 1;
    inserts->stars = inserts->taken = 0;
    for (const WCHAR *unit = format; *unit; unit++)
        if (*unit == '*') inserts->stars++;
    format_argument(&value, format, &inserts->arguments, ansi);
    for (SIZE_T i = 0; i < value.length; i++) put(layout, value.units[i]);
    if (value.failed) layout->out->failed = true;
    if (value.units) heap_free(value.units);
    return at;
}

// Expands a message. False: an insert is asked for and there are no arguments.
static bool expand(struct layout *layout, const WCHAR *at, DWORD flags, struct inserts *inserts, bool ansi)
{
    while (*at && !(layout->limit && layout->out->length >= layout->limit)) {
        WCHAR c = *at++;
        if (c == '\r' || c == '\n') {
            if (c == '\r' && *at == '\n') at++;
            // Soft breaks become blanks when a width is given.
            if (layout->width)
                put(layout, ' ');
            else
                end_line(layout);
            continue;
        }
        if (c != '%') {
            put(layout, c);
            continue;
        }
        c = *at;
        if (flags & FORMAT_MESSAGE_IGNORE_INSERTS) {
            // Only line ends are still expanded.
            if (c == 'n')
                end_line(layout);
            else if (c == 'r')
                put_return(layout);
            else if (c == 't')
                put(layout, '\t');
            else if (c == '0')
                return true;
            else {
                put(layout, '%');
                if (c) put(layout, c);
            }
            if (c) at++;
            continue;
        }
        if (c == '0') return true; // ends the message without a line end
        if (c >= '1' && c <= '9') {
            unsigned number = (unsigned)(*at++ - '0');
            if (*at >= '0' && *at <= '9') number = number * 10 + (unsigned)(*at++ - '0');
            if (!inserts->array && !inserts->list) return false;
            at = put_insert(layout, at, inserts, number, ansi);
            continue;
        }
        if (!c) return false;
        at++;
        switch (c) {
        case 'n': end_line(layout); break;
        case 'r': put_return(layout); break;
        case 't': put(layout, '\t'); break;
        case 'b': put(layout, ' '); break;
        default: put(layout, c); break;
        }
    }
    return true;
}

// The finished text, allocated; NULL with the last error set.
static WCHAR *format(DWORD flags, const void *given, DWORD id, DWORD language, va_list *arguments, bool ansi,
                     SIZE_T limit, SIZE_T *length)
{
    struct source source;
    DWORD error = find_source(flags, given, id, language, ansi, &source);
    if (error) {
        SetLastError(error);
        return NULL;
    }
    struct text out = {};
    struct layout layout = {.out = &out, .width = flags & FORMAT_MESSAGE_MAX_WIDTH_MASK, .limit = limit};
    AUTO_FREE struct inserts *inserts = heap_alloc(sizeof(*inserts));
    bool expanded = false;
    if (inserts) {
        memset(inserts, 0, offsetof(struct inserts, values));
        inserts->known = inserts->current = 0;
        inserts->arguments.next = next_insert;
        if (flags & FORMAT_MESSAGE_ARGUMENT_ARRAY)
            inserts->array = (const ULONG_PTR *)arguments;
        else
            inserts->list = arguments;
        expanded = expand(&layout, source.text, flags, inserts, ansi);
        if (!expanded) SetLastError(ERROR_INVALID_PARAMETER);
    }
    if (source.allocated) heap_free(source.allocated);
    // The ANSI function gives up on results of 32 K and more.
    if (expanded && ansi && out.length >= 32767) {
        expanded = false;
        SetLastError(ERROR_INVALID_PARAMETER);
    }
    text_put(&out, 0);
    if (!expanded || out.failed) {
        if (out.units) heap_free(out.units);
        return NULL;
    }
    *length = out.length - 1;
    return out.units;
}

HOTPATCH DWORD WINAPI FormatMessageW(DWORD flags, const void *source, DWORD id, DWORD language, WCHAR *buffer,
                                     DWORD size, va_list *arguments)
{
    bool allocate = flags & FORMAT_MESSAGE_ALLOCATE_BUFFER;
    SIZE_T length = 0;
    if (!buffer) return (DWORD)fail_with(ERROR_INVALID_PARAMETER);
    if (allocate) *(WCHAR **)buffer = NULL;
    AUTO_FREE WCHAR *text =
        format(flags, source, id, language, arguments, false, allocate ? 0 : size, &length);
    if (!text) return 0;
    // An empty message is no message.
    if (!length) {
        if (!allocate && size) buffer[0] = 0;
        return (DWORD)fail_with(NO_WORK_DONE);
    }
    if (allocate) {
        SIZE_T units = length + 1 > size ? length + 1 : size;
        WCHAR *result = LocalAlloc(LMEM_FIXED | LMEM_ZEROINIT, units * sizeof(WCHAR));
        if (!result) return 0;
        memcpy(result, text, (length + 1) * sizeof(WCHAR));
        *(WCHAR **)buffer = result;
        return (DWORD)length;
    }
    SIZE_T fits = length < size ? length : size ? size - 1 : 0;
    if (size) {
        memcpy(buffer, text, fits * sizeof(WCHAR));
        buffer[fits] = 0;
    }
    return fits == length ? (DWORD)length : (DWORD)fail_with(ERROR_INSUFFICIENT_BUFFER);
}

HOTPATCH DWORD WINAPI FormatMessageA(DWORD flags, const void *source, DWORD id, DWORD language, char *buffer,
                                     DWORD size, va_list *arguments)
{
    bool allocate = flags & FORMAT_MESSAGE_ALLOCATE_BUFFER;
    SIZE_T length = 0;
    if (!buffer) return (DWORD)fail_with(allocate ? ERROR_NOT_ENOUGH_MEMORY : ERROR_INSUFFICIENT_BUFFER);
    if (allocate) *(char **)buffer = NULL;
    AUTO_FREE WCHAR *text = format(flags, source, id, language, arguments, true, 0, &length);
    if (!text) return 0;
    if (!length) return (DWORD)fail_with(NO_WORK_DONE);
    ULONG needed = 0;
    RtlUnicodeToMultiByteSize(&needed, text, (ULONG)(length * sizeof(WCHAR)));
    if (allocate) {
        SIZE_T bytes = needed + 1 > size ? needed + 1 : size;
        char *result = LocalAlloc(LMEM_FIXED | LMEM_ZEROINIT, bytes);
        if (!result) return 0;
        *(char **)buffer = result;
        buffer = result;
        size = (DWORD)bytes;
    }
    DWORD written = ansi_from_wide(buffer, size, text, length);
    return written >= size ? (DWORD)fail_with(ERROR_INSUFFICIENT_BUFFER) : written;
}
