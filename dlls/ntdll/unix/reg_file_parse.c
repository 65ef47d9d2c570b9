// Parsing .reg files. Lines end with LF or CR LF; a string may hold line ends of its own; hex data goes on
// behind a backslash at a line's end.
#include "reg_file.h"
#include <stdlib.h>
#include <string.h>

struct parser {
    const uint16_t *at, *end;
    unsigned line;
    bool version4, in_key, key_removed, no_memory;
    const char *error;
    const struct reg_file_sink *sink;
    void *context;
    uint16_t *text; // the string read last
    size_t text_count, text_capacity;
    uint8_t *bytes; // the data read last
    size_t size, capacity;
};

static bool fail(struct parser *p, const char *message)
{
    if (!p->error) p->error = message;
    return false;
}

static bool fail_memory(struct parser *p)
{
    p->no_memory = true;
    return fail(p, "no memory");
}

static uint16_t peek(const struct parser *p)
{
    return p->at < p->end ? *p->at : 0;
}

static void skip_blanks(struct parser *p)
{
    while (peek(p) == ' ' || peek(p) == '\t') p->at++;
}

// Whether the line has nothing more to say but a comment.
static bool at_line_end(const struct parser *p)
{
    uint16_t c = peek(p);
    return p->at >= p->end || c == '\n' || c == '\r' || c == ';';
}

static void skip_line(struct parser *p)
{
    while (p->at < p->end && *p->at != '\n') p->at++;
    if (p->at < p->end) p->at++;
    p->line++;
}

static bool nothing_follows(struct parser *p)
{
    skip_blanks(p);
    return at_line_end(p) || fail(p, "something follows the value");
}

static bool end_line(struct parser *p)
{
    if (!nothing_follows(p)) return false;
    skip_line(p);
    return true;
}

static bool grow(void **memory, size_t *capacity, size_t needed, size_t width)
{
    if (needed <= *capacity) return true;
    size_t larger = needed * 2 + 64;
    void *moved = realloc(*memory, larger * width);
    if (!moved) return false;
    *memory = moved;
    *capacity = larger;
    return true;
}

static bool add_unit(struct parser *p, uint16_t unit)
{
    if (!grow((void **)&p->text, &p->text_capacity, p->text_count + 1, sizeof unit)) return fail_memory(p);
    p->text[p->text_count++] = unit;
    return true;
}

static bool add_byte(struct parser *p, uint8_t byte)
{
    if (!grow((void **)&p->bytes, &p->capacity, p->size + 1, 1)) return fail_memory(p);
    p->bytes[p->size++] = byte;
    return true;
}

// A string in quotes, the first of which is next; escapes are \\, \" and (of old files) \n, \r and \0.
static bool take_string(struct parser *p)
{
    p->text_count = 0;
    for (p->at++; p->at < p->end && *p->at != '"'; p->at++) {
        uint16_t unit = *p->at;
        if (unit == '\n') p->line++;
        if (unit == '\\' && p->at + 1 < p->end) {
            unit = *++p->at;
            if (unit == 'n') unit = '\n';
            if (unit == 'r') unit = '\r';
            if (unit == '0') unit = 0;
            if (unit == '\n' && *p->at == '\n') p->line++;
        }
        if (!add_unit(p, unit)) return false;
    }
    if (p->at >= p->end) return fail(p, "a string does not end");
    p->at++;
    return true;
}

static int digit_of(uint16_t unit)
{
    if (unit >= '0' && unit <= '9') return unit - '0';
    if (unit >= 'a' && unit <= 'f') return unit - 'a' + 10;
    if (unit >= 'A' && unit <= 'F') return unit - 'A' + 10;
    return -1;
}

// A hexadecimal number of at most `most` digits.
static bool take_hex(struct parser *p, unsigned most, uint32_t *value)
{
    unsigned n = 0;
    for (*value = 0; n < most && digit_of(peek(p)) >= 0; n++)
        *value = *value << 4 | (unsigned)digit_of(*p->at++);
    if (!n || digit_of(peek(p)) >= 0) return fail(p, "not a hexadecimal number of the right length");
    return true;
}

static bool take_word(struct parser *p, const char *word)
{
    const uint16_t *at = p->at;
    for (; *word; word++, at++)
        if (at >= p->end || (*at | ((*at >= 'A' && *at <= 'Z') ? 0x20 : 0)) != (uint8_t)*word) return false;
    p->at = at;
    return true;
}

// Bytes separated by commas; a backslash at a line's end continues them on the next.
static bool take_bytes(struct parser *p)
{
    uint32_t byte;
    p->size = 0;
    for (;;) {
        skip_blanks(p);
        if (peek(p) == '\\') {
            p->at++;
            skip_blanks(p);
            if (!at_line_end(p)) return fail(p, "a backslash that does not end the line");
            skip_line(p);
            continue;
        }
        if (at_line_end(p)) return true;
        if (!take_hex(p, 2, &byte) || !add_byte(p, (uint8_t)byte)) return false;
        skip_blanks(p);
        if (peek(p) == ',')
            p->at++;
        else if (!at_line_end(p) && peek(p) != '\\')
            return fail(p, "no comma between bytes");
    }
}

// Version 4 keeps strings that are not REG_SZ as ANSI bytes.
static bool widen_bytes(struct parser *p)
{
    size_t size = p->size;
    if (!grow((void **)&p->bytes, &p->capacity, size * 2, 1)) return fail_memory(p);
    for (size_t i = size; i-- > 0;) {
        uint16_t unit = reg_file_from_ansi(p->bytes[i]);
        memcpy(p->bytes + 2 * i, &unit, 2);
    }
    p->size = size * 2;
    return true;
}

// What is right of the equals sign, into bytes. remove: it is "-".
static bool take_data(struct parser *p, uint32_t *type, bool *remove)
{
    *remove = false;
    if (peek(p) == '"') {
        *type = REG_SZ;
        if (!take_string(p) || !add_unit(p, 0)) return false;
        if (!grow((void **)&p->bytes, &p->capacity, 2 * p->text_count, 1)) return fail_memory(p);
        p->size = 2 * p->text_count;
        memcpy(p->bytes, p->text, p->size);
        return true;
    }
    if (peek(p) == '-') {
        p->at++;
        *remove = true;
        return true;
    }
    if (take_word(p, "dword:")) {
        uint32_t value;
        *type = REG_DWORD;
        p->size = 0;
        skip_blanks(p);
        if (!take_hex(p, 8, &value)) return false;
        for (int shift = 0; shift < 32; shift += 8)
            if (!add_byte(p, (uint8_t)(value >> shift))) return false;
        return true;
    }
    *type = REG_BINARY;
    if (take_word(p, "hex(")) {
        if (!take_hex(p, 8, type)) return false;
        if (!take_word(p, "):")) return fail(p, "no \"):\" behind the type");
    } else if (!take_word(p, "hex:")) {
        return fail(p, "data of no known kind");
    }
    if (!take_bytes(p)) return false;
    bool text = *type == REG_SZ || *type == REG_EXPAND_SZ || *type == REG_MULTI_SZ;
    return !(p->version4 && text) || widen_bytes(p);
}

static bool parse_value(struct parser *p)
{
    uint32_t type;
    bool remove;
    if (!p->in_key) return fail(p, "a value before any key");
    p->text_count = 0;
    if (peek(p) == '@')
        p->at++;
    else if (!take_string(p))
        return false;
    uint32_t count = (uint32_t)p->text_count;
    uint16_t *name = malloc(2u * count + 2);
    if (!name) return fail_memory(p);
    if (count) memcpy(name, p->text, 2u * count);
    skip_blanks(p);
    bool good = peek(p) == '=' ? true : fail(p, "no equals sign behind the name");
    if (good) {
        p->at++;
        skip_blanks(p);
        good = take_data(p, &type, &remove) && nothing_follows(p);
    }
    if (good && !p->key_removed)
        good = remove ? p->sink->remove_value(p->context, name, count)
                      : p->sink->value(p->context, name, count, type, p->bytes, p->size);
    free(name);
    if (good) skip_line(p);
    return good;
}

static bool parse_key(struct parser *p)
{
    const uint16_t *start = ++p->at, *last = NULL;
    p->in_key = false;
    // A name may hold brackets: the last one of the line ends the path.
    for (const uint16_t *at = start; at < p->end && *at != '\n'; at++)
        if (*at == ']') last = at;
    if (!last) return fail(p, "a key does not end with ]");
    p->key_removed = start < last && *start == '-';
    start += p->key_removed;
    if (start == last) return fail(p, "a key without a name");
    p->in_key = true;
    if (!p->sink->key(p->context, start, (uint32_t)(last - start), p->key_removed)) return false;
    p->at = last + 1;
    return end_line(p);
}

static bool parse_line(struct parser *p)
{
    skip_blanks(p);
    if (at_line_end(p)) {
        skip_line(p);
        return true;
    }
    switch (peek(p)) {
    case '[': return parse_key(p);
    case '@':
    case '"': return parse_value(p);
    default: return fail(p, "neither a key nor a value");
    }
}

// Case counts, unlike anywhere else.
static bool take_exactly(struct parser *p, const char *text)
{
    const uint16_t *at = p->at;
    for (; *text; text++, at++)
        if (at >= p->end || *at != (uint8_t)*text) return false;
    p->at = at;
    return true;
}

// The first line.
static bool parse_head(struct parser *p)
{
    skip_blanks(p);
    if (take_exactly(p, "Windows Registry Editor Version 5.00"))
        p->version4 = false;
    else if (take_exactly(p, "REGEDIT4") || take_exactly(p, "REGEDIT"))
        p->version4 = true;
    else
        return fail(p, "not a .reg file: neither version 4 nor 5");
    return end_line(p);
}

// The line that begins at `start`, again: whether to go on behind it although it is malformed.
static bool pass_over(struct parser *p, const uint16_t *start, unsigned line)
{
    if (!p->error || p->no_memory || !p->sink->malformed) return false;
    if (!p->sink->malformed(p->context, line, p->error)) return false;
    p->error = NULL;
    p->at = start;
    p->line = line;
    skip_line(p);
    return true;
}

static bool parse_or_pass(struct parser *p)
{
    const uint16_t *start = p->at;
    unsigned line = p->line;
    return parse_line(p) || pass_over(p, start, line);
}

bool reg_file_parse(const uint16_t *text, size_t count, const struct reg_file_sink *sink, void *context,
                    struct reg_file_error *error)
{
    struct parser p = {.at = text, .end = text + count, .line = 1, .sink = sink, .context = context};
    bool good = parse_head(&p);
    while (good && p.at < p.end) good = parse_or_pass(&p);
    free(p.text);
    free(p.bytes);
    *error = (struct reg_file_error){p.line, p.error, p.no_memory};
    return good;
}
