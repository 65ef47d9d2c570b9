// Aliases (what doskey sets): kept as text, since there are few.
#include "console_alias.h"
#include "console_names.h"
#include "console_state.h"
#include "kernelbase_host.h"
#include <string.h>

// One alias, and where its text is.
struct alias {
    const uint16_t *part[3]; // program, word, what it stands for
    uint32_t length[3];
    uint32_t from, to;
};

enum { EXE, SOURCE, TARGET };

// The alias that begins at alias->to. False behind the last one.
static bool next(const struct console_aliases *aliases, struct alias *alias)
{
    uint32_t end = aliases->n <= ALIAS_UNITS ? aliases->n : 0, at = alias->to;
    alias->from = at;
    for (int i = 0; i < 3; i++) {
        uint32_t from = at;
        while (at < end && aliases->text[at]) at++;
        if (at >= end) return false;
        alias->part[i] = aliases->text + from;
        alias->length[i] = at++ - from;
    }
    alias->to = at;
    return true;
}

static bool find(const struct console_aliases *aliases, const uint16_t *exe, uint32_t exe_length,
                 const uint16_t *source, uint32_t source_length, struct alias *alias)
{
    *alias = (struct alias){0};
    while (next(aliases, alias))
        if (console_names_equal(alias->part[EXE], alias->length[EXE], exe, exe_length) &&
            console_names_equal(alias->part[SOURCE], alias->length[SOURCE], source, source_length))
            return true;
    return false;
}

static void add_part(struct console_aliases *aliases, const struct console_name *name)
{
    memcpy(aliases->text + aliases->n, name->units, name->length * sizeof *name->units);
    aliases->n += name->length;
    aliases->text[aliases->n++] = 0;
}

// ---- lines ----

struct expansion {
    const uint16_t *line;
    uint32_t n;
    uint16_t *out;
    uint32_t length, capacity;
    bool full;
};

static void put(struct expansion *expansion, const uint16_t *units, uint32_t n)
{
    if (n > expansion->capacity - expansion->length) {
        expansion->full = true;
        return;
    }
    memcpy(expansion->out + expansion->length, units, n * sizeof *units);
    expansion->length += n;
}

// The word of the line by its number, the first being 0.
static void put_word(struct expansion *expansion, uint32_t number)
{
    const uint16_t *line = expansion->line;
    uint32_t at = 0, from = 0;
    for (;; number--) {
        while (at < expansion->n && line[at] == ' ') at++;
        from = at;
        while (at < expansion->n && line[at] != ' ') at++;
        if (number == 0 || at == expansion->n) break;
    }
    if (number == 0) put(expansion, line + from, at - from);
}

// Everything behind the first word.
static void put_rest(struct expansion *expansion)
{
    uint32_t at = 0;
    while (at < expansion->n && expansion->line[at] != ' ') at++;
    while (at < expansion->n && expansion->line[at] == ' ') at++;
    put(expansion, expansion->line + at, expansion->n - at);
}

// What stands behind a $.
static void put_macro(struct expansion *expansion, uint16_t unit)
{
    switch (unit) {
    case 't':
    case 'T': put(expansion, u"\r\n", 2); break;
    case 'g':
    case 'G': put(expansion, u">", 1); break;
    case 'l':
    case 'L': put(expansion, u"<", 1); break;
    case 'b':
    case 'B': put(expansion, u"|", 1); break;
    case '$': put(expansion, u"$", 1); break;
    case '*': put_rest(expansion); break;
    default:
        if (unit >= '1' && unit <= '9')
            put_word(expansion, unit - '0');
        else
            put(expansion, (uint16_t[]){'$', unit}, 2);
    }
}

uint32_t console_alias_expand(struct console_aliases *aliases, const uint16_t *exe, uint32_t exe_length,
                              const uint16_t *line, uint32_t n, uint16_t *out, uint32_t capacity)
{
    uint32_t word = 0;
    struct alias alias;
    while (word < n && line[word] != ' ') word++;
    if (word == 0 || !find(aliases, exe, exe_length, line, word, &alias)) return 0;
    struct expansion expansion = {line, n, out, 0, capacity, false};
    const uint16_t *target = alias.part[TARGET];
    for (uint32_t i = 0; i < alias.length[TARGET]; i++) {
        if (target[i] == '$' && i + 1 < alias.length[TARGET])
            put_macro(&expansion, target[++i]);
        else
            put(&expansion, &target[i], 1);
    }
    put(&expansion, u"\r\n", 2);
    return expansion.full ? 0 : expansion.length;
}

// ---- what programs ask of them ----

NTSTATUS ConsoleSetAlias(gptr exe, uint32_t exe_length, gptr source, uint32_t source_length, gptr target,
                         uint32_t target_length)
{
    struct console_name names[3];
    struct alias alias;
    NTSTATUS status = console_name_read(&names[EXE], exe, exe_length);
    if (NT_SUCCESS(status)) status = console_name_read(&names[SOURCE], source, source_length);
    if (NT_SUCCESS(status)) status = console_name_read(&names[TARGET], target, target_length);
    if (!NT_SUCCESS(status)) return status;
    if (!names[SOURCE].length || !names[EXE].length) return STATUS_INVALID_PARAMETER;
    struct console_shared *shared = console_lock();
    if (!shared) return STATUS_NO_MEMORY;
    struct console_aliases *aliases = &shared->aliases;
    if (aliases->n > ALIAS_UNITS) aliases->n = 0;
    if (find(aliases, names[EXE].units, names[EXE].length, names[SOURCE].units, names[SOURCE].length,
             &alias)) {
        memmove(aliases->text + alias.from, aliases->text + alias.to,
                (aliases->n - alias.to) * sizeof *aliases->text);
        aliases->n -= alias.to - alias.from;
    }
    uint32_t all = names[EXE].length + names[SOURCE].length + names[TARGET].length + 3;
    if (names[TARGET].length && all > ALIAS_UNITS - aliases->n) {
        status = STATUS_NO_MEMORY;
    } else if (names[TARGET].length) {
        for (int i = 0; i < 3; i++) add_part(aliases, &names[i]);
    }
    console_unlock();
    return status;
}

NTSTATUS ConsoleGetAlias(gptr exe, uint32_t exe_length, gptr source, uint32_t source_length, gptr target,
                         uint32_t length, uint32_t *needed)
{
    struct console_name names[2];
    struct alias alias;
    NTSTATUS status = console_name_read(&names[EXE], exe, exe_length);
    if (NT_SUCCESS(status)) status = console_name_read(&names[SOURCE], source, source_length);
    if (!NT_SUCCESS(status)) return status;
    if (!names[SOURCE].length) return STATUS_INVALID_PARAMETER;
    struct console_shared *shared = console_lock();
    if (!shared) return STATUS_NO_MEMORY;
    if (find(&shared->aliases, names[EXE].units, names[EXE].length, names[SOURCE].units, names[SOURCE].length,
             &alias)) {
        *needed = (alias.length[TARGET] + 1) * 2;
        status = console_list_write(target, length, alias.part[TARGET], *needed);
    } else {
        status = STATUS_UNSUCCESSFUL;
    }
    console_unlock();
    return status;
}

// A list under construction, which nobody needs to be longer than all aliases are.
struct list {
    uint32_t n;
    uint16_t text[ALIAS_UNITS];
};

static void list_add(struct list *list, const uint16_t *units, uint32_t n, uint16_t end)
{
    if (n >= ALIAS_UNITS - list->n) return;
    memcpy(list->text + list->n, units, n * sizeof *units);
    list->n += n;
    list->text[list->n++] = end;
}

NTSTATUS ConsoleListAliases(gptr exe, uint32_t exe_length, gptr list, uint32_t length, uint32_t *needed)
{
    struct console_name name;
    struct alias alias = {0};
    struct list all = {.n = 0};
    NTSTATUS status = console_name_read(&name, exe, exe_length);
    struct console_shared *shared = NT_SUCCESS(status) ? console_lock() : NULL;
    if (!shared) return NT_SUCCESS(status) ? STATUS_NO_MEMORY : status;
    while (next(&shared->aliases, &alias)) {
        if (!console_names_equal(alias.part[EXE], alias.length[EXE], name.units, name.length)) continue;
        list_add(&all, alias.part[SOURCE], alias.length[SOURCE], '=');
        list_add(&all, alias.part[TARGET], alias.length[TARGET], 0);
    }
    console_unlock();
    *needed = all.n * 2;
    return console_list_write(list, length, all.text, *needed);
}

// Whether an alias before this one is of the same program.
static bool is_repeated(const struct console_aliases *aliases, const struct alias *alias)
{
    struct alias before = {0};
    while (next(aliases, &before) && before.from < alias->from)
        if (console_names_equal(before.part[EXE], before.length[EXE], alias->part[EXE], alias->length[EXE]))
            return true;
    return false;
}

NTSTATUS ConsoleListAliasExes(gptr list, uint32_t length, uint32_t *needed)
{
    struct alias alias = {0};
    struct list all = {.n = 0};
    struct console_shared *shared = console_lock();
    if (!shared) return STATUS_NO_MEMORY;
    while (next(&shared->aliases, &alias))
        if (!is_repeated(&shared->aliases, &alias)) list_add(&all, alias.part[EXE], alias.length[EXE], 0);
    console_unlock();
    *needed = all.n * 2;
    return console_list_write(list, length, all.text, *needed);
}
