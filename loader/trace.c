// --trace. The gate passes a call's index beside its arguments, so that one function can stand in every slot
// of a table; it prints what the tables know of the call, makes it, and prints the result.
#include "loader/trace.h"
#include "guest_constants.h"
#include "guest_types.h"
#include "loader/gate.h"
#include "loader/text_buffer.h"
#include "loader/utf16.h"
#include <fnmatch.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LINE_MAX_SIZE = 4096, STRING_SHOWN = 120, BYTES_SHOWN = 16, ARGUMENTS_MAX = 32, DEPTH_MAX = 1 };

static bool json_lines, active;
static char filter_text[256];
static const thunk_fn *plain[THUNK_INTERFACES_MAX];
static struct timespec started;

struct line {
    size_t length;
    char text[LINE_MAX_SIZE];
};

// add(line, format, ...): appends, and cuts what does not fit.
#define add(line, ...) text_append((line)->text, sizeof(line)->text, &(line)->length, __VA_ARGS__)

static void add_name(struct line *line, const char *name)
{
    add(line, json_lines ? "\"%s\":" : "%s=", name);
}

// A word that JSON has no type for: an address, a status.
__attribute__((format(printf, 2, 3))) static void add_word(struct line *line, const char *format, ...)
{
    char word[64];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(word, sizeof word, format, arguments);
    va_end(arguments);
    add(line, json_lines ? "\"%s\"" : "%s", word);
}

static void add_null(struct line *line)
{
    add(line, json_lines ? "null" : "NULL");
}

static void add_unreadable(struct line *line, gptr address)
{
    add_word(line, "<%08x unreadable>", address);
}

// One character of a text in quotes: bytes above 7Fh of an 8-bit string are no UTF-8, a lone surrogate is
// none either.
static void add_character(struct line *line, unsigned c)
{
    if (c == '"' || c == '\\')
        add(line, "\\%c", c);
    else if (c >= 0x20 && c < 0x7f)
        add(line, "%c", c);
    else
        add(line, json_lines || c > 0xff ? "\\u%04x" : "\\x%02x", c);
}

static void end_quoted(struct line *line, bool cut)
{
    add(line, cut && json_lines ? "...\"" : cut ? "\"..." : "\"");
}

static void add_units(struct line *line, gptr address, size_t n)
{
    uint16_t units[STRING_SHOWN];
    char text[3 * STRING_SHOWN + 1];
    bool cut = n > STRING_SHOWN;
    if (cut) n = STRING_SHOWN;
    if (!guest_read(units, address, n * 2)) {
        add_unreadable(line, address);
        return;
    }
    add(line, "\"");
    if (json_lines) {
        for (size_t i = 0; i < n; i++) add_character(line, units[i]);
    } else {
        n = utf16_to_utf8(text, units, n);
        for (size_t i = 0; i < n; i++)
            if (text[i] < 0)
                add(line, "%c", text[i]);
            else
                add_character(line, text[i]);
    }
    end_quoted(line, cut);
}

static void add_wide_string(struct line *line, gptr address)
{
    size_t n = 0;
    uint16_t unit;
    while (n <= STRING_SHOWN && guest_read(&unit, address + 2 * n, 2) && unit) n++;
    add_units(line, address, n);
}

static void add_string(struct line *line, gptr address)
{
    char text[STRING_SHOWN];
    size_t n = 0;
    while (n < sizeof text && guest_read(text + n, address + n, 1) && text[n]) n++;
    add(line, "\"");
    for (size_t i = 0; i < n; i++) add_character(line, (unsigned char)text[i]);
    end_quoted(line, n == sizeof text);
}

static void add_unicode_string(struct line *line, gptr address)
{
    UNICODE_STRING32 string;
    if (!guest_read(&string, address, sizeof string))
        add_unreadable(line, address);
    else
        add_units(line, string.Buffer, string.Length / 2);
}

static void add_object_attributes(struct line *line, gptr address)
{
    OBJECT_ATTRIBUTES32 attributes;
    if (!guest_read(&attributes, address, sizeof attributes)) {
        add_unreadable(line, address);
        return;
    }
    add(line, "{");
    add_name(line, "root");
    add_word(line, "%x", (uint32_t)attributes.RootDirectory);
    add(line, ", ");
    add_name(line, "attributes");
    add_word(line, "%x", (uint32_t)attributes.Attributes);
    add(line, ", ");
    add_name(line, "name");
    if (attributes.ObjectName)
        add_unicode_string(line, attributes.ObjectName);
    else
        add_null(line);
    add(line, "}");
}

static void add_scalar(struct line *line, enum thunk_kind kind, const void *bytes, unsigned size)
{
    uint64_t value = 0;
    memcpy(&value, bytes, size > 8 ? 8 : size);
    float f;
    double d;
    switch (kind) {
    case THUNK_I32:
        add(line, "%d", size == 1 ? (int8_t)value : size == 2 ? (int16_t)value : (int32_t)value);
        break;
    case THUNK_I64: add(line, "%lld", (long long)value); break;
    case THUNK_BOOL:
        add(line, "%s", json_lines ? (value ? "true" : "false") : value ? "TRUE" : "FALSE");
        break;
    case THUNK_STATUS: add_word(line, "%08x", (uint32_t)value); break;
    // As words: JSON has no infinities.
    case THUNK_F32:
        memcpy(&f, bytes, sizeof f);
        add_word(line, "%g", f);
        break;
    case THUNK_F64:
        memcpy(&d, bytes, sizeof d);
        add_word(line, "%g", d);
        break;
    default: add_word(line, "%llx", (unsigned long long)value);
    }
}

static void add_fields(struct line *line, const struct thunk_type *type, const uint8_t *bytes)
{
    // What a plain pointer points to is one field without a name.
    if (type->fields && type->fields->name && !*type->fields->name) {
        add(line, "[");
        add_scalar(line, type->fields->kind, bytes, type->fields->size);
        add(line, "]");
        return;
    }
    add(line, "{");
    for (const struct thunk_field *field = type->fields; field && field->name; field++) {
        if (field != type->fields) add(line, ", ");
        add_name(line, field->name);
        add_scalar(line, field->kind, bytes + field->offset, field->size);
    }
    add(line, "}");
}

static void add_struct(struct line *line, const struct thunk_type *type, gptr address)
{
    uint8_t bytes[1024];
    if (!type || type->size > sizeof bytes)
        add_word(line, "%08x", address);
    else if (!guest_read(bytes, address, type->size))
        add_unreadable(line, address);
    else
        add_fields(line, type, bytes);
}

static void add_param(struct line *line, const struct thunk_param *param, const uint32_t *slots)
{
    uint32_t value = slots[param->slot];
    switch (param->kind) {
    case THUNK_POINTER:
    case THUNK_BYTES: add_word(line, "%08x", value); break;
    case THUNK_STRUCT_VALUE:
        if (param->pointee)
            add_fields(line, param->pointee, (const uint8_t *)&slots[param->slot]);
        else
            add_null(line);
        break;
    case THUNK_STRING: value ? add_string(line, value) : add_null(line); break;
    case THUNK_WSTRING: value ? add_wide_string(line, value) : add_null(line); break;
    case THUNK_UNICODE_STRING: value ? add_unicode_string(line, value) : add_null(line); break;
    case THUNK_OBJECT_ATTRIBUTES: value ? add_object_attributes(line, value) : add_null(line); break;
    case THUNK_STRUCT: value ? add_struct(line, param->pointee, value) : add_null(line); break;
    default: add_scalar(line, param->kind, &slots[param->slot], param->slots * 4);
    }
}

// What lies behind a parameter whose type depends on another one's value; NULL when nobody said.
static const struct thunk_type *type_by_class(const struct thunk_table *table, const struct thunk_call *call,
                                              const struct thunk_param *param, const uint32_t *slots)
{
    if (!param->class_param) return NULL;
    uint32_t number = (uint32_t)(call - table->calls),
             value = slots[call->params[param->class_param - 1].slot];
    for (const struct thunk_class *class = table->classes; class->name; class ++)
        if (class->call == number && class->value == value) return class->type;
    return NULL;
}

static void add_params(struct line *line, const struct thunk_table *table, const struct thunk_call *call,
                       const uint32_t *slots, enum thunk_direction direction)
{
    bool first = true;
    for (unsigned i = 0; i < call->params_n; i++) {
        const struct thunk_param *param = &call->params[i];
        const struct thunk_type *by_class = type_by_class(table, call, param, slots);
        bool shown = direction == THUNK_IN
                         ? param->direction != THUNK_OUT
                         : (param->direction & THUNK_OUT) && (param->kind != THUNK_BYTES || by_class) &&
                               slots[param->slot];
        if (!shown) continue;
        if (!first) add(line, ", ");
        add_name(line, param->name);
        if (by_class && slots[param->slot])
            add_struct(line, by_class, slots[param->slot]);
        else
            add_param(line, param, slots);
        first = false;
    }
}

// result: NULL before the call.
static void put(const struct line *arguments, const struct thunk_call *call, const uint64_t *result)
{
    struct thread *thread = thread_self();
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    double seconds = (now.tv_sec - started.tv_sec) + (now.tv_nsec - started.tv_nsec) / 1e9;
    unsigned tid = thread ? thread->tid : 0;
    struct line head = {0};
    char out[sizeof head.text + sizeof arguments->text + 32];
    int n;
    if (json_lines) {
        add(&head, "{\"time\":%.6f,\"thread\":%u,\"phase\":\"%s\",\"call\":\"%s\"", seconds, tid,
            result ? "return" : "call", call->name);
        if (result) {
            add(&head, ",\"result\":");
            add_scalar(&head, call->result, result, 8);
        }
        // What did not fit would be no JSON.
        bool whole = arguments->length < sizeof arguments->text - 1;
        n = snprintf(out, sizeof out, "%s,\"arguments\":%s%s%s}\n", head.text, whole ? "{" : "",
                     whole ? arguments->text : "null", whole ? "}" : "");
    } else if (result) {
        add_scalar(&head, call->result, result, 8);
        n = snprintf(out, sizeof out, "%.6f %u %s = %s %s\n", seconds, tid, call->name, head.text,
                     arguments->text);
    } else {
        n = snprintf(out, sizeof out, "%.6f %u %s(%s)\n", seconds, tid, call->name, arguments->text);
    }
    if (n > 0 && write(STDERR_FILENO, out, n) < 0) return;
}

static uint64_t trace_call(gptr args, uint32_t index)
{
    unsigned id = index >> THUNK_INTERFACE_SHIFT, number = index & ((1 << THUNK_INTERFACE_SHIFT) - 1);
    const struct thunk_table *table = gate_interface(id);
    const struct thunk_call *call = &table->calls[number];
    uint32_t slots[ARGUMENTS_MAX] = {0};
    struct line line = {0};
    guest_read(slots, args, call->slots * 4 < sizeof slots ? call->slots * 4 : sizeof slots);
    add_params(&line, table, call, slots, THUNK_IN);
    put(&line, call, NULL);

    uint64_t result = plain[id][number](args);
    line = (struct line){0};
    // An error leaves them as they were.
    bool failed = call->result == THUNK_STATUS && (uint32_t)result >= 0xC0000000;
    if (!failed) add_params(&line, table, call, slots, THUNK_OUT);
    put(&line, call, &result);
    return result;
}

static bool matches(const char *name)
{
    if (!*filter_text) return true;
    char copy[sizeof filter_text], *rest = copy, *pattern;
    memcpy(copy, filter_text, sizeof copy);
    while ((pattern = strsep(&rest, ",")))
        if (fnmatch(pattern, name, 0) == 0) return true;
    return false;
}

void trace_init(const char *filter, bool json)
{
    clock_gettime(CLOCK_MONOTONIC, &started);
    json_lines = json;
    active = true;
    if (filter) snprintf(filter_text, sizeof filter_text, "%s", filter);
    for (unsigned id = 0; id < THUNK_INTERFACES_MAX; id++) {
        const struct thunk_table *table = gate_interface(id);
        if (!table) continue;
        thunk_fn *functions = calloc(table->count, sizeof *functions);
        if (!functions) continue;
        plain[id] = table->functions;
        for (uint32_t i = 0; i < table->count; i++)
            functions[i] = matches(table->calls[i].name) ? (thunk_fn)(void *)trace_call : table->functions[i];
        gate_set_dispatch(id, functions);
    }
}

void trace_describe(bool *on, bool *json, char *filter, size_t size)
{
    *on = active;
    *json = json_lines;
    snprintf(filter, size, "%s", filter_text);
}
