// What we need of libclang: parsing for i686 Windows, errors, children, and the list of headers read.
#include "thunkgen.h"
#include <stdlib.h>
#include <string.h>

#ifndef THUNKGEN_RESOURCE_DIR
#define THUNKGEN_RESOURCE_DIR "/usr/lib/llvm-14/lib/clang/14.0.6"
#endif
#ifndef THUNKGEN_WINDOWS_INCLUDE
#define THUNKGEN_WINDOWS_INCLUDE "/usr/i686-w64-mingw32/include"
#endif

#define SOURCE_NAME "thunkgen-definitions.c"

CXTranslationUnit parse_text(const struct options *options, const char *text, bool macros, bool tolerant)
{
    const char *resources = options->resource_dir ? options->resource_dir : THUNKGEN_RESOURCE_DIR;
    const char *own[] = {"-target",
                         "i686-w64-mingw32",
                         "-std=gnu17",
                         "-nostdinc",
                         "-resource-dir",
                         resources,
                         "-isystem",
                         format("%s/include", resources),
                         "-isystem",
                         THUNKGEN_WINDOWS_INCLUDE,
                         "-DDECLSPEC_IMPORT=",
                         "-DLOWLAND_THUNKGEN",
                         "-ferror-limit=0",
                         "-Wno-everything"};
    const unsigned own_n = sizeof own / sizeof *own;
    const char **arguments = allocate((own_n + options->clang_n) * sizeof *arguments);
    unsigned n = 0;
    for (unsigned i = 0; i < own_n; i++) arguments[n++] = own[i];
    for (unsigned i = 0; i < options->clang_n; i++) arguments[n++] = options->clang[i];

    struct CXUnsavedFile file = {SOURCE_NAME, text, strlen(text)};
    unsigned flags =
        CXTranslationUnit_SkipFunctionBodies | (macros ? CXTranslationUnit_DetailedPreprocessingRecord : 0);
    CXTranslationUnit unit;
    enum CXErrorCode code = clang_parseTranslationUnit2(clang_createIndex(0, 0), SOURCE_NAME, arguments,
                                                        (int)n, &file, 1, flags, &unit);
    if (code != CXError_Success) die("libclang can't parse the definitions (error %d)", code);
    if (tolerant) return unit;

    unsigned bad = 0;
    for (unsigned i = 0; i < clang_getNumDiagnostics(unit); i++) {
        CXDiagnostic diagnostic = clang_getDiagnostic(unit, i);
        if (clang_getDiagnosticSeverity(diagnostic) < CXDiagnostic_Error) continue;
        CXFile where;
        unsigned line;
        clang_getExpansionLocation(clang_getDiagnosticLocation(diagnostic), &where, &line, NULL, NULL);
        const char *name = where ? text_of(clang_getFileName(where)) : "thunkgen";
        error_in(name, line, "%s", text_of(clang_getDiagnosticSpelling(diagnostic)));
        bad++;
    }
    if (bad) exit(1);
    return unit;
}

struct visit {
    void (*visit)(CXCursor cursor, void *context);
    void *context;
};

static enum CXChildVisitResult visit_child(CXCursor cursor, CXCursor parent, CXClientData data)
{
    (void)parent;
    struct visit *visit = data;
    visit->visit(cursor, visit->context);
    return CXChildVisit_Continue;
}

static enum CXVisitorResult visit_field(CXCursor cursor, CXClientData data)
{
    struct visit *visit = data;
    visit->visit(cursor, visit->context);
    return CXVisit_Continue;
}

void for_each_child(CXCursor parent, void (*visit)(CXCursor cursor, void *context), void *context)
{
    clang_visitChildren(parent, visit_child, &(struct visit){visit, context});
}

void for_each_field(CXType record, void (*visit)(CXCursor field, void *context), void *context)
{
    clang_Type_visitFields(record, visit_field, &(struct visit){visit, context});
}

const char *definitions_source(const struct options *options)
{
    const char *text = "";
    for (unsigned i = 0; i < options->inputs_n; i++)
        text = format("%s#include \"%s\"\n", text, options->inputs[i]);
    return text;
}

struct inclusions {
    FILE *file;
    const char *target;
    bool rules; // empty rules for the headers, so that a removed one doesn't stop make
};

static void write_inclusion(CXFile included, CXSourceLocation *stack, unsigned depth, CXClientData data)
{
    (void)stack;
    struct inclusions *inclusions = data;
    if (depth == 0) return; // our own text
    const char *name = text_of(clang_getFileName(included));
    fprintf(inclusions->file, inclusions->rules ? "%s:\n" : " \\\n %s", name);
}

void write_depfile(const struct options *options, CXTranslationUnit unit)
{
    if (!options->depfile) return;
    FILE *file = fopen(options->depfile, "w");
    if (!file) die("can't write %s", options->depfile);
    fprintf(file, "%s:", options->output);
    clang_getInclusions(unit, write_inclusion, &(struct inclusions){file, options->output, false});
    fputs("\n\n", file);
    clang_getInclusions(unit, write_inclusion, &(struct inclusions){file, options->output, true});
    if (fclose(file)) die("can't write %s", options->depfile);
}
