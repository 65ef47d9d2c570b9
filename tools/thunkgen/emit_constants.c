// guest_constants.h: the numeric macros and enumerators of Windows' headers that CONSTANTS() lines select.
#include "thunkgen.h"
#include <stdlib.h>
#include <string.h>

// Names that Linux' headers define as well, with other values.
static const char *const taken[] = {"PAGE_SIZE", "PAGE_SHIFT", "PAGE_MASK"};

struct constants {
    const struct interface *interface;
    CXTranslationUnit unit;
    const char **macros;
    unsigned macros_n;
    FILE *out;
};

static bool is_selected(const struct constants *constants, const char *name)
{
    for (unsigned i = 0; i < sizeof taken / sizeof *taken; i++) {
        if (strcmp(taken[i], name) == 0) return false;
    }
    for (unsigned i = 0; i < constants->interface->constants_n; i++) {
        const char *prefix = constants->interface->constants[i];
        size_t length = strlen(prefix);
        if (length && prefix[length - 1] == '_' ? strncmp(name, prefix, length) == 0
                                                : strcmp(name, prefix) == 0)
            return true;
    }
    return false;
}

// Whether the macro could be an expression: not empty, balanced, nothing that starts a statement.
static bool may_be_expression(const struct constants *constants, CXCursor macro)
{
    CXToken *tokens;
    unsigned n;
    int depth = 0;
    bool good = true;
    clang_tokenize(constants->unit, clang_getCursorExtent(macro), &tokens, &n);
    for (unsigned i = 1; i < n && good; i++) {
        const char *text = text_of(clang_getTokenSpelling(constants->unit, tokens[i]));
        if (strcmp(text, "(") == 0) depth++;
        if (strcmp(text, ")") == 0) depth--;
        if (depth < 0 || strpbrk(text, "{};#\"") || strcmp(text, "=") == 0) good = false;
    }
    clang_disposeTokens(constants->unit, tokens, n);
    return good && depth == 0 && n > 1;
}

static void collect_macro(CXCursor cursor, void *context)
{
    struct constants *constants = context;
    if (clang_getCursorKind(cursor) != CXCursor_MacroDefinition || clang_Cursor_isMacroFunctionLike(cursor))
        return;
    const char *name = text_of(clang_getCursorSpelling(cursor));
    if (!is_selected(constants, name) || types_have_enumerator(name) || !may_be_expression(constants, cursor))
        return;
    for (unsigned i = 0; i < constants->macros_n; i++) {
        if (strcmp(constants->macros[i], name) == 0) return;
    }
    *(const char **)append_slot((void **)&constants->macros, &constants->macros_n, sizeof name) = name;
}

static bool is_macro(const struct constants *constants, const char *name)
{
    for (unsigned i = 0; i < constants->macros_n; i++) {
        if (strcmp(constants->macros[i], name) == 0) return true;
    }
    return false;
}

static void emit_enumerator(CXCursor cursor, void *context)
{
    struct constants *constants = context;
    if (clang_getCursorKind(cursor) != CXCursor_EnumConstantDecl) return;
    const char *name = text_of(clang_getCursorSpelling(cursor));
    if (!is_selected(constants, name) || types_have_enumerator(name) || is_macro(constants, name)) return;
    fprintf(constants->out, "enum { %s = %lld };\n", name, clang_getEnumConstantDeclValue(cursor));
}

static void emit_enumerators(CXCursor cursor, void *context)
{
    if (clang_getCursorKind(cursor) == CXCursor_EnumDecl) for_each_child(cursor, emit_enumerator, context);
}

// A literal of the constant's own type, so that comparisons and shifts behave as in Windows' code.
static const char *literal(CXType type, long long value)
{
    switch (type.kind) {
    case CXType_UInt:
    case CXType_ULong: return format("0x%xu", (unsigned)value);
    case CXType_LongLong: return format("%lldll", value);
    case CXType_ULongLong: return format("0x%llxull", (unsigned long long)value);
    default: break;
    }
    // Negative numbers are mostly an NTSTATUS or HRESULT.
    if (value < 0) return format("((int32_t)0x%08x)", (unsigned)value);
    return format(value < 10 ? "%lld" : "0x%llx", value);
}

static void emit_macro(CXCursor cursor, void *context)
{
    struct constants *constants = context;
    unsigned index;
    if (clang_getCursorKind(cursor) != CXCursor_VarDecl) return;
    if (sscanf(text_of(clang_getCursorSpelling(cursor)), "thunk_constant_%u", &index) != 1) return;
    if (clang_isInvalidDeclaration(cursor)) return;
    CXEvalResult result = clang_Cursor_Evaluate(cursor);
    if (!result) return;
    if (clang_EvalResult_getKind(result) == CXEval_Int) {
        long long value = clang_EvalResult_isUnsignedInt(result)
                              ? (long long)clang_EvalResult_getAsUnsigned(result)
                              : clang_EvalResult_getAsLongLong(result);
        const char *text = literal(clang_getCanonicalType(clang_getCursorType(cursor)), value);
        fprintf(constants->out, "#define %s %s\n", constants->macros[index], text);
    }
    clang_EvalResult_dispose(result);
}

void emit_constants(FILE *out, const struct options *options, CXTranslationUnit unit,
                    const struct interface *interface)
{
    types_collect(interface);
    struct constants constants = {.interface = interface, .unit = unit, .out = out};
    CXCursor all = clang_getTranslationUnitCursor(unit);
    for_each_child(all, collect_macro, &constants);

    // Clang computes them, in a second source that declares a variable for each. Those that turn out not to
    // be numbers are errors there, which is why it is read tolerantly.
    char *text;
    size_t size;
    FILE *source = open_memstream(&text, &size);
    fputs(definitions_source(options), source);
    for (unsigned i = 0; i < constants.macros_n; i++) {
        fprintf(source, "static const __typeof__((%s)) thunk_constant_%u = (%s);\n", constants.macros[i], i,
                constants.macros[i]);
    }
    fclose(source);
    CXTranslationUnit values = parse_text(options, text, false, true);

    fputs("// Generated by thunkgen from Windows' headers as thunks/constants.h selects: numeric constants.\n"
          "#ifndef LOWLAND_GUEST_CONSTANTS_H\n#define LOWLAND_GUEST_CONSTANTS_H\n\n#include "
          "\"guest_types.h\"\n\n",
          out);
    for_each_child(clang_getTranslationUnitCursor(values), emit_macro, &constants);
    for_each_child(all, emit_enumerators, &constants);
    fputs("\n#endif\n", out);
}
