// Reads .exports files and finds the symbols that they name.
#include "exports.h"
#include "coff.h"
#include <stdlib.h>
#include <string.h>

// Symbols that the DLL's objects define, as the exports need them.
struct symbol {
    const char *symbol, *name, *decoration;
    bool fastcall;
};

struct symbols {
    struct symbol *list;
    unsigned n;
};

static int compare_symbols(const void *a, const void *b)
{
    const struct symbol *left = a, *right = b;
    int order = strcmp(left->name, right->name);
    return order ? order : strcmp(left->symbol, right->symbol);
}

static void read_objects(const struct options *options, struct symbols *symbols)
{
    for (unsigned i = 0; i < options->inputs_n; i++) {
        size_t size;
        uint8_t *bytes = read_whole_file(options->inputs[i], &size);
        struct coff coff;
        const char *problem = coff_read(bytes, size, &coff);
        if (problem) die("%s %s", options->inputs[i], problem);
        for (unsigned j = 0; j < coff.symbols_n; j++) {
            if (!coff.symbols[j].defined) continue;
            struct symbol symbol = {.symbol = coff.symbols[j].name};
            // What C doesn't make (mangled C++, assembly) goes by its whole name.
            if (!symbol_split(symbol.symbol, &symbol.name, &symbol.decoration, &symbol.fastcall)) {
                symbol.name = symbol.symbol;
                symbol.decoration = "";
            }
            *(struct symbol *)append_slot((void **)&symbols->list, &symbols->n, sizeof symbol) = symbol;
        }
    }
    qsort(symbols->list, symbols->n, sizeof *symbols->list, compare_symbols);
}

// The one symbol with this C name; reports none and several.
static void resolve(const struct options *options, const struct symbols *symbols, struct export *export)
{
    unsigned low = 0, high = symbols->n;
    while (low < high) {
        unsigned middle = (low + high) / 2;
        if (strcmp(symbols->list[middle].name, export->target) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const struct symbol *found = NULL;
    for (; low < symbols->n && strcmp(symbols->list[low].name, export->target) == 0; low++) {
        const struct symbol *symbol = &symbols->list[low];
        if (found && strcmp(found->symbol, symbol->symbol) != 0) {
            error_in(options->exports, export->line, "%s could be %s or %s", export->name, found->symbol,
                     symbol->symbol);
            return;
        }
        found = symbol;
    }
    if (!found) {
        error_in(options->exports, export->line, "%s: no object defines %s", export->name, export->target);
        return;
    }
    export->symbol = found->symbol;
    export->decoration = found->decoration;
    export->fastcall = found->fastcall;
}

static struct export *find_export(const struct exports *exports, const char *name)
{
    for (unsigned i = 0; i < exports->n; i++) {
        if (strcmp(exports->list[i].name, name) == 0) return &exports->list[i];
    }
    return NULL;
}

// The number behind an @, or 0 after an error.
static unsigned read_ordinal(const struct options *options, unsigned line, const char *word)
{
    char *end;
    unsigned long ordinal = strtoul(word + 1, &end, 10);
    if (!*end && ordinal && ordinal <= 65535) return (unsigned)ordinal;
    error_in(options->exports, line, "'%s' is no ordinal", word);
    return 0;
}

// name [= target | -> forward | => imported] [@ordinal] [noname] [data]
// or where the ordinals of those without one begin: @ordinal
static void read_line(const struct options *options, unsigned line, char *text, struct exports *exports)
{
    char *state, *word = strtok_r(text, " \t\r", &state);
    if (!word) return;
    if (word[0] == '@') {
        exports->free_from = read_ordinal(options, line, word);
        return;
    }
    if (find_export(exports, word)) {
        error_in(options->exports, line, "%s is listed twice", word);
        return;
    }
    const unsigned errors_before = errors_n();
    struct export export = {.name = word, .target = word, .decoration = "", .line = line};
    while ((word = strtok_r(NULL, " \t\r", &state))) {
        if (strcmp(word, "=") == 0 || strcmp(word, "->") == 0 || strcmp(word, "=>") == 0) {
            export.jump = word[1] == '>' && word[0] == '=';
            char *target = strtok_r(NULL, " \t\r", &state);
            if (!target) {
                error_in(options->exports, line, "nothing follows '%s'", word);
            } else if (strcmp(word, "=") == 0) {
                export.target = target;
            } else if (!strchr(target, '.')) {
                error_in(options->exports, line, "what follows '%s' has the form DLL.NAME, not '%s'", word,
                         target);
            } else {
                export.forward = target;
            }
        } else if (word[0] == '@') {
            export.ordinal = read_ordinal(options, line, word);
            if (!export.ordinal) return;
            for (unsigned i = 0; i < exports->n; i++) {
                if (exports->list[i].ordinal == export.ordinal)
                    error_in(options->exports, line, "ordinal %u is listed twice", export.ordinal);
            }
        } else if (strcmp(word, "noname") == 0) {
            export.noname = true;
        } else if (strcmp(word, "data") == 0) {
            export.data = true;
        } else {
            error_in(options->exports, line, "'%s' means nothing here", word);
        }
    }
    if (export.noname && !export.ordinal) error_in(options->exports, line, "noname needs an ordinal");
    if (errors_n() != errors_before) return;
    *(struct export *)append_slot((void **)&exports->list, &exports->n, sizeof export) = export;
}

static void read_list(const struct options *options, struct exports *exports)
{
    size_t size;
    char *text = (char *)read_whole_file(options->exports, &size);
    for (unsigned line = 1; text; line++) {
        char *next = strchr(text, '\n');
        if (next) *next++ = 0;
        text[strcspn(text, "#")] = 0;
        read_line(options, line, text, exports);
        text = next;
    }
}

static void add_missing(const struct imports *imports, struct exports *exports)
{
    for (unsigned i = 0; i < imports->n; i++) {
        const struct import *import = &imports->list[i];
        struct export *listed = find_export(exports, import->name);
        if (listed && listed->forward) {
            listed->decoration = import->decoration;
            listed->fastcall = import->fastcall;
            listed->known = true;
        }
        if (listed || import->data) continue;
        struct export *export = append_slot((void **)&exports->list, &exports->n, sizeof *export);
        *export =
            (struct export){.name = import->name, .target = import->name, .decoration = "", .missing = true};
    }
}

static void give_ordinals(struct exports *exports)
{
    static bool used[65536];
    unsigned next = exports->free_from ? exports->free_from : 1;
    for (unsigned i = 0; i < exports->n; i++) used[exports->list[i].ordinal] = true;
    for (unsigned i = 0; i < exports->n; i++) {
        if (exports->list[i].ordinal) continue;
        while (next < 65536 && used[next]) next++;
        if (next == 65536) die("more than 65535 exports");
        exports->list[i].ordinal = next++;
    }
}

void exports_read(const struct options *options, struct exports *exports)
{
    struct symbols symbols = {0};
    struct imports imports = {0};
    read_list(options, exports);
    read_objects(options, &symbols);
    for (unsigned i = 0; i < exports->n; i++) {
        if (!exports->list[i].forward) resolve(options, &symbols, &exports->list[i]);
    }
    import_library_read(options->import_library, &imports);
    add_missing(&imports, exports);
    for (unsigned i = 0; i < exports->n; i++) {
        const struct export *export = &exports->list[i];
        if (export->jump && !export->known)
            error_in(options->exports, export->line, "%s: the import library does not know how it is called",
                     export->name);
    }
    give_ordinals(exports);
}
