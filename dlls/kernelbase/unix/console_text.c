// Console text between UTF-16, the terminal's UTF-8 and the guest's code pages, whose tables are those of the
// guest.
#include "console_text.h"
#include "loader/data_dir.h"
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// An .nls file in 16-bit words: a header of as many words as its first says; the distance to the table for
// UTF-16; 256 units for single bytes; a count and perhaps 256 glyphs; the number of ranges of lead bytes and,
// if there are any, 256 offsets (from themselves) of tables for trail bytes. Then a word, and the bytes (one
// or two each) of every unit.
struct code_page {
    uint32_t number;
    const uint16_t *single, *offsets; // offsets NULL: no lead bytes
    const void *bytes;
    struct code_page *next;
};

static struct code_page *pages;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static struct code_page *load(uint32_t number)
{
    char name[PATH_MAX + 32];
    struct stat st;
    snprintf(name, sizeof name, "%s/c_%03u.nls", data_dir(), number);
    int fd = open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return NULL;
    const uint16_t *words = MAP_FAILED;
    if (fstat(fd, &st) == 0 && st.st_size > 2048)
        words = mmap(NULL, st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (words == MAP_FAILED) return NULL;
    struct code_page *page = calloc(1, sizeof *page);
    if (page == NULL) return NULL;
    const uint16_t *data = words + words[0], *glyphs = data + 1 + 256,
                   *ranges = glyphs + 1 + (glyphs[0] ? 256 : 0);
    page->number = number;
    page->single = data + 1;
    page->offsets = ranges[0] != 0 ? ranges + 1 : NULL;
    page->bytes = data + 1 + data[0];
    return page;
}

const struct code_page *code_page_find(uint32_t number)
{
    pthread_mutex_lock(&lock);
    struct code_page *page = pages;
    while (page != NULL && page->number != number) page = page->next;
    if (page == NULL && (page = load(number)) != NULL) {
        page->next = pages;
        pages = page;
    }
    pthread_mutex_unlock(&lock);
    return page;
}

bool code_page_is_double(const struct code_page *page)
{
    return page->offsets != NULL;
}

size_t code_page_to_utf16(const struct code_page *page, struct text_state *state, uint16_t *out,
                          const uint8_t *in, size_t n)
{
    size_t units = 0;
    for (size_t i = 0; i < n; i++) {
        uint8_t lead = state->lead;
        if (lead != 0) {
            out[units++] = page->offsets[page->offsets[lead] + in[i]];
            state->lead = 0;
        } else if (page->offsets != NULL && page->offsets[in[i]] != 0) {
            state->lead = in[i];
        } else {
            out[units++] = page->single[in[i]];
        }
    }
    return units;
}

size_t code_page_from_utf16(const struct code_page *page, uint8_t *out, const uint16_t *in, size_t n)
{
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++) {
        if (page->offsets == NULL) {
            out[bytes++] = ((const uint8_t *)page->bytes)[in[i]];
        } else {
            uint16_t both = ((const uint16_t *)page->bytes)[in[i]];
            if (both >> 8 != 0) out[bytes++] = both >> 8;
            out[bytes++] = both & 0xFF;
        }
    }
    return bytes;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = c;
    } else if (c < 0x800) {
        *out++ = 0xC0 | c >> 6;
        *out++ = 0x80 | (c & 0x3F);
    } else if (c < 0x10000) {
        *out++ = 0xE0 | c >> 12;
        *out++ = 0x80 | ((c >> 6) & 0x3F);
        *out++ = 0x80 | (c & 0x3F);
    } else {
        *out++ = 0xF0 | c >> 18;
        *out++ = 0x80 | ((c >> 12) & 0x3F);
        *out++ = 0x80 | ((c >> 6) & 0x3F);
        *out++ = 0x80 | (c & 0x3F);
    }
    return out;
}

size_t text_to_utf8(struct text_state *state, char *out, const uint16_t *in, size_t n, bool plain)
{
    char *start = out;
    for (size_t i = 0; i < n; i++) {
        uint32_t c = in[i];
        if (state->high != 0) {
            uint32_t high = state->high;
            state->high = 0;
            if ((c & 0xFC00) == 0xDC00) {
                out = put_utf8(out, 0x10000 + ((high & 0x3FF) << 10) + (c & 0x3FF));
                continue;
            }
            out = put_utf8(out, 0xFFFD);
        }
        if ((c & 0xFC00) == 0xD800)
            state->high = c;
        else if ((c & 0xFC00) == 0xDC00)
            out = put_utf8(out, 0xFFFD);
        else if (c == 0x1B && plain)
            out = put_utf8(out, 0x2190);
        else
            out = put_utf8(out, c);
    }
    return out - start;
}

size_t text_from_utf8(uint16_t *out, const uint8_t *in, size_t n, size_t *used)
{
    size_t units = 0, i = 0;
    while (i < n) {
        uint8_t b = in[i];
        size_t length = b < 0x80 ? 1 : b < 0xC2 ? 0 : b < 0xE0 ? 2 : b < 0xF0 ? 3 : b < 0xF5 ? 4 : 0;
        uint32_t c = length == 1 ? b : length == 0 ? 0xFFFD : b & (0xFFu >> (length + 1));
        size_t k = 1;
        while (k < length && i + k < n && (in[i + k] & 0xC0) == 0x80) c = c << 6 | (in[i + k++] & 0x3F);
        if (k < length && i + k == n) break; // the rest is still to come
        if (length == 0 || k < length || (length == 3 && c < 0x800) || (length == 4 && c < 0x10000) ||
            c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
            c = 0xFFFD;
        i += k;
        if (c >= 0x10000) {
            out[units++] = 0xD800 + ((c - 0x10000) >> 10);
            out[units++] = 0xDC00 + ((c - 0x10000) & 0x3FF);
        } else {
            out[units++] = c;
        }
    }
    *used = i;
    return units;
}
