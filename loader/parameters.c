// RTL_USER_PROCESS_PARAMETERS: built from the host's command line, captured from a parent, installed in the
// guest.
#include "loader/parameters.h"
#include "guest_constants.h"
#include "loader/address_space.h"
#include "loader/environment.h"
#include "loader/fail.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_MAX = 0x100000, ENVIRONMENT_MAX = 0x200000, PATH_UNITS = 260, NORMALIZED = 1 };

// The strings of the block, in the order in which they lie behind it.
static const uint16_t string_offsets[] = {
    offsetof(RTL_USER_PROCESS_PARAMETERS32, CurrentDirectory),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, DllPath),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, ImagePathName),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, CommandLine),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, WindowTitle),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, DesktopInfo),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, ShellInfo),
    offsetof(RTL_USER_PROCESS_PARAMETERS32, RuntimeData),
};
enum { STRINGS = sizeof string_offsets / sizeof *string_offsets };

static UNICODE_STRING32 *string_at(RTL_USER_PROCESS_PARAMETERS32 *block, unsigned i)
{
    return (UNICODE_STRING32 *)((char *)block + string_offsets[i]);
}

// Whether an argument survives the rules of CommandLineToArgvW and the C runtimes without quotes.
static bool needs_quotes(const char *argument)
{
    return *argument == 0 || strpbrk(argument, " \t\n\v\"") != NULL;
}

static void add_argument(struct text16 *line, const char *argument)
{
    if (line->length) text16_add_unit(line, ' ');
    if (!needs_quotes(argument)) {
        text16_add_utf8(line, argument);
        return;
    }
    text16_add_unit(line, '"');
    size_t backslashes = 0;
    for (const char *c = argument;; c++) {
        if (*c == '\\') {
            backslashes++;
            continue;
        }
        // Backslashes count double before a quote, single elsewhere.
        for (size_t n = *c == 0 || *c == '"' ? 2 * backslashes : backslashes; n > 0; n--)
            text16_add_unit(line, '\\');
        backslashes = 0;
        if (*c == 0) break;
        if (*c == '"') text16_add_unit(line, '\\');
        size_t run = strcspn(c, "\\\"");
        if (run == 0) run = 1;
        text16_add_utf8_n(line, c, run);
        c += run - 1;
    }
    text16_add_unit(line, '"');
}

static void append_string(struct parameters *p, unsigned i, const struct text16 *text, size_t room)
{
    size_t bytes = text->length * 2, capacity = bytes + 2 > room ? bytes + 2 : room;
    size_t size = p->block_size + ((capacity + 3) & ~(size_t)3);
    p->block = realloc(p->block, size);
    if (!p->block) fail(FAIL_HOST, "no memory for the program's parameters");
    memset((char *)p->block + p->block_size, 0, size - p->block_size);
    if (bytes) memcpy((char *)p->block + p->block_size, text->units, bytes);
    UNICODE_STRING32 *string = string_at(p->block, i);
    string->Length = bytes;
    string->MaximumLength = capacity > 0xfffe ? 0xfffe : capacity;
    string->Buffer = p->block_size;
    p->block_size = size;
}

void parameters_from_host(struct parameters *p, const struct text16 *image, const struct text16 *directory,
                          char *const *arguments, char *const *environment)
{
    struct text16 line = {0}, none = {0}, desktop = {0};
    // The program's own path has no quotes or backslashes before quotes to care for.
    bool quote = false;
    for (size_t i = 0; i < image->length; i++) quote |= image->units[i] == ' ';
    if (quote) text16_add_unit(&line, '"');
    text16_add(&line, image->units, image->length);
    if (quote) text16_add_unit(&line, '"');
    for (; *arguments; arguments++) add_argument(&line, *arguments);
    if (line.length > 0x7ffe) fail(FAIL_USAGE, "the command line is longer than 32,766 characters");

    p->block_size = sizeof *p->block;
    p->block = calloc(1, p->block_size);
    if (!p->block) fail(FAIL_HOST, "no memory for the program's parameters");
    text16_add_utf8(&desktop, "WinSta0\\Default");
    const struct text16 *const strings[STRINGS] = {directory, &none,    image, &line,
                                                   image,     &desktop, &none, &none};
    for (unsigned i = 0; i < STRINGS; i++) append_string(p, i, strings[i], i == 0 ? PATH_UNITS * 2 + 8 : 0);
    p->block->ShowWindowFlags = 1;
    p->block->MaximumLength = p->block->Length = p->block_size;
    environment_from_host(&p->environment, environment);
    text16_free(&line);
    text16_free(&desktop);
}

NTSTATUS parameters_install(const struct parameters *p, gptr *address)
{
    uint32_t environment_size = p->environment.length * 2, size = p->block_size;
    gptr base = 0, environment = 0;
    NTSTATUS status = vm_allocate(&base, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) return status;
    size = environment_size;
    status = vm_allocate(&environment, 0, &size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) return status;
    RTL_USER_PROCESS_PARAMETERS32 *block = malloc(p->block_size);
    if (!block) return STATUS_NO_MEMORY;
    memcpy(block, p->block, p->block_size);
    for (unsigned i = 0; i < STRINGS; i++) {
        UNICODE_STRING32 *string = string_at(block, i);
        if (string->Buffer) string->Buffer += base;
    }
    block->Flags |= NORMALIZED;
    block->Environment = environment;
    block->EnvironmentSize = environment_size;
    bool written = guest_write(base, block, p->block_size) &&
                   guest_write(environment, p->environment.units, environment_size);
    free(block);
    *address = base;
    return written ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

// Takes over the guest's environment block up to its final NUL.
static NTSTATUS capture_environment(struct text16 *environment, gptr address, uint32_t size)
{
    if (size == 0 || size > ENVIRONMENT_MAX || size % 2) return STATUS_INVALID_PARAMETER;
    environment->units = malloc(size);
    if (!environment->units) return STATUS_NO_MEMORY;
    environment->length = environment->capacity = size / 2;
    return guest_read(environment->units, address, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

NTSTATUS parameters_capture(struct parameters *p, gptr address)
{
    RTL_USER_PROCESS_PARAMETERS32 head;
    *p = (struct parameters){0};
    if (!guest_read(&head, address, offsetof(RTL_USER_PROCESS_PARAMETERS32, RedirectionDllName)))
        return STATUS_ACCESS_VIOLATION;
    uint32_t size = head.MaximumLength > head.Length ? head.MaximumLength : head.Length;
    if (size < offsetof(RTL_USER_PROCESS_PARAMETERS32, RedirectionDllName) || size > BLOCK_MAX)
        return STATUS_INVALID_PARAMETER;
    p->block_size = size < sizeof head ? sizeof head : size;
    p->block = calloc(1, p->block_size);
    if (!p->block) return STATUS_NO_MEMORY;
    NTSTATUS status = guest_read(p->block, address, size) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
    gptr base = p->block->Flags & NORMALIZED ? address : 0;
    for (unsigned i = 0; i < STRINGS && NT_SUCCESS(status); i++) {
        UNICODE_STRING32 *string = string_at(p->block, i);
        if (!string->Buffer) continue;
        string->Buffer -= base;
        if (string->Length > string->MaximumLength) string->MaximumLength = string->Length;
        if (string->Buffer > p->block_size || string->Length > p->block_size - string->Buffer)
            status = STATUS_INVALID_PARAMETER;
    }
    p->block->Flags &= ~NORMALIZED;
    if (NT_SUCCESS(status) && p->block->Environment)
        status = capture_environment(&p->environment, p->block->Environment, p->block->EnvironmentSize);
    if (!NT_SUCCESS(status)) parameters_free(p);
    return status;
}

void parameters_free(struct parameters *p)
{
    free(p->block);
    text16_free(&p->environment);
    *p = (struct parameters){0};
}
