// Writing .reg files as regedit does: 80 columns of hex data, strings in quotes where a string can say it
// all.
#include "reg_file.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 77 };

static void add(struct reg_file_writer *writer, uint16_t unit)
{
    if (writer->count == writer->capacity) {
        size_t larger = writer->capacity ? writer->capacity * 2 : 4096;
        uint16_t *moved = realloc(writer->text, larger * sizeof *moved);
        if (!moved) {
            writer->failed = true;
            return;
        }
        writer->text = moved;
        writer->capacity = larger;
    }
    writer->text[writer->count++] = unit;
}

static void add_text(struct reg_file_writer *writer, const char *text)
{
    while (*text) add(writer, (uint8_t)*text++);
}

static void add_quoted(struct reg_file_writer *writer, const uint16_t *text, size_t count)
{
    add(writer, '"');
    for (size_t i = 0; i < count; i++) {
        if (text[i] == '\\' || text[i] == '"') add(writer, '\\');
        add(writer, text[i]);
    }
    add(writer, '"');
}

void reg_file_begin(struct reg_file_writer *writer, bool version4)
{
    *writer = (struct reg_file_writer){.version4 = version4};
    add_text(writer, version4 ? "REGEDIT4\r\n" : "Windows Registry Editor Version 5.00\r\n");
}

void reg_file_key(struct reg_file_writer *writer, const uint16_t *path, uint32_t count)
{
    add_text(writer, "\r\n[");
    for (uint32_t i = 0; i < count; i++) add(writer, path[i]);
    add_text(writer, "]\r\n");
}

void reg_file_end(struct reg_file_writer *writer)
{
    add_text(writer, "\r\n");
}

// Whether quotes can hold it: one terminated string, which version 4's bytes can say.
static bool is_quotable(const struct reg_file_writer *writer, const uint16_t *text, size_t count)
{
    if (!count || text[count - 1]) return false;
    for (size_t i = 0; i + 1 < count; i++) {
        if (!text[i] || text[i] == '\r' || text[i] == '\n') return false;
        if (writer->version4 && text[i] != '?' && reg_file_to_ansi(text[i]) == '?') return false;
    }
    return true;
}

static void add_hex(struct reg_file_writer *writer, size_t column, const uint8_t *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < size; i++) {
        add(writer, (uint8_t)digits[data[i] >> 4]);
        add(writer, (uint8_t)digits[data[i] & 15]);
        column += 3;
        if (i + 1 == size) break;
        add(writer, ',');
        if (column >= COLUMNS) {
            add_text(writer, "\\\r\n  ");
            column = 2;
        }
    }
}

void reg_file_value(struct reg_file_writer *writer, const uint16_t *name, uint32_t name_count, uint32_t type,
                    const uint8_t *data, size_t size)
{
    char kind[32];
    size_t start = writer->count;
    if (name_count)
        add_quoted(writer, name, name_count);
    else
        add(writer, '@');
    add(writer, '=');
    uint16_t *text = size % 2 == 0 ? malloc(size + 2) : NULL;
    if (text) memcpy(text, data, size);
    if (type == REG_SZ && text && is_quotable(writer, text, size / 2)) {
        add_quoted(writer, text, size / 2 - 1);
    } else if (type == REG_DWORD && size == 4) {
        uint32_t number;
        memcpy(&number, data, sizeof number);
        snprintf(kind, sizeof kind, "dword:%08x", number);
        add_text(writer, kind);
    } else {
        snprintf(kind, sizeof kind, "hex(%x):", type);
        add_text(writer, type == REG_BINARY ? "hex:" : kind);
        bool narrow =
            writer->version4 && text && (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ);
        if (narrow) {
            uint8_t *bytes = (uint8_t *)text; // each unit is read before its place is written
            for (size_t i = 0; i < size / 2; i++) bytes[i] = reg_file_to_ansi(text[i]);
            add_hex(writer, writer->count - start, bytes, size / 2);
        } else {
            add_hex(writer, writer->count - start, data, size);
        }
    }
    free(text);
    add_text(writer, "\r\n");
}
