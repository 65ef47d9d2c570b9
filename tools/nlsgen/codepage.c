// c_NNN.nls: code pages. What a byte means comes from ICU's tables; what Windows does beyond them (bytes that
// mean nothing, characters that only look alike) from Microsoft's published best-fit tables, condensed in
// bestfit.c.
#include "johab.h"
#include "nlsgen.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>

struct code_page {
    unsigned number;
    const char *converter; // ICU's name
    uint8_t max_size;
    uint8_t leads[8]; // ranges of lead bytes
};

#define JOHAB 1361 // whose tables johab.c knows

static const struct code_page code_pages[] = {
    {437, "ibm-437", 1, {0}},
    {720, "ibm-720", 1, {0}},
    {737, "ibm-737", 1, {0}},
    {775, "ibm-775", 1, {0}},
    {850, "ibm-850", 1, {0}},
    {852, "ibm-852", 1, {0}},
    {855, "ibm-855", 1, {0}},
    {857, "ibm-857", 1, {0}},
    {858, "ibm-858", 1, {0}},
    {860, "ibm-860", 1, {0}},
    {861, "ibm-861", 1, {0}},
    {862, "ibm-862", 1, {0}},
    {863, "ibm-863", 1, {0}},
    {864, "ibm-864", 1, {0}},
    {865, "ibm-865", 1, {0}},
    {866, "ibm-866", 1, {0}},
    {869, "ibm-869", 1, {0}},
    {874, "windows-874-2000", 1, {0}},
    {932, "ibm-943_P15A-2003", 2, {0x81, 0x9F, 0xE0, 0xFC}},
    {936, "windows-936-2000", 2, {0x81, 0xFE}},
    {949, "windows-949-2000", 2, {0x81, 0xFE}},
    {950, "windows-950-2000", 2, {0x81, 0xFE}},
    {JOHAB, NULL, 2, {0x81, 0xD3, 0xD8, 0xDE, 0xE0, 0xF9}},
    {1250, "windows-1250", 1, {0}},
    {1251, "windows-1251", 1, {0}},
    {1252, "windows-1252", 1, {0}},
    {1253, "windows-1253", 1, {0}},
    {1254, "windows-1254", 1, {0}},
    {1255, "windows-1255", 1, {0}},
    {1256, "windows-1256", 1, {0}},
    {1257, "windows-1257", 1, {0}},
    {1258, "windows-1258", 1, {0}},
    {20127, "US-ASCII", 1, {0}},
    {20866, "KOI8-R", 1, {0}},
    {21866, "KOI8-U", 1, {0}},
    {28591, "ISO-8859-1", 1, {0}},
    {28592, "ISO-8859-2", 1, {0}},
    {28593, "ISO-8859-3", 1, {0}},
    {28594, "ISO-8859-4", 1, {0}},
    {28595, "ISO-8859-5", 1, {0}},
    {28596, "ISO-8859-6", 1, {0}},
    {28597, "ISO-8859-7", 1, {0}},
    {28598, "ISO-8859-8", 1, {0}},
    {28599, "ISO-8859-9", 1, {0}},
    {28603, "ISO-8859-13", 1, {0}},
    {28605, "ISO-8859-15", 1, {0}},
    {10000, "macintosh", 1, {0}},
    {10006, "macgr", 1, {0}},
    {10007, "x-mac-cyrillic", 1, {0}},
    {10029, "x-mac-ce", 1, {0}},
    {10081, "x-mac-turkish", 1, {0}},
    {37, "ibm-37", 1, {0}},
    {500, "ibm-500", 1, {0}},
    {1026, "ibm-1026", 1, {0}},
    {875, "ibm-875", 1, {0}},
};

static bool is_lead(const struct code_page *page, unsigned byte)
{
    for (unsigned i = 0; i < sizeof page->leads && page->leads[i]; i += 2) {
        if (byte >= page->leads[i] && byte <= page->leads[i + 1]) return true;
    }
    return false;
}

// One character's UTF-16 unit, or 0xFFFD.
static uint16_t decode(UConverter *converter, const char *bytes, int n)
{
    UErrorCode error = U_ZERO_ERROR;
    UChar out[8];
    int length;

    ucnv_reset(converter);
    length = ucnv_toUChars(converter, out, 8, bytes, n, &error);
    return U_SUCCESS(error) && length == 1 ? out[0] : 0xFFFD;
}

struct tables {
    uint16_t single[256];
    uint16_t pairs[256][256]; // by lead byte
    uint16_t wide[65536];     // code, 0 for none
};

// Where Windows reads a byte otherwise than ICU's table of the same name.
static const struct {
    uint16_t page, byte, unit;
} differences[] = {
    {437, 0xE6, 0x00B5},   {860, 0xE6, 0x00B5},   {861, 0xE6, 0x00B5},   {862, 0xE6, 0x00B5},
    {863, 0xE6, 0x00B5},   {865, 0xE6, 0x00B5},   {852, 0xAA, 0x00AC},   {869, 0x88, 0x00B7},
    {869, 0xEF, 0x0384},   {1253, 0xAA, 0xF8F9},  {1253, 0xD2, 0xF8FA},  {1253, 0xFF, 0xF8FB},
    {1257, 0xA1, 0xF8FC},  {1257, 0xA5, 0xF8FD},  {10000, 0xBD, 0x2126}, {10081, 0xBD, 0x2126},
    {21866, 0xAE, 0x045E}, {21866, 0xBE, 0x040E}, {932, 0x80, 0x0080},   {932, 0xA0, 0xF8F0},
    {932, 0xFD, 0xF8F1},   {932, 0xFE, 0xF8F2},   {932, 0xFF, 0xF8F3},   {1255, 0xCA, 0x05BA},
    {1255, 0xD9, 0xF88D},  {1255, 0xDA, 0xF88E},  {1255, 0xDB, 0xF88F},  {1255, 0xDC, 0xF890},
    {1255, 0xDD, 0xF891},  {1255, 0xDE, 0xF892},  {1255, 0xDF, 0xF893},  {1255, 0xFB, 0xF894},
    {1255, 0xFC, 0xF895},  {1255, 0xFF, 0xF896},  {857, 0xD5, 0xF8BB},   {857, 0xE7, 0xF8BC},
    {857, 0xF2, 0xF8BD},
};

static bool is_ebcdic(const struct code_page *page)
{
    return page->number == 37 || page->number == 500 || page->number == 875 || page->number == 1026;
}

static uint16_t windows_meaning(const struct code_page *page, unsigned byte, uint16_t unit)
{
    if (page->number == 20127) return byte & 0x7F;
    // IBM swaps three control characters; Windows' pages extend ASCII.
    if (byte < 0x80 && !is_ebcdic(page)) return byte;
    for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
        if (differences[i].page == page->number && differences[i].byte == byte) return differences[i].unit;
    }
    return unit == 0xFFFD && byte < 0xA0 ? byte : unit;
}

static UConverter *wansung; // code page 949

static uint16_t wansung_character(unsigned lead, unsigned trail)
{
    const char bytes[2] = {lead, trail};

    return decode(wansung, bytes, 2);
}

static void load_johab(const struct code_page *page, struct tables *t)
{
    UErrorCode error = U_ZERO_ERROR;

    wansung = ucnv_open("windows-949-2000", &error);
    if (U_FAILURE(error)) die("ICU has no converter for code page 949");
    memset(t, 0, sizeof *t);
    for (unsigned b = 0; b < 256; b++) {
        t->single[b] = is_lead(page, b) ? 0 : b < 0x80 ? b : 0xF800 + b; // private use, as elsewhere
        for (unsigned trail = 0; is_lead(page, b) && trail < 256; trail++) {
            const uint16_t c = johab_character(b, trail, wansung_character);
            t->pairs[b][trail] = c;
            if (c != JOHAB_NONE && !t->wide[c]) t->wide[c] = b << 8 | trail;
        }
        if (!is_lead(page, b)) t->wide[t->single[b]] = b;
    }
    ucnv_close(wansung);
}

static void load(const struct code_page *page, struct tables *t)
{
    UErrorCode error = U_ZERO_ERROR;
    UConverter *converter = ucnv_open(page->converter, &error);

    if (U_FAILURE(error)) die("ICU has no converter %s for code page %u", page->converter, page->number);
    memset(t, 0, sizeof *t);
    for (unsigned b = 0; b < 256; b++) {
        char byte = b;
        if (is_lead(page, b)) {
            t->single[b] = 0;
            for (unsigned trail = 1; trail < 256; trail++) {
                char bytes[2] = {b, trail};
                uint16_t c = decode(converter, bytes, 2);
                t->pairs[b][trail] = c;
                if (c != 0xFFFD && !t->wide[c]) t->wide[c] = b << 8 | trail;
            }
            t->pairs[b][0] = 0xFFFD;
            continue;
        }
        t->single[b] = decode(converter, &byte, 1);
        t->single[b] = windows_meaning(page, b, t->single[b]);
    }
    for (unsigned b = 256; b-- > 0;) {
        if (!is_lead(page, b) && t->single[b] != 0xFFFD) t->wide[t->single[b]] = b;
    }
    // Where several codes mean one character, ICU knows the one to write.
    for (unsigned c = 1; c < 65536; c++) {
        UChar unit = c;
        char out[8];
        int n;
        if (c >= 0xD800 && c < 0xE000) continue;
        error = U_ZERO_ERROR;
        ucnv_reset(converter);
        ucnv_setSubstString(converter, u"", 0, &error);
        n = ucnv_fromUChars(converter, out, sizeof out, &unit, 1, &error);
        if (U_FAILURE(error) || n < 1 || n > page->max_size) continue;
        // Best fit comes later, and not from here.
        if (n == 1 && t->single[(uint8_t)out[0]] == c) t->wide[c] = (uint8_t)out[0];
        if (n == 2 && t->pairs[(uint8_t)out[0]][(uint8_t)out[1]] == c)
            t->wide[c] = (uint8_t)out[0] << 8 | (uint8_t)out[1];
    }
    ucnv_close(converter);
}

static void write_page(const struct code_page *page, const char *directory)
{
    static struct tables t;
    struct words file = {0};
    char name[32];
    size_t multi_byte;
    uint16_t fallback;
    // Japanese has a character of its own for what bytes without meaning become.
    const uint16_t unknown = page->number == 932 ? 0x30FB : '?';

    if (page->number == JOHAB)
        load_johab(page, &t);
    else
        load(page, &t);
    fallback = t.wide['?'];
    words_add(&file, 13);
    words_add(&file, page->number);
    words_add(&file, page->max_size);
    words_add(&file, fallback);        // default character
    words_add(&file, unknown);         // what bytes without meaning become
    words_add(&file, '?');             // the default character in UTF-16
    words_add(&file, t.wide[unknown]); // what bytes become, in the code page
    for (unsigned i = 0; i < 12; i += 2) {
        words_add(&file, i < sizeof page->leads ? page->leads[i] | page->leads[i + 1] << 8 : 0);
    }
    multi_byte = file.n;
    words_add(&file, 0); // how far the wide table is; set below
    words_append(&file, t.single, 256);
    words_add(&file, 0); // no table of glyphs for control characters
    if (page->max_size == 2) {
        unsigned ranges = 0, next = 1;
        while (ranges < 4 && page->leads[2 * ranges]) ranges++;
        words_add(&file, ranges);
        for (unsigned b = 0; b < 256; b++) words_add(&file, is_lead(page, b) ? 256 * next++ : 0);
        for (unsigned b = 0; b < 256; b++) {
            for (unsigned trail = 0; is_lead(page, b) && trail < 256; trail++)
                words_add(&file, t.pairs[b][trail] == 0xFFFD ? unknown : t.pairs[b][trail]);
        }
    } else {
        words_add(&file, 0);
    }
    file.data[multi_byte] = file.n - multi_byte;
    words_add(&file, page->max_size == 2 ? 4 : 0);
    for (unsigned c = 0; c < 65536; c += page->max_size == 2 ? 1 : 2) {
        uint16_t codes[2];
        for (unsigned i = 0; i < 2; i++) {
            unsigned unit = (c + i) & 0xFFFF;
            codes[i] = t.wide[unit];
            if (!codes[i] && unit) codes[i] = best_fit(page->number, unit, t.wide);
            if (!codes[i] && unit) codes[i] = fallback;
        }
        words_add(&file, page->max_size == 2 ? codes[0] : codes[0] | codes[1] << 8);
    }
    snprintf(name, sizeof name, "c_%03u.nls", page->number);
    words_write(&file, directory, name);
    free(file.data);
}

void write_code_pages(const char *directory)
{
    for (size_t i = 0; i < sizeof code_pages / sizeof *code_pages; i++) write_page(&code_pages[i], directory);
}
