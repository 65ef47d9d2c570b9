// Reads definition files into struct interface, and checks them.
#include "thunkgen.h"
#include "loader/thunk_table.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define NOTE_PREFIX "thunk:" // of all our annotations

// --- annotations

struct notes {
    const char **texts;
    unsigned n;
};

static void collect_note(CXCursor cursor, void *context)
{
    struct notes *notes = context;
    if (clang_getCursorKind(cursor) != CXCursor_AnnotateAttr) return;
    const char *text = text_of(clang_getCursorSpelling(cursor));
    if (strncmp(text, NOTE_PREFIX, strlen(NOTE_PREFIX)) != 0) return;
    *(const char **)append_slot((void **)&notes->texts, &notes->n, sizeof *notes->texts) =
        text + strlen(NOTE_PREFIX);
}

static struct notes notes_of(CXCursor cursor)
{
    struct notes notes = {0};
    for_each_child(cursor, collect_note, &notes);
    return notes;
}

// The rest of the note "head:rest"; "" for a bare "head"; NULL when there is none.
static const char *find_note(const struct notes *notes, const char *head)
{
    size_t length = strlen(head);
    for (unsigned i = 0; i < notes->n; i++) {
        const char *text = notes->texts[i];
        if (strncmp(text, head, length) != 0) continue;
        if (text[length] == ':') return text + length + 1;
        if (text[length] == 0) return text + length;
    }
    return NULL;
}

// Cuts "a:b" at its last colon; *second is "" when there is none.
static const char *split_note(const char *note, const char **second)
{
    char *first = format("%s", note);
    char *colon = strrchr(first, ':');
    *second = colon ? colon + 1 : "";
    if (colon) *colon = 0;
    return first;
}

// --- parameters

static const struct {
    const char *note;
    enum passing passing;
    unsigned direction;
} passings[] = {
    {"in", PASS_IN, THUNK_IN},
    {"out", PASS_OUT, THUNK_OUT},
    {"out_always", PASS_OUT_ALWAYS, THUNK_OUT},
    {"inout", PASS_INOUT, THUNK_INOUT},
    {"in_array", PASS_IN_ARRAY, THUNK_IN},
    {"in_bytes", PASS_IN_BYTES, THUNK_IN},
    {"out_bytes", PASS_OUT_BYTES, THUNK_OUT},
    {"inout_bytes", PASS_INOUT_BYTES, THUNK_INOUT},
    {"gptr", PASS_GPTR, THUNK_IN},
    {"in_string", PASS_IN_STRING, THUNK_IN},
    {"in_wstring", PASS_IN_WSTRING, THUNK_IN},
};

static const struct param *find_param(const struct call *call, const char *name, size_t length)
{
    for (unsigned i = 0; i < call->params_n; i++) {
        const struct param *param = &call->params[i];
        if (strlen(param->name) == length && memcmp(param->name, name, length) == 0) return param;
    }
    return NULL;
}

static bool is_integer(CXType type)
{
    enum CXTypeKind kind = clang_getCanonicalType(type).kind;
    return kind == CXType_Enum || (kind >= CXType_Bool && kind <= CXType_ULongLong) ||
           (kind >= CXType_Char_S && kind <= CXType_LongLong);
}

// Reports every name in an extent that is no parameter, and in a count (which the unpacker computes) every
// parameter that isn't a plain number.
static void check_extent(const struct call *call, const struct param *param, const char *text, bool computed)
{
    bool any = false;
    for (const char *p = text; *p;) {
        if (isdigit((unsigned char)*p)) {
            any = true;
            while (isalnum((unsigned char)*p)) p++;
        } else if (isalpha((unsigned char)*p) || *p == '_') {
            const char *end = p;
            while (isalnum((unsigned char)*end) || *end == '_') end++;
            const struct param *named = find_param(call, p, (size_t)(end - p));
            any = true;
            if (!named) {
                error_at(param->where, "%s: the size of parameter '%s' names '%.*s', which is no parameter",
                         call->name, param->name, (int)(end - p), p);
            } else if (computed && !is_integer(named->type)) {
                error_at(param->where, "%s: the size of parameter '%s' needs '%s', which is no number",
                         call->name, param->name, named->name);
            }
            p = end;
        } else if (strchr("+-*/() ", *p)) {
            p++;
        } else {
            error_at(param->where, "%s: the size of parameter '%s' has a '%c'", call->name, param->name,
                     *p++);
        }
    }
    if (!any) error_at(param->where, "%s: parameter '%s' has no size", call->name, param->name);
}

static void read_passing(const struct call *call, struct param *param, const struct notes *notes)
{
    unsigned found = 0;
    const char *by_class = find_note(notes, "by_class");
    for (unsigned i = 0; i < sizeof passings / sizeof *passings; i++) {
        const char *rest = find_note(notes, passings[i].note);
        if (!rest) continue;
        found++;
        param->passing = passings[i].passing;
        param->direction = passings[i].direction;
        if (param->passing == PASS_IN_ARRAY) {
            param->extent = split_note(rest, &param->limit);
        } else if (*rest) {
            param->extent = rest;
        }
    }
    param->optional = find_note(notes, "opt") != NULL;
    if (by_class) {
        if (found > 1 || (found && param->passing > PASS_INOUT)) {
            error_at(param->where, "%s: parameter '%s' has annotations that exclude each other", call->name,
                     param->name);
        } else if (!found) {
            error_at(param->where, "%s: parameter '%s' has BY_CLASS without IN, OUT or INOUT", call->name,
                     param->name);
        }
        param->passing = PASS_BY_CLASS;
        param->class_param = split_note(by_class, &param->extent);
    } else if (found > 1) {
        error_at(param->where, "%s: parameter '%s' has annotations that exclude each other", call->name,
                 param->name);
    }
    bool pointer = is_pointer(param->type);
    if (pointer && param->passing == BY_VALUE) {
        error_at(param->where, "%s: pointer parameter '%s' has no annotation", call->name, param->name);
    } else if (!pointer && (found || by_class || param->optional)) {
        error_at(param->where, "%s: parameter '%s' is annotated as a pointer, but is none", call->name,
                 param->name);
        param->passing = BY_VALUE;
    }
}

// What passes copies of: it must have a size and a host form.
static void check_pointee(const struct call *call, const struct param *param)
{
    if (param->passing < PASS_IN || param->passing > PASS_IN_ARRAY) return;
    CXType pointee = pointee_type(param->type);
    if (clang_Type_getSizeOf(pointee) <= 0 || !host_type(pointee)) {
        error_at(param->where, "%s: parameter '%s' can't be copied: it points to '%s'", call->name,
                 param->name, text_of(clang_getTypeSpelling(pointee)));
    } else if (param->direction & THUNK_OUT && clang_isConstQualifiedType(pointee)) {
        error_at(param->where, "%s: parameter '%s' is written back, but points to const", call->name,
                 param->name);
    }
}

static void read_params(CXCursor function, struct call *call, bool callback)
{
    int n = clang_Cursor_getNumArguments(function);
    for (int i = 0; i < n; i++) {
        CXCursor cursor = clang_Cursor_getArgument(function, (unsigned)i);
        struct param *param = append_slot((void **)&call->params, &call->params_n, sizeof *param);
        param->name = text_of(clang_getCursorSpelling(cursor));
        param->type = clang_getCursorType(cursor);
        param->spelling = text_of(clang_getTypeSpelling(param->type));
        param->where = clang_getCursorLocation(cursor);
        if (!*param->name) {
            error_at(param->where, "%s: parameter %d has no name", call->name, i + 1);
            param->name = format("unnamed%d", i + 1);
        }
        struct notes notes = notes_of(cursor);
        read_passing(call, param, &notes);
        long long size = clang_Type_getSizeOf(param->type);
        if (size <= 0 || !host_type(param->type)) {
            error_at(param->where, "%s: parameter '%s' of type '%s' can't be passed", call->name, param->name,
                     param->spelling);
            size = 4;
        }
        param->slot = call->slots;
        param->slots = (unsigned)(size + 3) / 4;
        call->slots += param->slots;
        check_pointee(call, param);
        if (callback && param->passing != BY_VALUE && param->passing != PASS_GPTR) {
            error_at(param->where, "%s: pointer parameter '%s' of a callback can only be GPTR", call->name,
                     param->name);
        }
    }
    if (call->slots > 255) error_at(call->where, "%s: too many arguments", call->name);
    for (unsigned i = 0; i < call->params_n; i++) {
        struct param *param = &call->params[i];
        if (!param->extent && param->passing >= PASS_IN_BYTES && param->passing <= PASS_INOUT_BYTES)
            param->extent = "";
        if (param->extent) check_extent(call, param, param->extent, param->passing == PASS_IN_ARRAY);
        if (param->class_param && !find_param(call, param->class_param, strlen(param->class_param))) {
            error_at(param->where, "%s: the class of parameter '%s' is '%s', which is no parameter",
                     call->name, param->name, param->class_param);
        }
    }
}

static void check_result(const struct call *call, bool callback)
{
    CXType type = clang_getCanonicalType(call->result);
    if (type.kind == CXType_Void) return;
    long long size = clang_Type_getSizeOf(type);
    bool record = type.kind == CXType_Record;
    if (!host_type(call->result) || size > 8 || (record && (size & (size - 1)))) {
        error_at(call->where, "%s: a result of type '%s' can't be passed", call->name,
                 text_of(clang_getTypeSpelling(call->result)));
    } else if (callback && (type.kind == CXType_Float || type.kind == CXType_Double)) {
        error_at(call->where, "%s: a callback can't return '%s'", call->name,
                 text_of(clang_getTypeSpelling(call->result)));
    }
}

static void read_function(CXCursor cursor, const struct notes *notes, struct interface *interface,
                          bool callback)
{
    const char *name = text_of(clang_getCursorSpelling(cursor));
    struct call **calls = callback ? &interface->callbacks : &interface->calls;
    unsigned *calls_n = callback ? &interface->callbacks_n : &interface->calls_n;
    CXSourceLocation where = clang_getCursorLocation(cursor);
    for (unsigned i = 0; i < *calls_n; i++) {
        if (strcmp((*calls)[i].name, name) == 0) {
            error_at(where, "%s is defined twice", name);
            return;
        }
    }
    if (*calls_n == 1u << THUNK_INTERFACE_SHIFT)
        error_at(where, "%s is one call too many for an interface", name);
    struct call *call = append_slot((void **)calls, calls_n, sizeof *call);
    CXType type = clang_getCursorType(cursor);
    call->name = name;
    call->where = where;
    call->result = clang_getResultType(type);
    call->is_cdecl = clang_getFunctionTypeCallingConv(type) != CXCallingConv_X86StdCall;
    if (find_note(notes, "cdecl") && !call->is_cdecl)
        error_at(where, "%s is declared stdcall elsewhere", name);
    call->varargs = clang_isFunctionTypeVariadic(type);
    if (call->varargs && (callback || !call->is_cdecl))
        error_at(where, "%s: variable arguments need CALL_VARARGS", name);
    read_params(cursor, call, callback);
    check_result(call, callback);
}

// --- definition files

struct enumerator_query {
    const char *name;
    long long value;
    bool found;
};

static void match_enumerator(CXCursor cursor, void *context)
{
    struct enumerator_query *query = context;
    if (clang_getCursorKind(cursor) != CXCursor_EnumConstantDecl) return;
    if (strcmp(text_of(clang_getCursorSpelling(cursor)), query->name) != 0) return;
    query->value = clang_getEnumConstantDeclValue(cursor);
    query->found = true;
}

struct reading {
    struct interface *interface;
    CXCursor last_enum; // CLASS() puts the value of its class into the enum before its typedef
};

static void read_class(CXCursor cursor, struct reading *reading, const char *note)
{
    struct interface *interface = reading->interface;
    struct class_type *class =
        append_slot((void **)&interface->classes, &interface->classes_n, sizeof *class);
    class->call = split_note(note, &class->class_name);
    class->where = clang_getCursorLocation(cursor);
    class->type = clang_getTypedefDeclUnderlyingType(cursor);
    if (clang_Type_getSizeOf(class->type) <= 0)
        error_at(class->where, "class %s has no size", class->class_name);
    struct enumerator_query query = {.name =
                                         format("thunk_class_value_%s_%s", class->call, class->class_name)};
    for_each_child(reading->last_enum, match_enumerator, &query);
    class->value = query.value;
}

static void read_interface(CXCursor cursor, struct interface *interface, const char *note)
{
    const char *number;
    const char *name = split_note(note, &number);
    CXSourceLocation where = clang_getCursorLocation(cursor);
    char *end;
    unsigned long id = strtoul(number, &end, 0);
    if (*end || id >= THUNK_INTERFACES_MAX) {
        error_at(where, "interface number '%s' is none of 0 to %d", number, THUNK_INTERFACES_MAX - 1);
        return;
    }
    if (interface->numbered[id]) {
        error_at(where, "interface number %lu is that of %s already", id, interface->numbered[id]);
    }
    interface->numbered[id] = name;
    interface->name = name;
    interface->id = (unsigned)id;
    interface->interfaces_n++;
}

static void read_declaration(CXCursor cursor, void *context)
{
    struct reading *reading = context;
    struct interface *interface = reading->interface;
    enum CXCursorKind kind = clang_getCursorKind(cursor);
    if (kind == CXCursor_EnumDecl) reading->last_enum = cursor;
    if (kind != CXCursor_FunctionDecl && kind != CXCursor_VarDecl && kind != CXCursor_TypedefDecl) return;
    struct notes notes = notes_of(cursor);
    const char *note;
    if (kind == CXCursor_FunctionDecl) {
        if (find_note(&notes, "call")) read_function(cursor, &notes, interface, false);
        if (find_note(&notes, "callback")) read_function(cursor, &notes, interface, true);
    } else if ((note = find_note(&notes, "interface"))) {
        read_interface(cursor, interface, note);
    } else if ((note = find_note(&notes, "constants"))) {
        *(const char **)append_slot((void **)&interface->constants, &interface->constants_n, sizeof note) =
            note;
    } else if ((note = find_note(&notes, "class"))) {
        read_class(cursor, reading, note);
    } else if (find_note(&notes, "type")) {
        CXType type = clang_getTypedefDeclUnderlyingType(cursor);
        *(CXType *)append_slot((void **)&interface->types, &interface->types_n, sizeof type) = type;
    }
}

static void check_classes(const struct interface *interface)
{
    for (unsigned i = 0; i < interface->classes_n; i++) {
        const struct class_type *class = &interface->classes[i];
        const struct call *call = NULL;
        for (unsigned j = 0; j < interface->calls_n; j++) {
            if (strcmp(interface->calls[j].name, class->call) == 0) call = &interface->calls[j];
        }
        bool by_class = false;
        for (unsigned j = 0; call && j < call->params_n; j++)
            by_class |= call->params[j].passing == PASS_BY_CLASS;
        if (!by_class) {
            error_at(class->where, "CLASS names '%s', which is no call with a BY_CLASS parameter",
                     class->call);
        }
        for (unsigned j = 0; j < i; j++) {
            const struct class_type *other = &interface->classes[j];
            if (other->value == class->value && strcmp(other->call, class->call) == 0) {
                error_at(class->where, "class %s of %s is given twice", class->class_name, class->call);
            }
        }
    }
}

// IN_ARRAY's limits may be any constant expression: clang computes them in a second source.
struct limits {
    struct interface *interface;
};

static void read_limit(CXCursor cursor, void *context)
{
    struct limits *limits = context;
    unsigned call, param;
    const char *name = text_of(clang_getCursorSpelling(cursor));
    if (sscanf(name, "thunk_limit_%u_%u", &call, &param) != 2) return;
    CXEvalResult result = clang_Cursor_Evaluate(cursor);
    if (!result) return;
    if (clang_EvalResult_getKind(result) == CXEval_Int) {
        limits->interface->calls[call].params[param].limit_value = clang_EvalResult_getAsLongLong(result);
    }
    clang_EvalResult_dispose(result);
}

static void evaluate_limits(const struct options *options, struct interface *interface)
{
    const char *text = definitions_source(options);
    bool any = false;
    for (unsigned i = 0; i < interface->calls_n; i++) {
        for (unsigned j = 0; j < interface->calls[i].params_n; j++) {
            const struct param *param = &interface->calls[i].params[j];
            if (param->passing != PASS_IN_ARRAY) continue;
            any = true;
            text = format("%sstatic const long long thunk_limit_%u_%u = (%s);\n", text, i, j, param->limit);
        }
    }
    if (!any) return;
    CXTranslationUnit unit = parse_text(options, text, false, true);
    for_each_child(clang_getTranslationUnitCursor(unit), read_limit, &(struct limits){interface});
    for (unsigned i = 0; i < interface->calls_n; i++) {
        for (unsigned j = 0; j < interface->calls[i].params_n; j++) {
            const struct param *param = &interface->calls[i].params[j];
            if (param->passing == PASS_IN_ARRAY && (param->limit_value <= 0 || param->limit_value > 65536)) {
                error_at(param->where, "%s: the limit of parameter '%s', '%s', is no number from 1 to 65536",
                         interface->calls[i].name, param->name, param->limit);
            }
        }
    }
}

CXTranslationUnit parse_definitions(const struct options *options, bool macros, struct interface *interface)
{
    CXTranslationUnit unit = parse_text(options, definitions_source(options), macros, false);
    types_learn_names(unit);
    struct reading reading = {interface, clang_getNullCursor()};
    for_each_child(clang_getTranslationUnitCursor(unit), read_declaration, &reading);
    check_classes(interface);
    evaluate_limits(options, interface);
    return unit;
}
