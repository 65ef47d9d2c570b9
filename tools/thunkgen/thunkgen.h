// What the parts of thunkgen share: options, the parsed definitions, errors. A run makes one output and ends,
// so nothing that it allocates is ever freed.
#ifndef LOWLAND_THUNKGEN_H
#define LOWLAND_THUNKGEN_H

#include <clang-c/Index.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

// --- memory and errors (memory.c, errors.c)

void *allocate(size_t size);                               // zeroed; ends the run when there is none
void *append_slot(void **array, unsigned *n, size_t size); // a new zeroed element at the end
char *format(const char *format, ...) __attribute__((format(printf, 1, 2))); // a new string
const char *text_of(CXString string);                                        // copies and disposes

// Reports "FILE:LINE: error: ..." and makes the run fail in the end.
void error_at(CXSourceLocation where, const char *format, ...) __attribute__((format(printf, 2, 3)));
void error_in(const char *file, unsigned line, const char *format, ...) __attribute__((format(printf, 3, 4)));
unsigned errors_n(void);
// Reports and ends the run.
_Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));

// A whole file in memory; ends the run when it can't be read.
uint8_t *read_whole_file(const char *path, size_t *size);

// --- parsing (parse.c; clang.c)

struct options {
    const char *output, *depfile, *resource_dir, *dll, *def, *import_library, *exports;
    const char *const *inputs;
    unsigned inputs_n;
    const char **clang; // arguments for clang beyond our own
    unsigned clang_n;
};

// How a parameter is passed.
enum passing {
    BY_VALUE,
    PASS_IN,
    PASS_OUT,
    PASS_OUT_ALWAYS,
    PASS_INOUT,
    PASS_IN_ARRAY,
    PASS_IN_BYTES,
    PASS_OUT_BYTES,
    PASS_INOUT_BYTES,
    PASS_GPTR,
    PASS_IN_STRING,
    PASS_IN_WSTRING,
    PASS_BY_CLASS,
};

struct param {
    const char *name, *spelling; // of the type
    CXType type;
    CXSourceLocation where;
    enum passing passing;
    bool optional;
    unsigned direction;    // enum thunk_direction
    const char *extent;    // the count of an array, the length of bytes; an expression of other parameters
    const char *limit;     // IN_ARRAY: as written
    long long limit_value; // and evaluated
    const char *class_param;
    unsigned slot, slots;
};

struct call {
    const char *name;
    CXType result;
    CXSourceLocation where;
    bool is_cdecl, varargs;
    struct param *params;
    unsigned params_n, slots;
};

struct class_type {
    const char *call, *class_name;
    long long value;
    CXType type;
    CXSourceLocation where;
};

struct interface {
    // The last INTERFACE; several are good for types and constants only.
    const char *name;
    unsigned id, interfaces_n;
    const char *numbered[16]; // the names by number
    struct call *calls, *callbacks;
    unsigned calls_n, callbacks_n;
    struct class_type *classes;
    unsigned classes_n;
    CXType *types; // TYPE()
    unsigned types_n;
    const char **constants; // CONSTANTS()
    unsigned constants_n;
};

// Parses text (a C source) for i686 Windows. Ends the run on any error diagnostic unless tolerant.
CXTranslationUnit parse_text(const struct options *options, const char *text, bool macros, bool tolerant);
// Parses the definition files of options->inputs together and checks them: see error_at.
CXTranslationUnit parse_definitions(const struct options *options, bool macros, struct interface *interface);
// A C source that includes the definition files.
const char *definitions_source(const struct options *options);

// Calls visit for each cursor right below parent.
void for_each_child(CXCursor parent, void (*visit)(CXCursor cursor, void *context), void *context);
void for_each_field(CXType record, void (*visit)(CXCursor field, void *context), void *context);

void write_depfile(const struct options *options, CXTranslationUnit unit);

// --- types (types.c)

bool is_handle(CXType type);
bool is_pointer(CXType type); // and no handle
CXType pointee_type(CXType pointer);
bool is_status(CXType type); // NTSTATUS
bool is_anonymous(CXType type);
CXType without_arrays(CXType type);
// What 64-bit code calls the value type, "uint32_t", "IO_STATUS_BLOCK32"; NULL: it has no such form.
const char *host_type(CXType type);
// A declaration of name with type, arrays included; NULL as above.
const char *host_declaration(CXType type, const char *name);
// Must be called before the functions above meet a structure: learns the names of structures.
void types_learn_names(CXTranslationUnit unit);
const char *record_name(CXType record); // without the 32
// The enum thunk_kind of a value, as written in C.
const char *thunk_kind_of(CXType type);

// --- outputs

void emit_types(FILE *out, const struct interface *interface);
// Finds the types that guest_types.h has; then, whether this enumerator is among them.
void types_collect(const struct interface *interface);
bool types_have_enumerator(const char *name);
void emit_constants(FILE *out, const struct options *options, CXTranslationUnit unit,
                    const struct interface *interface);
void emit_stubs(FILE *out, const struct interface *interface);
void emit_host(FILE *out, const struct interface *interface);
void emit_dispatch(FILE *out, const struct interface *interface);
void emit_metadata(FILE *out, const struct interface *interface); // the tables at the end of dispatch
void emit_callbacks(FILE *out, const struct interface *interface);
const char *host_prototype(const struct call *call);
const char *callback_prototype(const struct call *callback);

#endif
