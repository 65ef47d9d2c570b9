// guest_types.h: each type that the definitions reach, laid out for 64-bit code exactly as it is in the
// guest.
#include "thunkgen.h"
#include <string.h>

// Everything reached, in an order in which C can read it.
enum reached_kind { REACHED_RECORD, REACHED_ENUM, REACHED_ALIAS };
struct reached {
    enum reached_kind kind;
    const char *name; // without the 32
    CXType type;
};
static struct reached *reached;
static unsigned reached_n;

// Structures being walked, so that those which contain pointers to each other end the walk.
static CXCursor *walked;
static unsigned walked_n;

static void reach(CXType type);

static bool is_reached(const char *name)
{
    for (unsigned i = 0; i < reached_n; i++) {
        if (strcmp(reached[i].name, name) == 0) return true;
    }
    return false;
}

static void add(enum reached_kind kind, const char *name, CXType type)
{
    if (!*name || is_reached(name)) return;
    struct reached *entry = append_slot((void **)&reached, &reached_n, sizeof *entry);
    *entry = (struct reached){kind, name, type};
}

// What lies in a structure itself comes before it, what it points to may come after.
static void reach_contained(CXCursor field, void *context)
{
    (void)context;
    CXType type = without_arrays(clang_getCursorType(field));
    if (clang_getCanonicalType(type).kind != CXType_Pointer) reach(type);
}

static void reach_pointed(CXCursor field, void *context)
{
    CXType type = without_arrays(clang_getCursorType(field));
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_Pointer) reach(type);
    if (canonical.kind == CXType_Record && is_anonymous(canonical))
        for_each_field(canonical, reach_pointed, context);
}

static void reach_record(CXType record)
{
    if (clang_Type_getSizeOf(record) < 0) return;
    CXCursor declaration = clang_getCanonicalCursor(clang_getTypeDeclaration(record));
    for (unsigned i = 0; i < walked_n; i++) {
        if (clang_equalCursors(walked[i], declaration)) return;
    }
    *(CXCursor *)append_slot((void **)&walked, &walked_n, sizeof declaration) = declaration;
    for_each_field(record, reach_contained, NULL);
    if (!is_anonymous(record)) {
        add(REACHED_RECORD, record_name(record), record);
        for_each_field(record, reach_pointed, NULL);
    }
}

// Alias names that would only repeat C's own types and could meet other libraries' names with the suffix.
static bool is_plain_number(const char *name)
{
    static const char *const plain[] = {"INT",    "UINT",    "LONG",   "ULONG", "CHAR", "UCHAR", "SHORT",
                                        "USHORT", "wchar_t", "size_t", "BYTE",  "WORD", "DWORD", "WCHAR"};
    for (unsigned i = 0; i < sizeof plain / sizeof *plain; i++) {
        if (strcmp(plain[i], name) == 0) return true;
    }
    return false;
}

static void reach(CXType type)
{
    type = without_arrays(type);
    if (type.kind == CXType_Elaborated) type = clang_Type_getNamedType(type);
    CXType canonical = clang_getCanonicalType(type);
    if (is_handle(type)) return;
    if (canonical.kind == CXType_Pointer) {
        CXType pointee = clang_getPointeeType(canonical);
        if (pointee.kind == CXType_Record || pointee.kind == CXType_Enum) reach(pointee);
        return;
    }
    if (canonical.kind == CXType_Record) reach_record(canonical);
    if (canonical.kind == CXType_Enum) {
        const char *name = record_name(canonical);
        // An enum without a name is reached once all the same.
        add(REACHED_ENUM,
            is_anonymous(canonical)
                ? format("unnamed enum %u", clang_hashCursor(clang_getTypeDeclaration(canonical)))
                : name,
            canonical);
    }
    if (type.kind == CXType_Typedef && host_type(type)) {
        const char *name = text_of(clang_getTypedefName(type));
        if (is_plain_number(name) || strcmp(name, "NTSTATUS") == 0 || canonical.kind == CXType_Void) return;
        if (strncmp(name, "thunk_", 6) != 0) add(REACHED_ALIAS, name, canonical);
        // What the alias stands for may be another alias.
        CXType target = clang_getTypedefDeclUnderlyingType(clang_getTypeDeclaration(type));
        reach(target);
    }
}

static void collect_calls(const struct call *calls, unsigned n)
{
    for (unsigned i = 0; i < n; i++) {
        reach(calls[i].result);
        for (unsigned j = 0; j < calls[i].params_n; j++) reach(calls[i].params[j].type);
    }
}

void types_collect(const struct interface *interface)
{
    collect_calls(interface->calls, interface->calls_n);
    collect_calls(interface->callbacks, interface->callbacks_n);
    for (unsigned i = 0; i < interface->classes_n; i++) reach(interface->classes[i].type);
    for (unsigned i = 0; i < interface->types_n; i++) reach(interface->types[i]);
}

struct enumerator_search {
    const char *name;
    bool found;
};

static void match_enumerator(CXCursor cursor, void *context)
{
    struct enumerator_search *search = context;
    if (clang_getCursorKind(cursor) != CXCursor_EnumConstantDecl) return;
    search->found |= strcmp(text_of(clang_getCursorSpelling(cursor)), search->name) == 0;
}

bool types_have_enumerator(const char *name)
{
    struct enumerator_search search = {name, false};
    for (unsigned i = 0; i < reached_n && !search.found; i++) {
        if (reached[i].kind != REACHED_ENUM) continue;
        for_each_child(clang_getTypeDeclaration(reached[i].type), match_enumerator, &search);
    }
    return search.found;
}

// --- enums and aliases

static void emit_enumerator(CXCursor cursor, void *context)
{
    if (clang_getCursorKind(cursor) != CXCursor_EnumConstantDecl) return;
    fprintf(context, " %s = %lld,", text_of(clang_getCursorSpelling(cursor)),
            clang_getEnumConstantDeclValue(cursor));
}

static void emit_enum(FILE *out, const struct reached *entry)
{
    fputs("enum {", out);
    for_each_child(clang_getTypeDeclaration(entry->type), emit_enumerator, out);
    fputs(" };\n", out);
    if (!is_anonymous(entry->type)) fprintf(out, "typedef %s %s32;\n", host_type(entry->type), entry->name);
}

// --- structures

struct body {
    FILE *out;
    unsigned depth;
    bool is_union;
    long long position; // bits laid out so far; in a union the longest member
};

static void emit_record_body(FILE *out, CXType record, unsigned depth);

static void indent(struct body *body)
{
    for (unsigned i = 0; i < body->depth; i++) fputs("    ", body->out);
}

// Fills the gap up to a bit offset: the rest of a byte as bits, then bytes, then bits again.
static void pad_to(struct body *body, long long offset)
{
    long long bits = (8 - body->position % 8) % 8;
    if (bits > offset - body->position) bits = offset - body->position;
    if (bits > 0) {
        indent(body);
        fprintf(body->out, "uint32_t : %lld;\n", bits);
        body->position += bits;
    }
    long long bytes = (offset - body->position) / 8;
    if (bytes > 0) {
        indent(body);
        fprintf(body->out, "uint8_t pad_%llX[%lld];\n", body->position / 8, bytes);
        body->position += bytes * 8;
    }
    if (offset > body->position) {
        indent(body);
        fprintf(body->out, "uint32_t : %lld;\n", offset - body->position);
        body->position = offset;
    }
}

static void emit_bit_field(struct body *body, CXType type, const char *name, int width)
{
    // Wide units only: gcc warns of char-sized ones in packed structures.
    const char *host = host_type(type);
    bool is_signed = host && host[0] == 'i';
    const char *unit = clang_Type_getSizeOf(type) > 4 ? "int64_t" : "int32_t";
    indent(body);
    fprintf(body->out, "%s%s%s%s : %d;\n", is_signed ? "" : "u", unit, *name ? " " : "", name, width);
}

static void emit_field(CXCursor field, void *context)
{
    struct body *body = context;
    CXType type = clang_getCursorType(field);
    const char *name = text_of(clang_getCursorSpelling(field));
    bool bit_field = clang_Cursor_isBitField(field);
    long long width = bit_field ? clang_getFieldDeclBitWidth(field) : 8 * clang_Type_getSizeOf(type);
    if (clang_getCanonicalType(type).kind == CXType_IncompleteArray) width = 0; // at the end of a structure
    long long offset = clang_Cursor_getOffsetOfField(field);
    if (bit_field && width == 0) return;
    if (offset < 0 || width < 0) {
        error_at(clang_getCursorLocation(field), "field '%s' has no layout", name);
        return;
    }
    if (!body->is_union) pad_to(body, offset);

    CXType element = without_arrays(type);
    CXType canonical = clang_getCanonicalType(element);
    if (bit_field) {
        emit_bit_field(body, type, name, (int)width);
    } else if (canonical.kind == CXType_Record && is_anonymous(canonical)) {
        const char *dimensions = "";
        for (CXType t = clang_getCanonicalType(type); t.kind == CXType_ConstantArray;
             t = clang_getArrayElementType(t)) {
            dimensions = format("%s[%lld]", dimensions, clang_getArraySize(t));
        }
        indent(body);
        emit_record_body(body->out, canonical, body->depth);
        fprintf(body->out, "%s%s%s;\n", *name ? " " : "", name, dimensions);
    } else {
        const char *declaration = host_declaration(type, name);
        if (!declaration) {
            error_at(clang_getCursorLocation(field), "field '%s' of type '%s' has no host form", name,
                     text_of(clang_getTypeSpelling(type)));
            return;
        }
        indent(body);
        fprintf(body->out, "%s;\n", declaration);
    }
    if (body->is_union) {
        if (width > body->position) body->position = width;
    } else {
        body->position = offset + width;
    }
}

static void emit_record_body(FILE *out, CXType record, unsigned depth)
{
    CXCursor declaration = clang_getTypeDeclaration(record);
    struct body body = {.out = out, .depth = depth + 1};
    body.is_union = clang_getCursorKind(declaration) == CXCursor_UnionDecl;
    const char *tag = is_anonymous(record) ? "" : format("%s32 ", record_name(record));
    fprintf(out, "%s __attribute__((packed)) %s{\n", body.is_union ? "union" : "struct", tag);
    for_each_field(record, emit_field, &body);
    long long size = clang_Type_getSizeOf(record);
    if (body.is_union) {
        // A union of bit fields is shorter when packed. Pads of anonymous unions need names of their own.
        static unsigned pads;
        if (body.position < 8 * size || body.position % 8) {
            indent(&body);
            fprintf(out, "uint8_t pad_u%u[%lld];\n", pads++, size);
        }
    } else {
        pad_to(&body, 8 * size);
    }
    for (unsigned i = 0; i < depth; i++) fputs("    ", out);
    fputc('}', out);
}

struct assertions {
    FILE *out;
    const char *record, *path;
    long long base; // bytes
};

static void emit_assertion(CXCursor field, void *context)
{
    const struct assertions *assertions = context;
    if (clang_Cursor_isBitField(field)) return;
    CXType type = clang_getCursorType(field);
    const char *name = text_of(clang_getCursorSpelling(field));
    long long offset = assertions->base + clang_Cursor_getOffsetOfField(field) / 8;
    if (*name) {
        fprintf(assertions->out, "_Static_assert(offsetof(%s32, %s%s) == %lld, \"%s.%s\");\n",
                assertions->record, assertions->path, name, offset, assertions->record, name);
    }
    CXType canonical = clang_getCanonicalType(type);
    if (canonical.kind == CXType_Record && is_anonymous(canonical)) {
        struct assertions inner = {assertions->out, assertions->record,
                                   *name ? format("%s%s.", assertions->path, name) : assertions->path,
                                   offset};
        for_each_field(canonical, emit_assertion, &inner);
    }
}

static void emit_record(FILE *out, const struct reached *entry)
{
    fputs("\ntypedef ", out);
    emit_record_body(out, entry->type, 0);
    fprintf(out, " %s32;\n_Static_assert(sizeof(%s32) == %lld, \"%s\");\n", entry->name, entry->name,
            clang_Type_getSizeOf(entry->type), entry->name);
    for_each_field(entry->type, emit_assertion, &(struct assertions){out, entry->name, "", 0});
}

void emit_types(FILE *out, const struct interface *interface)
{
    types_collect(interface);
    fputs("// Generated by thunkgen from the definitions in thunks/: the guest's types as 64-bit code sees "
          "them.\n"
          "#ifndef LOWLAND_GUEST_TYPES_H\n#define LOWLAND_GUEST_TYPES_H\n\n#include \"loader/guest.h\"\n\n",
          out);
    for (unsigned i = 0; i < reached_n; i++) {
        const struct reached *entry = &reached[i];
        switch (entry->kind) {
        case REACHED_ENUM: emit_enum(out, entry); break;
        case REACHED_RECORD: emit_record(out, entry); break;
        case REACHED_ALIAS:
            if (strcmp(entry->name, "HANDLE") != 0)
                fprintf(out, "typedef %s %s32;\n", host_type(entry->type), entry->name);
            break;
        }
    }
    fputs("\n#endif\n", out);
}
