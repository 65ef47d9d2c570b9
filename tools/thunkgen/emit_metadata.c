// The typed description of each call, at the end of NAME_dispatch.c: for the tracer and the fuzzer.
#include "thunkgen.h"
#include "loader/thunk_table.h"
#include <ctype.h>
#include <string.h>

// The pointees described so far.
static const char **described;
static unsigned described_n;

// A C identifier for a type's description.
static const char *identifier_of(CXType type)
{
    CXType canonical = clang_getCanonicalType(type);
    const char *spelling =
        canonical.kind == CXType_Record ? record_name(canonical) : text_of(clang_getTypeSpelling(type));
    if (strncmp(spelling, "const ", 6) == 0) spelling += 6;
    char *name = format("%s", spelling);
    for (char *p = name; *p; p++) {
        if (!isalnum((unsigned char)*p)) *p = '_';
    }
    return name;
}

struct describing {
    FILE *out;
    const char *path;
    long long base;
    CXCursor only; // the one member of a union; else null
};

static void describe_fields(FILE *out, CXType record, const char *path, long long base);

static void describe_field(CXCursor field, void *context)
{
    const struct describing *describing = context;
    if (clang_Cursor_isBitField(field)) return;
    if (!clang_Cursor_isNull(describing->only) && !clang_equalCursors(field, describing->only)) return;
    CXType type = clang_getCursorType(field);
    const char *name = text_of(clang_getCursorSpelling(field));
    long long offset = describing->base + clang_Cursor_getOffsetOfField(field) / 8;
    long long size = clang_Type_getSizeOf(type);
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_Record) {
        describe_fields(describing->out, canonical,
                        *name ? format("%s%s.", describing->path, name) : describing->path, offset);
    } else if (offset <= UINT16_MAX && size >= 0 && size <= UINT16_MAX) {
        fprintf(describing->out, "    {\"%s%s\", %lld, %lld, %s},\n", describing->path, name, offset, size,
                thunk_kind_of(type));
    }
}

struct choosing {
    CXCursor best;
    bool best_is_whole;
    long long size;
};

// A union is described by its first plain member of full size (QuadPart), else by its first.
static void choose_field(CXCursor field, void *context)
{
    struct choosing *choosing = context;
    CXType type = clang_getCanonicalType(clang_getCursorType(field));
    bool whole = type.kind != CXType_Record && clang_Type_getSizeOf(type) == choosing->size;
    if (choosing->best_is_whole || (!whole && !clang_Cursor_isNull(choosing->best))) return;
    choosing->best = field;
    choosing->best_is_whole = whole;
}

static void describe_fields(FILE *out, CXType record, const char *path, long long base)
{
    struct describing describing = {out, path, base, clang_getNullCursor()};
    if (clang_getCursorKind(clang_getTypeDeclaration(record)) == CXCursor_UnionDecl) {
        struct choosing choosing = {.best = clang_getNullCursor(), .size = clang_Type_getSizeOf(record)};
        for_each_field(record, choose_field, &choosing);
        describing.only = choosing.best;
    }
    for_each_field(record, describe_field, &describing);
}

static void describe(FILE *out, CXType type)
{
    long long size = clang_Type_getSizeOf(type);
    if (size <= 0) return;
    const char *name = identifier_of(type);
    for (unsigned i = 0; i < described_n; i++) {
        if (strcmp(described[i], name) == 0) return;
    }
    *(const char **)append_slot((void **)&described, &described_n, sizeof name) = name;
    CXType canonical = clang_getCanonicalType(type);
    fprintf(out, "\nstatic const struct thunk_field fields_%s[] = {\n", name);
    if (canonical.kind == CXType_Record) {
        describe_fields(out, canonical, "", 0);
    } else {
        fprintf(out, "    {\"\", 0, %lld, %s},\n", size, thunk_kind_of(type));
    }
    fprintf(out, "    {0}\n};\nstatic const struct thunk_type type_%s = {\"%s\", %lld, fields_%s};\n", name,
            name, size, name);
}

static bool has_pointee(const struct param *param)
{
    if (param->passing == BY_VALUE) return clang_getCanonicalType(param->type).kind == CXType_Record;
    return param->passing >= PASS_IN && param->passing <= PASS_IN_ARRAY;
}

static CXType described_type(const struct param *param)
{
    return param->passing == BY_VALUE ? param->type : pointee_type(param->type);
}

static const char *param_kind(const struct param *param)
{
    switch (param->passing) {
    case BY_VALUE: return thunk_kind_of(param->type);
    case PASS_IN_STRING: return "THUNK_STRING";
    case PASS_IN_WSTRING: return "THUNK_WSTRING";
    case PASS_GPTR: return "THUNK_POINTER";
    case PASS_IN_ARRAY:
    case PASS_IN_BYTES:
    case PASS_OUT_BYTES:
    case PASS_INOUT_BYTES:
    case PASS_BY_CLASS: return "THUNK_BYTES";
    default: break;
    }
    const char *name = identifier_of(described_type(param));
    if (strcmp(name, "UNICODE_STRING") == 0) return "THUNK_UNICODE_STRING";
    if (strcmp(name, "OBJECT_ATTRIBUTES") == 0) return "THUNK_OBJECT_ATTRIBUTES";
    return "THUNK_STRUCT";
}

// 1 + the index of the parameter that an extent is; 0 when it is nothing or a longer expression.
static unsigned index_of(const struct call *call, const char *extent)
{
    if (!extent) return 0;
    if (*extent == '*') extent++;
    for (unsigned i = 0; i < call->params_n; i++) {
        if (strcmp(call->params[i].name, extent) == 0) return i + 1;
    }
    return 0;
}

static void emit_params(FILE *out, const struct call *call)
{
    for (unsigned i = 0; i < call->params_n; i++) {
        if (has_pointee(&call->params[i])) describe(out, described_type(&call->params[i]));
    }
    if (!call->params_n) return;
    fprintf(out, "\nstatic const struct thunk_param params_%s[] = {\n", call->name);
    for (unsigned i = 0; i < call->params_n; i++) {
        const struct param *param = &call->params[i];
        fprintf(out,
                "    {.name = \"%s\", .type = \"%s\", .kind = %s, .direction = %u, .slot = %u, .slots = %u, "
                ".pointee = %s%s, "
                ".extent = %u, .optional = %d, .class_param = %u},\n",
                param->name, param->spelling, param_kind(param),
                param->direction ? param->direction : THUNK_IN, param->slot, param->slots,
                has_pointee(param) ? "&type_" : "NULL",
                has_pointee(param) ? identifier_of(described_type(param)) : "", index_of(call, param->extent),
                param->optional, index_of(call, param->class_param));
    }
    fputs("};\n", out);
}

static void emit_classes(FILE *out, const struct interface *interface)
{
    for (unsigned i = 0; i < interface->classes_n; i++) describe(out, interface->classes[i].type);
    fputs("\nstatic const struct thunk_class classes[] = {\n", out);
    for (unsigned i = 0; i < interface->classes_n; i++) {
        const struct class_type *class = &interface->classes[i];
        fprintf(out, "    {%s_call_%s, %lld, \"%s\", &type_%s},\n", interface->name, class->call,
                class->value, class->class_name, identifier_of(class->type));
    }
    fputs("    {0}\n};\n", out);
}

void emit_metadata(FILE *out, const struct interface *interface)
{
    const char *name = interface->name;
    for (unsigned i = 0; i < interface->calls_n; i++) emit_params(out, &interface->calls[i]);
    fputs("\nstatic const thunk_fn functions[] = {\n", out);
    for (unsigned i = 0; i < interface->calls_n; i++)
        fprintf(out, "    unpack_%s,\n", interface->calls[i].name);
    fputs("};\n\nstatic const struct thunk_call calls[] = {\n", out);
    for (unsigned i = 0; i < interface->calls_n; i++) {
        const struct call *call = &interface->calls[i];
        fprintf(out, "    {.name = \"%s\", .result = %s, .params_n = %u, .slots = %u, .params = %s%s},\n",
                call->name, thunk_kind_of(call->result), call->params_n, call->slots,
                call->params_n ? "params_" : "NULL", call->params_n ? call->name : "");
    }
    fputs("};\n", out);
    emit_classes(out, interface);
    fprintf(
        out,
        "\nconst struct thunk_table %s_thunk_table = {\n    .interface = \"%s\",\n    .interface_id "
        "= %u,\n"
        "    .count = %u,\n    .functions = functions,\n    .calls = calls,\n    .classes = classes,\n};\n",
        name, name, interface->id, interface->calls_n);
}
