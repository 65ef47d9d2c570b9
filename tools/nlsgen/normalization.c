// normnfc.nls and its like (dlls/ntdll/normalization_record.h), from ICU's data.
#include "nlsgen.h"
#include "dlls/ntdll/normalization_record.h"
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>

#define CODE_POINTS 0x110000

struct form {
    const char *file, *icu;
    bool composes, domain_names;
};

// What domain names map though Unicode's table for them leaves it to the caller.
static const struct {
    UChar32 c;
    UChar text[3];
} deviations[] = {
    {0x00DF, {'s', 's'}}, {0x1E9E, {'s', 's'}}, {0x03C2, {0x03C3}}, {0x200C, {0}}, {0x200D, {0}}};

struct writer {
    const struct form *form;
    const UNormalizer2 *normalizer, *canonical;
    struct words numbers; // of the records of all code points
    struct normalization_record records[0x4000];
    unsigned records_n;
    struct words texts;
};

static void check(UErrorCode error, const char *what)
{
    if (U_FAILURE(error)) die("%s: %s", what, u_errorName(error));
}

static bool is_noncharacter(UChar32 c)
{
    return (c >= 0xFDD0 && c <= 0xFDEF) || (c & 0xFFFE) == 0xFFFE;
}

// The text that a code point becomes: its length, or -1 when it stays.
static int mapping_of(const struct writer *writer, UChar32 c, UChar *text, int room)
{
    UErrorCode error = U_ZERO_ERROR;
    int n;

    for (size_t i = 0; writer->form->domain_names && i < sizeof deviations / sizeof *deviations; i++)
        if (deviations[i].c == c) return u_strlen(u_strcpy(text, deviations[i].text));
    if (c >= 0xAC00 && c <= 0xD7A3) return -1; // arithmetic does it
    n = unorm2_getDecomposition(writer->normalizer, c, text, room, &error);
    check(error, "a decomposition");
    if (n == 1 && text[0] == 0xFFFD && c != 0xFFFD) return -1; // how ICU says that it's forbidden
    return n;
}

static bool is_forbidden(const struct writer *writer, UChar32 c)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar text[20];

    if (U_IS_SURROGATE(c) || is_noncharacter(c)) return true;
    if (!writer->form->domain_names || u_charType(c) != U_FORMAT_CHAR) return false;
    return unorm2_getDecomposition(writer->normalizer, c, text, 20, &error) == 1 && text[0] == 0xFFFD;
}

static uint16_t record_number(struct writer *writer, UChar32 c)
{
    struct normalization_record record = {0};
    UChar text[40];
    const int n = mapping_of(writer, c, text, 40);

    record.flags = u_getCombiningClass(c);
    if (is_forbidden(writer, c)) record.flags |= NORMALIZATION_FORBIDDEN;
    if (writer->form->domain_names && (u_charType(c) == U_UNASSIGNED || u_charType(c) == U_PRIVATE_USE_CHAR))
        record.flags |= NORMALIZATION_UNASSIGNED;
    if (!unorm2_hasBoundaryBefore(writer->canonical, c)) record.flags |= NORMALIZATION_COMBINES;
    if (n >= 0) {
        record.flags |= NORMALIZATION_MAPPED;
        record.text = writer->texts.n;
        record.text_length = n;
    }
    for (unsigned i = 0; n < 0 && i < writer->records_n; i++)
        if (!memcmp(&writer->records[i], &record, sizeof record)) return i;
    if (n > 0) words_append(&writer->texts, (const uint16_t *)text, n);
    if (writer->records_n == sizeof writer->records / sizeof *writer->records) die("too many mappings");
    writer->records[writer->records_n] = record;
    return writer->records_n++;
}

static void append_blocks(struct writer *writer, struct words *file, struct normalization_header *header)
{
    struct words blocks = {0};

    for (UChar32 c = 0; c < CODE_POINTS; c += NORMALIZATION_BLOCK) {
        const uint16_t *block = writer->numbers.data + c;
        size_t i = 0;
        while (i < blocks.n && memcmp(blocks.data + i, block, NORMALIZATION_BLOCK * sizeof *block) != 0)
            i += NORMALIZATION_BLOCK;
        if (i == blocks.n) words_append(&blocks, block, NORMALIZATION_BLOCK);
        words_add(file, i / NORMALIZATION_BLOCK);
    }
    header->blocks_at = file->n;
    words_append(file, blocks.data, blocks.n);
    free(blocks.data);
}

static int compare_pairs(const void *first, const void *second)
{
    const struct normalization_pair *a = first, *b = second;

    if (a->first != b->first) return a->first < b->first ? -1 : 1;
    return (a->second > b->second) - (a->second < b->second);
}

static void append_pairs(const struct writer *writer, struct words *file, struct normalization_header *header)
{
    struct normalization_pair pairs[2000];
    UErrorCode error = U_ZERO_ERROR;

    for (UChar32 c = 0; c < CODE_POINTS && writer->form->composes; c++) {
        UChar text[8];
        UChar32 first, second;
        int at = 0;
        const int n = c >= 0xAC00 && c <= 0xD7A3
                          ? -1
                          : unorm2_getRawDecomposition(writer->canonical, c, text, 8, &error);

        check(error, "a decomposition");
        if (n < 2) continue;
        U16_NEXT(text, at, n, first);
        if (at == n) continue;
        U16_NEXT(text, at, n, second);
        if (unorm2_composePair(writer->canonical, first, second) != c) continue;
        pairs[header->pairs_n++] = (struct normalization_pair){first, second, c};
    }
    qsort(pairs, header->pairs_n, sizeof *pairs, compare_pairs);
    if (file->n % 2) words_add(file, 0);
    header->pairs_at = file->n;
    words_append(file, (const uint16_t *)pairs, header->pairs_n * sizeof *pairs / sizeof(uint16_t));
}

static void write_form(const struct form *form, const char *directory)
{
    UErrorCode error = U_ZERO_ERROR;
    struct writer *writer = calloc(1, sizeof *writer);
    struct normalization_header header = {.composes = form->composes};
    struct words file = {0};

    if (!writer) die("out of memory");
    writer->form = form;
    writer->normalizer = unorm2_getInstance(NULL, form->icu, UNORM2_COMPOSE, &error);
    writer->canonical = unorm2_getNFCInstance(&error);
    check(error, form->icu);
    for (UChar32 c = 0; c < CODE_POINTS; c++) words_add(&writer->numbers, record_number(writer, c));
    words_append(&file, (const uint16_t *)&header, NORMALIZATION_HEADER_WORDS);
    append_blocks(writer, &file, &header);
    header.records_at = file.n;
    words_append(&file, (const uint16_t *)writer->records,
                 writer->records_n * sizeof *writer->records / sizeof(uint16_t));
    header.texts_at = file.n;
    words_append(&file, writer->texts.data, writer->texts.n);
    append_pairs(writer, &file, &header);
    memcpy(file.data, &header, sizeof header);
    words_write(&file, directory, form->file);
    free(file.data);
    free(writer->numbers.data);
    free(writer->texts.data);
    free(writer);
}

void write_normalization_forms(const char *directory)
{
    static const struct form forms[] = {
        {"normnfc.nls", "nfc", true, false},   {"normnfd.nls", "nfc", false, false},
        {"normnfkc.nls", "nfkc", true, false}, {"normnfkd.nls", "nfkc", false, false},
        {"normidna.nls", "uts46", true, true},
    };

    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) write_form(&forms[i], directory);
}
