// `lowland reg`: import and export of .reg files, and single keys and values by hand.
#include "loader/reg_command.h"
#include "dlls/ntdll/unix/prefix.h"
#include "dlls/ntdll/unix/registry_export.h"
#include "guest_constants.h"
#include "loader/fail.h"
#include "loader/signals.h"
#include "loader/utf16.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const char usage[] =
    "usage: lowland reg import FILE           apply a .reg file (version 4 or 5), all of it or nothing\n"
    "       lowland reg export KEY FILE       write a key with all below it (--ansi: as version 4)\n"
    "       lowland reg query KEY [VALUE]     print values and the names of subkeys (--all: everything "
    "below)\n"
    "       lowland reg add KEY [VALUE [TYPE] DATA]     make a key, set a value (\"\" is the default value)\n"
    "       lowland reg delete KEY [VALUE]    remove a key with all below it, or a value\n"
    "KEY begins with HKLM, HKCU, HKCR, HKU or HKCC, or their long names. TYPE is REG_SZ (taken without "
    "one),\n"
    "REG_EXPAND_SZ, REG_MULTI_SZ (parts end with \\0), REG_DWORD, REG_QWORD or REG_BINARY (hexadecimal).\n"
    "--view64 before the command: the 64-bit view of keys that have two, not the one that programs see.\n";

struct command {
    char **arguments;
    unsigned count;
    bool view64, ansi, all;
    struct units key; // the first argument
    const char *message;
    struct reg_file_error error;
    struct reg_file_writer writer;
    uint16_t *text;
    size_t text_count;
    struct units name;
    uint32_t type;
    struct store_bytes data;
    FILE *out;
};

static int report(const char *what, const char *why)
{
    fprintf(stderr, "lowland: %s: %s\n", what, why);
    return 1;
}

static const char *status_text(NTSTATUS status)
{
    switch ((uint32_t)status) {
    case (uint32_t)STATUS_OBJECT_NAME_NOT_FOUND: return "not in the registry";
    case (uint32_t)STATUS_OBJECT_PATH_SYNTAX_BAD:
        return "not a key: it begins with none of HKLM, HKCU, HKCR, HKU, HKCC";
    case (uint32_t)STATUS_DISK_FULL: return "the disk is full";
    case (uint32_t)STATUS_MEDIA_WRITE_PROTECTED: return "the registry cannot be written to";
    case (uint32_t)STATUS_CANNOT_DELETE: return "cannot be removed";
    case (uint32_t)STATUS_CHILD_MUST_BE_VOLATILE: return "lies below a key of this session only";
    case (uint32_t)STATUS_INVALID_PARAMETER: return "a name is too long";
    case (uint32_t)STATUS_NO_MEMORY: return "no memory";
    case (uint32_t)STATUS_REGISTRY_CORRUPT: return "the registry is damaged";
    default: return "failed";
    }
}

static struct units widen(const char *text)
{
    size_t length = strlen(text);
    uint16_t *units = malloc(2 * length + 2);
    if (!units) fail(FAIL_HOST, "no memory");
    return (struct units){units, (uint32_t)utf16_from_utf8(units, text, length)};
}

// ---- import and export ----

// Reads to the end: what is no regular file (a pipe) has no size to go by.
static uint8_t *read_all(FILE *file, size_t room, size_t *size)
{
    uint8_t *bytes = malloc(room);
    *size = 0;
    while (bytes && (*size += fread(bytes + *size, 1, room - *size, file)) == room) {
        uint8_t *grown = realloc(bytes, room *= 2);
        if (!grown) free(bytes);
        bytes = grown;
    }
    return bytes;
}

static uint8_t *read_file(const char *path, size_t *size)
{
    struct stat st;
    FILE *file = fopen(path, "re");
    if (!file) return NULL;
    bool regular = fstat(fileno(file), &st) == 0 && S_ISREG(st.st_mode);
    uint8_t *bytes = read_all(file, regular ? (size_t)st.st_size + 1 : 1 << 20, size);
    fclose(file);
    return bytes;
}

static NTSTATUS import_body(struct registry_view *view, void *context)
{
    struct command *command = context;
    return registry_import(view, command->text, command->text_count, command->view64, false, &command->error);
}

static int import_file(struct command *command)
{
    const char *path = command->arguments[0];
    size_t size;
    errno = 0;
    uint8_t *bytes = read_file(path, &size);
    if (!bytes) return report(path, strerror(errno ? errno : EIO));
    command->text = reg_file_decode(bytes, size, &command->text_count);
    free(bytes);
    if (!command->text) return report(path, "no memory");
    NTSTATUS status = registry_write(WRITE_KEPT, import_body, command);
    free(command->text);
    if (!status) return 0;
    if (!command->error.line) return report(path, status_text(status));
    fprintf(stderr, "lowland: %s:%u: %s\n", path, command->error.line,
            command->error.message ? command->error.message : status_text(status));
    return 1;
}

// Finds the key that the command names.
static NTSTATUS find_key(struct registry_view *view, const struct command *command, key_id *key)
{
    uint32_t count;
    struct registry_walk walk = {.view64 = command->view64, .absolute = true};
    uint16_t *path = registry_nt_path(command->key, &count);
    if (!path) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    NTSTATUS status = registry_walk(view, &walk, (struct units){path, count});
    free(path);
    *key = walk.place.id;
    return status;
}

static NTSTATUS export_body(struct registry_view *view, void *context)
{
    struct command *command = context;
    key_id key;
    free(command->writer.text);
    reg_file_begin(&command->writer, command->ansi);
    NTSTATUS status = find_key(view, command, &key);
    if (status) return status;
    uint32_t count;
    uint16_t *path = registry_long_path(command->key, &count);
    status =
        path ? registry_export(view, key, (struct units){path, count}, &command->writer) : STATUS_NO_MEMORY;
    if (!status) reg_file_end(&command->writer);
    free(path);
    return status;
}

static bool write_text(FILE *file, const struct reg_file_writer *writer)
{
    static const uint8_t mark[2] = {0xFF, 0xFE};
    if (!writer->version4)
        return fwrite(mark, 2, 1, file) == 1 && fwrite(writer->text, 2, writer->count, file) == writer->count;
    for (size_t i = 0; i < writer->count; i++)
        if (putc_unlocked(reg_file_to_ansi(writer->text[i]), file) == EOF) return false;
    return true;
}

static int export_key(struct command *command)
{
    NTSTATUS status = registry_read(export_body, command);
    if (status) return report(command->arguments[0], status_text(status));
    const char *path = command->arguments[1];
    FILE *file = strcmp(path, "-") == 0 ? stdout : fopen(path, "we");
    bool written = file && write_text(file, &command->writer);
    if (file) written = (file == stdout ? fflush(file) : fclose(file)) == 0 && written;
    free(command->writer.text);
    return written ? 0 : report(path, strerror(errno));
}

// ---- query ----

static const char *const types[] = {"REG_NONE",
                                    "REG_SZ",
                                    "REG_EXPAND_SZ",
                                    "REG_BINARY",
                                    "REG_DWORD",
                                    "REG_DWORD_BIG_ENDIAN",
                                    "REG_LINK",
                                    "REG_MULTI_SZ",
                                    "REG_RESOURCE_LIST",
                                    "REG_FULL_RESOURCE_DESCRIPTOR",
                                    "REG_RESOURCE_REQUIREMENTS_LIST",
                                    "REG_QWORD"};
enum { TYPES = sizeof types / sizeof *types };

static void print_units(FILE *out, struct units units)
{
    uint16_t *copy = malloc(2u * units.count + 2);
    char *text = malloc(3u * units.count + 1);
    if (copy && text) {
        memcpy(copy, units.text, 2u * units.count);
        fwrite(text, 1, utf16_to_utf8(text, copy, units.count), out);
    }
    free(copy);
    free(text);
}

static void print_data(FILE *out, const struct value_info *value)
{
    const uint8_t *bytes = value->data.data;
    size_t size = value->data.size;
    if (value->type == REG_SZ || value->type == REG_EXPAND_SZ || value->type == REG_MULTI_SZ ||
        value->type == REG_LINK) {
        size_t count = size / 2;
        while (count && !bytes[2 * count - 2] && !bytes[2 * count - 1]) count--;
        for (size_t i = 0, start = 0; i <= count; i++) {
            if (i < count && (bytes[2 * i] || bytes[2 * i + 1])) continue;
            print_units(out, (struct units){bytes + 2 * start, (uint32_t)(i - start)});
            if (i < count) fputs("\\0", out);
            start = i + 1;
        }
    } else if ((value->type == REG_DWORD && size == 4) || (value->type == REG_QWORD && size == 8)) {
        uint64_t number = 0;
        memcpy(&number, bytes, size);
        fprintf(out, "0x%llx", (unsigned long long)number);
    } else {
        for (size_t i = 0; i < size; i++) fprintf(out, "%02x", bytes[i]);
    }
}

static void print_value(FILE *out, const struct value_info *value)
{
    fputs("    ", out);
    if (value->name.count)
        print_units(out, value->name);
    else
        fputs("(Default)", out);
    if (value->type < TYPES)
        fprintf(out, "    %s    ", types[value->type]);
    else
        fprintf(out, "    %u    ", value->type);
    print_data(out, value);
    putc('\n', out);
}

struct listing {
    struct registry_view *view;
    const struct command *command;
    struct units path;
    NTSTATUS status;
};

static NTSTATUS print_key(struct registry_view *view, const struct command *command, key_id key,
                          struct units path);

static bool print_child(struct units name, key_id id, void *context)
{
    struct listing *listing = context;
    FILE *out = listing->command->out;
    uint32_t count = listing->path.count + 1 + name.count;
    uint16_t *path = malloc(2u * count);
    if (!path) return false;
    memcpy(path, listing->path.text, 2u * listing->path.count);
    path[listing->path.count] = '\\';
    memcpy(path + listing->path.count + 1, name.text, 2u * name.count);
    if (listing->command->all && !is_link(id)) {
        listing->status = print_key(listing->view, listing->command, id, (struct units){path, count});
    } else {
        print_units(out, (struct units){path, count});
        putc('\n', out);
    }
    free(path);
    return !listing->status;
}

static NTSTATUS print_key(struct registry_view *view, const struct command *command, key_id key,
                          struct units path)
{
    uint32_t count;
    struct value_info *values = registry_sorted_values(view, key, &count);
    if (!values) return STATUS_NO_MEMORY;
    print_units(command->out, path);
    putc('\n', command->out);
    for (uint32_t i = 0; i < count; i++) print_value(command->out, &values[i]);
    free(values);
    struct listing listing = {view, command, path, STATUS_SUCCESS};
    children_each(view, key, print_child, &listing);
    return listing.status;
}

static NTSTATUS query_body(struct registry_view *view, void *context)
{
    struct command *command = context;
    struct value_info value;
    key_id key;
    rewind(command->out); // it may be run again
    NTSTATUS status = find_key(view, command, &key);
    if (status || command->count < 2) return status ? status : print_key(view, command, key, command->key);
    status = value_get(view, key, command->name, &value);
    if (!status) print_value(command->out, &value);
    return status;
}

static int query(struct command *command)
{
    char *text = NULL;
    size_t size = 0;
    if (command->count > 1) command->name = widen(command->arguments[1]);
    command->out = open_memstream(&text, &size);
    if (!command->out) return report("query", "no memory");
    NTSTATUS status = registry_read(query_body, command);
    fclose(command->out);
    if (!status) fwrite(text, 1, size, stdout);
    free(text);
    if (status) return report(command->arguments[command->count > 1], status_text(status));
    return fflush(stdout) == 0 ? 0 : report("standard output", strerror(errno));
}

// ---- add and delete ----

// DATA of a type, as bytes.
static bool make_data(struct command *command, const char *text)
{
    uint64_t number;
    char *end;
    size_t size = 0;
    if (command->type == REG_DWORD || command->type == REG_QWORD) {
        errno = 0;
        number = strtoull(text, &end, 0);
        if (errno || end == text || *end || (command->type == REG_DWORD && number > UINT32_MAX)) return false;
        uint64_t *copy = malloc(sizeof number);
        if (!copy) return false;
        *copy = number;
        command->data = (struct store_bytes){copy, command->type == REG_DWORD ? 4 : 8};
        return true;
    }
    uint8_t *bytes = malloc(2 * strlen(text) + 8);
    if (!bytes) return false;
    if (command->type == REG_BINARY) {
        for (unsigned byte; *text && sscanf(text, "%2x", &byte) == 1 && text[1]; text += 2)
            bytes[size++] = (uint8_t)byte;
        command->data = (struct store_bytes){bytes, size};
        return !*text;
    }
    struct units units = widen(text);
    const uint16_t *from = units.text;
    uint16_t *to = (uint16_t *)bytes;
    for (uint32_t i = 0; i < units.count; i++) {
        bool part =
            command->type == REG_MULTI_SZ && from[i] == '\\' && i + 1 < units.count && from[i + 1] == '0';
        to[size++] = part ? 0 : from[i];
        i += part;
    }
    to[size++] = 0;
    if (command->type == REG_MULTI_SZ && (size < 2 || to[size - 2])) to[size++] = 0;
    command->data = (struct store_bytes){bytes, 2 * size};
    return true;
}

static NTSTATUS add_body(struct registry_view *view, void *context)
{
    struct command *command = context;
    struct registry_edit edit = {.view = view, .view64 = command->view64};
    if (!edit_enter(&edit, command->key)) return edit.status;
    if (command->count > 1) edit_set(&edit, command->name, command->type, command->data);
    return edit.status;
}

static int add(struct command *command)
{
    command->type = REG_SZ;
    if (command->count > 1) command->name = widen(command->arguments[1]);
    if (command->count > 3) {
        for (command->type = 0; command->type < TYPES; command->type++)
            if (strcasecmp(command->arguments[2], types[command->type]) == 0) break;
        if (command->type == TYPES) return report(command->arguments[2], "no type of values");
    }
    const char *data = command->count > 2 ? command->arguments[command->count - 1] : "";
    if (!make_data(command, data)) return report(data, "not data of that type");
    NTSTATUS status = registry_write(WRITE_KEPT, add_body, command);
    return status ? report(command->arguments[0], status_text(status)) : 0;
}

static NTSTATUS delete_body(struct registry_view *view, void *context)
{
    struct command *command = context;
    struct registry_edit edit = {.view = view, .view64 = command->view64};
    key_id key;
    NTSTATUS status = find_key(view, command, &key);
    if (status) return status;
    if (command->count > 1) return value_delete(view, key, command->name);
    edit_remove(&edit, command->key);
    return edit.status;
}

static int delete (struct command *command)
{
    if (command->count > 1) command->name = widen(command->arguments[1]);
    NTSTATUS status = registry_write(WRITE_KEPT, delete_body, command);
    return status ? report(command->arguments[command->count > 1], status_text(status)) : 0;
}

// ---- choosing ----

static const struct verb {
    const char *name;
    unsigned least, most; // arguments
    int (*run)(struct command *command);
} verbs[] = {
    {"import", 1, 1, import_file}, {"export", 2, 2, export_key}, {"query", 1, 2, query}, {"add", 1, 4, add},
    {"delete", 1, 2, delete},
};

int reg_command(char **arguments)
{
    struct command command = {0};
    const struct verb *verb = NULL;
    unsigned n = 0;
    // Options may stand anywhere.
    for (char **from = arguments; *from; from++) {
        if (strcmp(*from, "--view64") == 0)
            command.view64 = true;
        else if (strcmp(*from, "--ansi") == 0)
            command.ansi = true;
        else if (strcmp(*from, "--all") == 0)
            command.all = true;
        else
            arguments[n++] = *from;
    }
    arguments[n] = NULL;
    for (unsigned i = 0; i < sizeof verbs / sizeof *verbs && n; i++)
        if (strcmp(arguments[0], verbs[i].name) == 0) verb = &verbs[i];
    if (!verb || n - 1 < verb->least || n - 1 > verb->most) {
        fputs(usage, stderr);
        return FAIL_USAGE;
    }
    command.arguments = arguments + 1;
    command.count = n - 1;
    command.key = widen(command.arguments[0]);
    signals_init();
    signals_init_thread(NULL);
    return prefix_open() ? verb->run(&command) : FAIL_HOST;
}
