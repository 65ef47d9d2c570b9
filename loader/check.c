// `lowland check`: follows a program's imports through its own DLLs into ours, and looks for the names of
// missing functions among its strings.
#include "loader/check.h"
#include "guest_constants.h"
#include "loader/data_dir.h"
#include "loader/fail.h"
#include "loader/pe_file.h"
#include <ctype.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { MODULES_MAX = 256, FORWARDS_MAX = 8 };

struct module {
    char name[128]; // as in imports, lower case
    struct pe_file file;
    bool found, ours;
};

struct check {
    char directory[PATH_MAX]; // the program's
    struct module modules[MODULES_MAX];
    unsigned modules_n;
    const char *importer;
    bool damaged;
    unsigned lacking;
    const char **reported; // names of lacking imports: as strings they are not news
    size_t reported_capacity;
};

static const char *api_set_host(const char *name)
{
    static const struct {
        const char *family, *host;
    } families[] = {
#define API_SET_ENTRY(family, host) {family, host},
#include "thunks/nt/api_sets.h"
    };
    for (unsigned i = 0; i < sizeof families / sizeof *families; i++)
        if (strncasecmp(name, families[i].family, strlen(families[i].family)) == 0) return families[i].host;
    return name;
}

// A file of that name without regard to case.
static bool find_in(const char *directory, const char *name, char path[PATH_MAX])
{
    DIR *entries = opendir(directory);
    struct dirent *entry;
    bool found = false;
    while (entries && !found && (entry = readdir(entries)))
        if (strcasecmp(entry->d_name, name) == 0) {
            int n = snprintf(path, PATH_MAX, "%s/%s", directory, entry->d_name);
            found = n > 0 && n < PATH_MAX;
        }
    if (entries) closedir(entries);
    return found;
}

static void check_module(struct check *check, struct module *module);

static struct module *module_open(struct check *check, const char *imported)
{
    const char *name = api_set_host(imported);
    char path[PATH_MAX];
    struct image_error error;
    for (unsigned i = 0; i < check->modules_n; i++)
        if (strcasecmp(check->modules[i].name, name) == 0) return &check->modules[i];
    if (check->modules_n == MODULES_MAX) return NULL;
    struct module *module = &check->modules[check->modules_n++];
    snprintf(module->name, sizeof module->name, "%s", name);
    for (char *c = module->name; *c; c++) *c = tolower((unsigned char)*c);
    // Ours win over the program's own copies for what belongs to the system, as at run time.
    module->ours = find_in(data_dir(), module->name, path);
    if (!module->ours && !find_in(check->directory, module->name, path)) return module;
    module->found = pe_open(&module->file, path, &error) == 0;
    if (module->found && !module->ours) check_module(check, module);
    return module;
}

// Whether the module really has the function, through forwarders into other modules.
static bool provides(struct check *check, const char *dll, const char *name, uint16_t ordinal, unsigned depth)
{
    struct module *module = module_open(check, dll);
    struct pe_export export;
    if (!module || !module->found || depth > FORWARDS_MAX) return false;
    if (!pe_find_export(&module->file, name, ordinal, &export)) return false;
    if (!export.forward)
        return !module->ours || strcmp(pe_section_name(&module->file, export.rva), ".missing") != 0;
    const char *dot = strrchr(export.forward, '.');
    if (!dot) return false;
    char target[160];
    snprintf(target, sizeof target, "%.*s.dll", (int)(dot - export.forward), export.forward);
    if (dot[1] == '#') return provides(check, target, NULL, (uint16_t)atoi(dot + 2), depth + 1);
    return provides(check, target, dot + 1, 0, depth + 1);
}

static void check_import(const struct pe_import *import, void *context)
{
    struct check *check = context;
    if (provides(check, import->dll, import->name, import->ordinal, 0)) return;
    struct module *module = module_open(check, import->dll);
    const char *kind = import->delayed ? "delay import" : "import";
    const char *why = module && module->found ? "" : " (the DLL is lacking)";
    if (import->name)
        printf("%s: %s %s!%s%s\n", check->importer, kind, import->dll, import->name, why);
    else
        printf("%s: %s %s!#%u%s\n", check->importer, kind, import->dll, import->ordinal, why);
    if (check->lacking == check->reported_capacity) {
        check->reported_capacity = 2 * check->reported_capacity + 256;
        check->reported = realloc(check->reported, check->reported_capacity * sizeof *check->reported);
        if (!check->reported) fail(FAIL_HOST, "no memory");
    }
    check->reported[check->lacking++] = import->name ? import->name : "";
}

static void check_module(struct check *check, struct module *module)
{
    const char *outer = check->importer;
    check->importer = module->name;
    if (!pe_for_each_import(&module->file, check_import, check)) {
        printf("%s: the import directory is damaged\n", module->name);
        check->damaged = true;
    }
    check->importer = outer;
}

// --- names among the program's strings

struct names {
    char **list; // sorted "name" pointers into the DLLs' files
    size_t n, capacity;
    const struct pe_file *file;
};

static void collect_missing(const struct pe_export *export, void *context)
{
    struct names *names = context;
    if (export->forward || strcmp(pe_section_name(names->file, export->rva), ".missing") != 0) return;
    if (names->n == names->capacity) {
        names->capacity = names->capacity ? 2 * names->capacity : 4096;
        names->list = realloc(names->list, names->capacity * sizeof *names->list);
        if (!names->list) fail(FAIL_HOST, "no memory");
    }
    names->list[names->n++] = (char *)export->name;
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void collect_from_ours(struct names *names)
{
    DIR *entries = opendir(data_dir());
    struct dirent *entry;
    struct image_error error;
    while (entries && (entry = readdir(entries))) {
        char path[PATH_MAX];
        const char *dot = strrchr(entry->d_name, '.');
        struct pe_file *file = malloc(sizeof *file); // stays open: the names lie in it
        if (!file || !dot || strcmp(dot, ".dll") != 0 ||
            snprintf(path, sizeof path, "%s/%s", data_dir(), entry->d_name) >= PATH_MAX ||
            pe_open(file, path, &error) != 0) {
            free(file);
            continue;
        }
        names->file = file;
        pe_for_each_export(file, collect_missing, names);
    }
    if (entries) closedir(entries);
    if (names->n) qsort(names->list, names->n, sizeof *names->list, by_text);
}

static bool was_reported(const struct check *check, const char *name)
{
    for (unsigned i = 0; i < check->lacking; i++)
        if (strcmp(check->reported[i], name) == 0) return true;
    return false;
}

static void report_strings(const struct check *check, const struct pe_file *program,
                           const struct names *names)
{
    enum { SHORTEST = 5 };
    const char *bytes = (const char *)program->bytes, *end = bytes + program->size;
    const char *last = NULL;
    for (const char *start = bytes; start < end;) {
        const char *stop = start;
        while (stop < end && (isalnum((unsigned char)*stop) || *stop == '_')) stop++;
        if (stop < end && *stop == 0 && stop - start >= SHORTEST) {
            char **hit = bsearch(&start, names->list, names->n, sizeof *names->list, by_text);
            if (hit && *hit != last && !was_reported(check, *hit))
                printf("possible: %s is named in the program and lacking\n", *hit);
            if (hit) last = *hit;
        }
        start = stop + 1;
    }
}

int check_program(const char *path)
{
    struct check *check = calloc(1, sizeof *check);
    struct names names = {0};
    struct image_error error;
    if (!check) fail(FAIL_HOST, "no memory");
    char *slash = strrchr(path, '/');
    snprintf(check->directory, sizeof check->directory, "%.*s", slash ? (int)(slash - path) : 1,
             slash ? path : ".");
    struct module *program = &check->modules[check->modules_n++];
    snprintf(program->name, sizeof program->name, "%s", slash ? slash + 1 : path);
    if (pe_open(&program->file, path, &error) != 0) {
        bool unreadable =
            error.status == STATUS_OBJECT_NAME_NOT_FOUND || error.status == STATUS_ACCESS_DENIED;
        fail(unreadable ? FAIL_PROGRAM : FAIL_IMAGE, "%s: %s (offset 0x%x)", path, error.reason,
             error.offset);
    }
    program->found = true;
    check_module(check, program);
    collect_from_ours(&names);
    report_strings(check, &program->file, &names);
    bool whole = check->lacking == 0 && !check->damaged;
    if (whole) printf("%s: everything it imports is there\n", program->name);
    return whole ? 0 : FAIL_MISSING;
}
