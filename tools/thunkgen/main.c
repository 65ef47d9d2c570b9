// thunkgen: turns the definitions of the boundary (thunks/) and the export lists of DLLs into code.
// Command line and nothing else; docs/boundary.md describes the language.
#include "exports.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char usage[] =
    "usage: thunkgen VERB -o OUTPUT [-MF DEPFILE] [OPTIONS] INPUTS\n"
    "from one definition file (thunks/NAME.h):\n"
    "  stubs      NAME_stubs.S, the 32-bit entries\n"
    "  host       NAME_host.h, the 64-bit prototypes\n"
    "  dispatch   NAME_dispatch.c, the unpackers and tables\n"
    "from all definition files together (the same list for both):\n"
    "  types      guest_types.h\n"
    "  constants  guest_constants.h\n"
    "  options: -I DIR, -D NAME[=VALUE], -isystem DIR as for a compiler\n"
    "             --resource-dir DIR: clang's own headers\n"
    "from a DLL's list of exports (dlls/NAME/NAME.exports), first, and its 32-bit object files:\n"
    "  exports    NAME_exports.S, the export table\n"
    "  options: --dll NAME.dll, --def NAME.def: written too, for dlltool -k,\n"
    "           --import-library FILE (mingw-w64's: names in it that the list lacks become missing "
    "exports)\n";

static _Noreturn void refuse(const char *reason)
{
    fprintf(stderr, "thunkgen: %s\n%s", reason, usage);
    exit(2);
}

static void pass_to_clang(struct options *options, const char *argument)
{
    *(const char **)append_slot((void **)&options->clang, &options->clang_n, sizeof argument) = argument;
}

static void read_options(struct options *options, int argc, char **argv)
{
    const struct {
        const char *name, **value;
    } valued[] = {
        {"-o", &options->output},
        {"-MF", &options->depfile},
        {"--dll", &options->dll},
        {"--def", &options->def},
        {"--resource-dir", &options->resource_dir},
        {"--import-library", &options->import_library},
    };
    const char **inputs = allocate((size_t)argc * sizeof *inputs);
    for (int i = 2; i < argc; i++) {
        const char *argument = argv[i];
        bool known = false;
        for (unsigned j = 0; j < sizeof valued / sizeof *valued; j++) {
            if (strcmp(argument, valued[j].name) != 0) continue;
            if (++i == argc) refuse(format("%s lacks its value", argument));
            *valued[j].value = argv[i];
            known = true;
        }
        if (known) continue;
        if (strcmp(argument, "-I") == 0 || strcmp(argument, "-D") == 0 || strcmp(argument, "-isystem") == 0) {
            if (++i == argc) refuse(format("%s lacks its value", argument));
            pass_to_clang(options, argument);
            pass_to_clang(options, argv[i]);
        } else if (strncmp(argument, "-I", 2) == 0 || strncmp(argument, "-D", 2) == 0) {
            pass_to_clang(options, argument);
        } else if (argument[0] == '-') {
            refuse(format("unknown option %s", argument));
        } else {
            inputs[options->inputs_n++] = argument;
        }
    }
    options->inputs = inputs;
    if (!options->output) refuse("no -o");
}

static void write_from_definitions(FILE *out, const char *verb, const struct options *options)
{
    struct interface interface = {0};
    bool constants = strcmp(verb, "constants") == 0;
    if (!options->inputs_n) refuse("no definition file");
    CXTranslationUnit unit = parse_definitions(options, constants, &interface);
    if (errors_n()) return;
    if (constants) {
        emit_constants(out, options, unit, &interface);
    } else if (strcmp(verb, "types") == 0) {
        emit_types(out, &interface);
    } else {
        if (!interface.interfaces_n) die("%s: no INTERFACE", options->inputs[0]);
        if (interface.interfaces_n > 1) die("%s: more than one INTERFACE", options->inputs[0]);
        if (strcmp(verb, "stubs") == 0) emit_stubs(out, &interface);
        if (strcmp(verb, "host") == 0) emit_host(out, &interface);
        if (strcmp(verb, "dispatch") == 0) emit_dispatch(out, &interface);
    }
    write_depfile(options, unit);
}

static FILE *open_text(char **text, size_t *size)
{
    FILE *out = open_memstream(text, size);
    if (!out) die("out of memory");
    return out;
}

// Files are written whole or not at all: make takes what exists for finished.
static void write_file(const char *path, const char *text, size_t size)
{
    FILE *file = fopen(path, "w");
    if (!file) die("%s: %s", path, strerror(errno));
    if (fwrite(text, 1, size, file) != size || fclose(file)) die("can't write %s", path);
}

static void write_exports(FILE *out, struct options *options)
{
    struct exports exports = {0};
    if (!options->dll) refuse("no --dll");
    if (!options->inputs_n) refuse("no list of exports");
    options->exports = *options->inputs++;
    options->inputs_n--;
    exports_read(options, &exports);
    if (errors_n()) return;
    emit_exports(out, options, &exports);
    if (!options->def) return;
    char *text;
    size_t size;
    FILE *def = open_text(&text, &size);
    emit_def(def, options, &exports);
    if (fclose(def)) die("out of memory");
    write_file(options->def, text, size);
}

int main(int argc, char **argv)
{
    static const char *const verbs[] = {"stubs", "host", "dispatch", "types", "constants", "exports"};
    struct options options = {0};
    if (argc == 2 && strcmp(argv[1], "--help") == 0) {
        fputs(usage, stdout);
        return 0;
    }
    unsigned verb = 0;
    const unsigned verbs_n = sizeof verbs / sizeof *verbs;
    while (argc > 1 && verb < verbs_n && strcmp(argv[1], verbs[verb]) != 0) verb++;
    if (argc < 2 || verb == verbs_n) refuse("no such verb");
    read_options(&options, argc, argv);

    char *text;
    size_t size;
    FILE *out = open_text(&text, &size);
    if (strcmp(verbs[verb], "exports") == 0) {
        write_exports(out, &options);
    } else {
        write_from_definitions(out, verbs[verb], &options);
    }
    if (fclose(out)) die("out of memory");
    if (errors_n()) return 1;
    write_file(options.output, text, size);
    return 0;
}
