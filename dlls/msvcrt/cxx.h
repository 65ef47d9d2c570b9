/* What C++ compilers of Windows put into programs: types, thrown objects, functions' exception tables. */
#pragma once

#include "seh.h"

#ifndef __thiscall
#define __thiscall __attribute__((thiscall))
#endif

struct type_info {
    const void *vtable;
    char *name; /* made by name() */
    char mangled[32];
};

struct this_offsets {
    int displacement;
    int vbase_table; /* -1: no virtual base */
    int vbase_entry;
};

enum { CATCHABLE_SIMPLE = 1, CATCHABLE_BY_REFERENCE = 2, CATCHABLE_VIRTUAL_BASE = 4 };
struct catchable_type {
    unsigned flags;
    const struct type_info *type;
    struct this_offsets offsets;
    unsigned size;
    void *copy;
};
struct catchable_types {
    int count;
    const struct catchable_type *type[5];
};
enum { THROW_CONST = 1, THROW_VOLATILE = 2 };
struct throw_info {
    unsigned flags;
    void *destructor;
    void *handler;
    const struct catchable_types *types;
};

enum {
    CATCH_CONST = 1,
    CATCH_VOLATILE = 2,
    CATCH_REFERENCE = 8,
    CATCH_CXX_ONLY = 0x40, /* catch (...) that leaves the system's exceptions alone */
};
struct catch_block {
    unsigned flags;
    const struct type_info *type; /* NULL or without a name: catch (...) */
    int offset;                   /* of the variable from EBP; 0: none */
    void *handler;
};
struct try_block {
    int first_state, last_state, catch_state;
    int count;
    const struct catch_block *catches;
};
struct unwind_entry {
    int previous;
    void *handler;
};
struct function_info {
    unsigned magic;
    int state_count;
    const struct unwind_entry *unwind;
    int try_count;
    const struct try_block *tries;
    int ip_count;
    const void *ip_map;
    const void *expected; /* from magic + 1 */
    int flags;            /* from magic + 2 */
};
enum { CXX_MAGIC = 0x19930520, CXX_MAGIC_LAST = 0x19930522, FUNCTION_SYNCHRONOUS = 1, FUNCTION_NOEXCEPT = 4 };
#define CXX_EXCEPTION 0xE06D7363u

struct cxx_frame {
    struct cxx_frame *previous;
    void *handler;
    int state;
    int ebp;
};

struct base_class {
    const struct type_info *type;
    int contained;
    struct this_offsets offsets;
    unsigned attributes;
};
struct class_hierarchy {
    unsigned signature, attributes;
    int count;
    const struct base_class *const *bases;
};
struct object_locator {
    unsigned signature;
    int offset; /* of this subobject in the whole */
    unsigned flags;
    const struct type_info *type;
    const struct class_hierarchy *hierarchy;
};

struct cxx_exception { /* class exception of the runtime */
    const void *vtable;
    char *text;
    int owns_text;
};

bool cxx_is_exception(const EXCEPTION_RECORD *record);
void *cxx_this(const struct this_offsets *offsets, void *object);
void __stdcall _CxxThrowException(void *object, const struct throw_info *info) __attribute__((noreturn));
void throw_bad_cast(const char *text) __attribute__((noreturn));
void throw_bad_typeid(const char *text) __attribute__((noreturn));
void throw_non_rtti(const char *text) __attribute__((noreturn));
void cxx_terminate(void) __attribute__((noreturn));
char *undecorate_type(const char *mangled);
void EXPORT operator_delete(void *block);
