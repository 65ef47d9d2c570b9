// Normalization forms of Unicode, from norm*.nls (normalization_record.h). A text is worked off in segments:
// a segment ends before a character that nothing before can compose with.
#include "nls.h"
#include "normalization.h"
#include "normalization_record.h"
#include <stdbool.h>

#define NO_CODE_POINT 0xFFFFFFFFu

struct form {
    const uint16_t *words;
    const struct normalization_header *header;
};

// ---- the tables, mapped when a form is first asked for ----

static const uint16_t *mapped_forms[16];

static NTSTATUS form_open(struct form *form, ULONG number)
{
    const uint16_t *words = NULL, *first = NULL;
    void *section;
    SIZE_T size;
    NTSTATUS status;

    if (!number) return STATUS_INVALID_PARAMETER;
    if (number < ARRAYSIZE(mapped_forms)) words = __atomic_load_n(&mapped_forms[number], __ATOMIC_ACQUIRE);
    if (!words) {
        status = NtGetNlsSectionPtr(NLS_SECTION_NORMALIZATION, number, NULL, &section, &size);
        if (!NT_SUCCESS(status)) return status;
        words = section;
        if (!__atomic_compare_exchange_n(&mapped_forms[number], &first, words, false, __ATOMIC_RELEASE,
                                         __ATOMIC_ACQUIRE)) {
            NtUnmapViewOfSection(NtCurrentProcess(), section); // another thread was faster
            words = first;
        }
    }
    form->words = words;
    form->header = (const struct normalization_header *)words;
    return STATUS_SUCCESS;
}

const uint16_t *normalization_words(ULONG number)
{
    struct form form;
    return NT_SUCCESS(form_open(&form, number)) ? form.words : NULL;
}

static const struct normalization_record *record_of(const struct form *form, ULONG c)
{
    return normalization_record_of(form->words, c);
}

// ---- composition ----

enum { // Hangul syllables follow from their letters
    HANGUL_FIRST = 0xAC00,
    HANGUL_LEADING = 0x1100,
    HANGUL_VOWEL = 0x1161,
    HANGUL_TRAILING = 0x11A7,
    HANGUL_LEADINGS = 19,
    HANGUL_VOWELS = 21,
    HANGUL_TRAILINGS = 28,
    HANGUL_SYLLABLES = HANGUL_LEADINGS * HANGUL_VOWELS * HANGUL_TRAILINGS,
};

static ULONG compose_hangul(ULONG first, ULONG second)
{
    const ULONG syllable = first - HANGUL_FIRST, leading = first - HANGUL_LEADING;

    if (leading < HANGUL_LEADINGS && second - HANGUL_VOWEL < HANGUL_VOWELS)
        return HANGUL_FIRST + (leading * HANGUL_VOWELS + second - HANGUL_VOWEL) * HANGUL_TRAILINGS;
    if (syllable < HANGUL_SYLLABLES && syllable % HANGUL_TRAILINGS == 0 && second > HANGUL_TRAILING &&
        second < HANGUL_TRAILING + HANGUL_TRAILINGS)
        return first + second - HANGUL_TRAILING;
    return NO_CODE_POINT;
}

static ULONG compose(const struct form *form, ULONG first, ULONG second)
{
    const struct normalization_pair *pairs =
        (const struct normalization_pair *)(form->words + form->header->pairs_at);
    ULONG low = 0, high = form->header->pairs_n;

    while (low < high) {
        const ULONG middle = (low + high) / 2;
        const struct normalization_pair *pair = &pairs[middle];

        if (pair->first == first && pair->second == second) return pair->composed;
        if (pair->first < first || (pair->first == first && pair->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    return compose_hangul(first, second);
}

// ---- a segment: decomposed characters in canonical order ----

struct unit {
    ULONG c;
    BYTE combining_class;
};

struct segment {
    struct unit *units;
    ULONG n, room;
    struct unit small[64];
};

static NTSTATUS segment_append(struct segment *segment, ULONG c, BYTE combining_class)
{
    ULONG at = segment->n;

    if (segment->n == segment->room) {
        struct unit *larger =
            RtlAllocateHeap(peb_self()->ProcessHeap, 0, 2 * segment->room * sizeof(*segment->units));
        if (!larger) return STATUS_NO_MEMORY;
        memcpy(larger, segment->units, segment->n * sizeof(*larger));
        if (segment->units != segment->small) RtlFreeHeap(peb_self()->ProcessHeap, 0, segment->units);
        segment->units = larger;
        segment->room *= 2;
    }
    while (combining_class && at && segment->units[at - 1].combining_class > combining_class) at--;
    memmove(segment->units + at + 1, segment->units + at, (segment->n - at) * sizeof(*segment->units));
    segment->units[at] = (struct unit){c, combining_class};
    segment->n++;
    return STATUS_SUCCESS;
}

static void segment_compose(const struct form *form, struct segment *segment)
{
    ULONG kept = 0, starter = NO_CODE_POINT; // the place of the last character of class 0 that was kept

    for (ULONG i = 0; i < segment->n; i++) {
        const struct unit unit = segment->units[i];
        // One between of the same class or a higher one keeps it from the starter.
        const bool blocked = kept && starter != kept - 1 &&
                             (segment->units[kept - 1].combining_class == 0 ||
                              segment->units[kept - 1].combining_class >= unit.combining_class);
        const ULONG composed = starter == NO_CODE_POINT || blocked
                                   ? NO_CODE_POINT
                                   : compose(form, segment->units[starter].c, unit.c);

        if (composed != NO_CODE_POINT) {
            segment->units[starter].c = composed;
            continue;
        }
        if (!unit.combining_class) starter = kept;
        segment->units[kept++] = unit;
    }
    segment->n = kept;
}

// ---- where the result goes ----

struct sink {
    WCHAR *out;           // NULL: only compared
    const WCHAR *compare; // what the result should be
    ULONG n, room;
    bool differs;
};

// False when there is no room: nothing of the character was written then.
static bool sink_put(struct sink *sink, ULONG c)
{
    WCHAR text[2] = {(WCHAR)c, 0};
    const ULONG n = c < 0x10000 ? 1 : 2;

    if (n == 2) {
        text[0] = (WCHAR)(0xD7C0 + (c >> 10));
        text[1] = (WCHAR)(0xDC00 + (c & 0x3FF));
    }
    if (sink->n + n > sink->room) {
        sink->differs = true;
        return false;
    }
    for (ULONG i = 0; i < n; i++) {
        if (sink->out)
            sink->out[sink->n + i] = text[i];
        else if (sink->compare[sink->n + i] != text[i])
            sink->differs = true;
    }
    sink->n += n;
    return true;
}

static NTSTATUS segment_flush(const struct form *form, struct segment *segment, struct sink *sink)
{
    if (form->header->composes && segment->n > 1) segment_compose(form, segment);
    for (ULONG i = 0; i < segment->n; i++)
        if (!sink_put(sink, segment->units[i].c)) return STATUS_BUFFER_TOO_SMALL;
    segment->n = 0;
    return STATUS_SUCCESS;
}

// ---- the work ----

// A source and how far it was read; on an error *at is where.
struct source {
    const WCHAR *text;
    ULONG n, at;
    ULONG segment_at; // where the segment began
};

static ULONG next_code_point(struct source *source)
{
    const WCHAR c = source->text[source->at++];

    if ((c & 0xF800) != 0xD800) return c;
    if (c >= 0xDC00) {
        source->at--;
        return NO_CODE_POINT;
    }
    if (source->at == source->n || (source->text[source->at] & 0xFC00) != 0xDC00) return NO_CODE_POINT;
    return 0x10000 + ((c & 0x3FFu) << 10) + (source->text[source->at++] & 0x3FF);
}

static NTSTATUS append_decomposed(const struct form *form, struct segment *segment, struct sink *sink,
                                  struct source *source, ULONG place, ULONG c)
{
    const struct normalization_record *record = record_of(form, c);

    if (segment->n && !(record->flags & (NORMALIZATION_CLASS | NORMALIZATION_COMBINES))) {
        NTSTATUS status = segment_flush(form, segment, sink);
        if (!NT_SUCCESS(status)) return status;
        source->segment_at = place;
    }
    return segment_append(segment, c, record->flags & NORMALIZATION_CLASS);
}

// One character of the source: what it maps to, in the segment.
static NTSTATUS normalize_one(const struct form *form, struct segment *segment, struct sink *sink,
                              struct source *source, ULONG place, ULONG c)
{
    const struct normalization_record *record = record_of(form, c);
    const ULONG syllable = c - HANGUL_FIRST;
    const WCHAR *text = form->words + form->header->texts_at + record->text;
    struct source mapping = {text, record->text_length, 0, 0};
    NTSTATUS status = STATUS_SUCCESS;

    if (syllable < HANGUL_SYLLABLES) {
        const ULONG trailing = syllable % HANGUL_TRAILINGS, pair = syllable / HANGUL_TRAILINGS;
        status = append_decomposed(form, segment, sink, source, place, HANGUL_LEADING + pair / HANGUL_VOWELS);
        if (NT_SUCCESS(status)) status = segment_append(segment, HANGUL_VOWEL + pair % HANGUL_VOWELS, 0);
        if (NT_SUCCESS(status) && trailing) status = segment_append(segment, HANGUL_TRAILING + trailing, 0);
        return status;
    }
    if (!(record->flags & NORMALIZATION_MAPPED))
        return append_decomposed(form, segment, sink, source, place, c);
    while (mapping.at < mapping.n && NT_SUCCESS(status))
        status = append_decomposed(form, segment, sink, source, place, next_code_point(&mapping));
    return status;
}

static NTSTATUS normalize(const struct form *form, ULONG number, struct source *source, struct sink *sink)
{
    struct segment segment = {.room = ARRAYSIZE(segment.small)};
    NTSTATUS status = STATUS_SUCCESS;

    segment.units = segment.small;
    while (source->at < source->n && NT_SUCCESS(status) && (sink->out || !sink->differs)) {
        const ULONG place = source->at, c = next_code_point(source);

        if (c == NO_CODE_POINT || record_of(form, c)->flags & NORMALIZATION_FORBIDDEN ||
            (number == NORMALIZATION_OF_DOMAIN_NAMES && !c && source->at < source->n))
            status = STATUS_NO_UNICODE_TRANSLATION;
        else
            status = normalize_one(form, &segment, sink, source, place, c);
    }
    // What stands before an error still has to fit.
    if (NT_SUCCESS(status) || status == STATUS_NO_UNICODE_TRANSLATION) {
        const NTSTATUS flushed = segment_flush(form, &segment, sink);
        if (!NT_SUCCESS(flushed)) status = flushed;
    }
    if (segment.units != segment.small) RtlFreeHeap(peb_self()->ProcessHeap, 0, segment.units);
    return status;
}

// How much room to offer at first for a text: more than most need.
static ULONG estimate(ULONG number, ULONG n)
{
    const ULONG most = n * (number == 1 || number == 2 ? 3 : 18);

    if (most <= 64) return most;
    return n + n / 8 > 64 ? n + n / 8 : 64;
}

static ULONG text_length(const WCHAR *text, LONG length)
{
    ULONG n = 0;

    if (length >= 0) return (ULONG)length;
    while (text[n]) n++;
    return n + 1;
}

/**
 * Normalizes a text (length -1: up to its NUL, which is part of it then) by NORM_FORM, or maps it as a domain
 * name (13). *out_length: room in UTF-16 units, then what was written; without room what may be needed; the
 * place of a character that is no text. STATUS_OBJECT_NAME_NOT_FOUND for unknown forms.
 */
NTSTATUS WINAPI RtlNormalizeString(ULONG number, PCWSTR text, LONG length, PWSTR out, PLONG out_length)
{
    struct form form;
    NTSTATUS status = form_open(&form, number);
    struct source source = {.text = text};
    struct sink sink = {.out = out, .room = (ULONG)*out_length};

    if (!NT_SUCCESS(status)) return status;
    source.n = text_length(text, length);
    if (!out || !*out_length) {
        *out_length = (LONG)estimate(number, source.n);
        return STATUS_SUCCESS;
    }
    status = normalize(&form, number, &source, &sink);
    if (status == STATUS_BUFFER_TOO_SMALL) {
        const ULONG more = estimate(number, source.n - source.segment_at);
        *out_length = (LONG)(sink.n + more + more / 8);
    } else {
        *out_length = (LONG)(status == STATUS_NO_UNICODE_TRANSLATION ? source.at : sink.n);
    }
    return status;
}

/** Whether a text (length -1: up to its NUL) is what RtlNormalizeString would make of it. */
NTSTATUS WINAPI RtlIsNormalizedString(ULONG number, PCWSTR text, LONG length, PBOOLEAN result)
{
    struct form form;
    NTSTATUS status = form_open(&form, number);
    struct source source = {.text = text};
    struct sink sink = {.compare = text};

    if (!NT_SUCCESS(status)) return status;
    source.n = sink.room = text_length(text, length);
    status = normalize(&form, number, &source, &sink);
    if (status == STATUS_NO_UNICODE_TRANSLATION || status == STATUS_NO_MEMORY) return status;
    *result = !sink.differs && sink.n == source.n;
    return STATUS_SUCCESS;
}
