/* C++ type information and the runtime's own exception classes, with the tables a compiler would make for
 * them. */
#include "cxx.h"

#ifndef EXCEPTION_SCOPE
#define EXCEPTION_SCOPE "@@" /* how the classes' decorated names end: the global namespace */
#endif

/* ---- exception classes ---- */

extern const void *const exception_vtable[],
    *const bad_cast_vtable[], *const bad_typeid_vtable[], *const non_rtti_vtable[], *const type_info_vtable[];

static void set_text(struct cxx_exception *e, const char *text)
{
    e->text = NULL;
    e->owns_text = 0;
    if (!text) return;
    e->text = _strdup(text);
    e->owns_text = e->text != NULL;
}

struct cxx_exception *__thiscall exception_from_text(struct cxx_exception *e, const char **text)
{
    e->vtable = exception_vtable;
    set_text(e, *text);
    return e;
}

/* The text is the caller's for ever. */
struct cxx_exception *__thiscall exception_from_text_noalloc(struct cxx_exception *e, const char **text,
                                                             int unused)
{
    (void)unused;
    e->vtable = exception_vtable;
    e->text = (char *)*text;
    e->owns_text = 0;
    return e;
}

static struct cxx_exception *copy(struct cxx_exception *e, const struct cxx_exception *other,
                                  const void *vtable)
{
    e->vtable = vtable;
    if (other->owns_text) {
        set_text(e, other->text);
    } else {
        e->text = other->text;
        e->owns_text = 0;
    }
    return e;
}

struct cxx_exception *__thiscall exception_copy(struct cxx_exception *e, const struct cxx_exception *other)
{
    return copy(e, other, exception_vtable);
}

struct cxx_exception *__thiscall exception_default(struct cxx_exception *e)
{
    e->vtable = exception_vtable;
    e->text = NULL;
    e->owns_text = 0;
    return e;
}

void __thiscall exception_destroy(struct cxx_exception *e)
{
    e->vtable = exception_vtable;
    if (e->owns_text) free(e->text);
}

struct cxx_exception *__thiscall exception_assign(struct cxx_exception *e, const struct cxx_exception *other)
{
    if (e != other) {
        exception_destroy(e);
        copy(e, other, exception_vtable);
    }
    return e;
}

const char *__thiscall exception_what(const struct cxx_exception *e)
{
    return e->text ? e->text : "Unknown exception";
}

/* Flags: 1 frees, 2 means an array, its count in front of it. */
void *__thiscall exception_vector_delete(struct cxx_exception *e, unsigned flags)
{
    if (flags & 2) {
        int *count = (int *)e - 1;
        for (int i = *count - 1; i >= 0; i--) exception_destroy(e + i);
        operator_delete(count);
    } else {
        exception_destroy(e);
        if (flags & 1) operator_delete(e);
    }
    return e;
}

void *__thiscall exception_scalar_delete(struct cxx_exception *e, unsigned flags)
{
    exception_destroy(e);
    if (flags & 1) operator_delete(e);
    return e;
}

/* The derived classes differ in nothing but their vtables. */
#define DERIVED(name)                                                                                        \
    struct cxx_exception *__thiscall name##_from_text(struct cxx_exception *e, const char *text)             \
    {                                                                                                        \
        set_text(e, text);                                                                                   \
        e->vtable = name##_vtable;                                                                           \
        return e;                                                                                            \
    }                                                                                                        \
    struct cxx_exception *__thiscall name##_from_reference(struct cxx_exception *e, const char **text)       \
    {                                                                                                        \
        return name##_from_text(e, *text);                                                                   \
    }                                                                                                        \
    struct cxx_exception *__thiscall name##_copy(struct cxx_exception *e, const struct cxx_exception *other) \
    {                                                                                                        \
        return copy(e, other, name##_vtable);                                                                \
    }                                                                                                        \
    struct cxx_exception *__thiscall name##_assign(struct cxx_exception *e,                                  \
                                                   const struct cxx_exception *other)                        \
    {                                                                                                        \
        const void *vtable = e->vtable;                                                                      \
        exception_assign(e, other);                                                                          \
        e->vtable = vtable;                                                                                  \
        return e;                                                                                            \
    }                                                                                                        \
    struct cxx_exception *__thiscall name##_default(struct cxx_exception *e)                                 \
    {                                                                                                        \
        return name##_from_text(e, #name[4] == 'c' ? "bad cast" : "bad typeid");                             \
    }
DERIVED(bad_cast)
DERIVED(bad_typeid)
DERIVED(non_rtti)

/* ---- type_info ---- */

void __thiscall type_info_destroy(struct type_info *type)
{
    free(type->name);
    type->name = NULL;
}

void *__thiscall type_info_vector_delete(struct type_info *type, unsigned flags)
{
    if (flags & 2) {
        int *count = (int *)type - 1;
        for (int i = *count - 1; i >= 0; i--) type_info_destroy(type + i);
        operator_delete(count);
    } else {
        type_info_destroy(type);
        if (flags & 1) operator_delete(type);
    }
    return type;
}

int __thiscall type_info_equal(const struct type_info *a, const struct type_info *b)
{
    return !strcmp(a->mangled + 1, b->mangled + 1);
}

int __thiscall type_info_different(const struct type_info *a, const struct type_info *b)
{
    return strcmp(a->mangled + 1, b->mangled + 1) != 0;
}

int __thiscall type_info_before(const struct type_info *a, const struct type_info *b)
{
    return strcmp(a->mangled + 1, b->mangled + 1) < 0;
}

const char *__thiscall type_info_raw_name(const struct type_info *type)
{
    return type->mangled;
}

const char *__thiscall type_info_name(struct type_info *type)
{
    if (!type->name) {
        char *name = undecorate_type(type->mangled);
        if (name && InterlockedCompareExchangePointer((void **)&type->name, name, NULL)) free(name);
    }
    return type->name;
}

/* ---- the tables ---- */

static struct type_info exception_type = {type_info_vtable, NULL, ".?AVexception" EXCEPTION_SCOPE};
static struct type_info bad_cast_type = {type_info_vtable, NULL, ".?AVbad_cast" EXCEPTION_SCOPE};
static struct type_info bad_typeid_type = {type_info_vtable, NULL, ".?AVbad_typeid" EXCEPTION_SCOPE};
static struct type_info non_rtti_type = {type_info_vtable, NULL, ".?AV__non_rtti_object" EXCEPTION_SCOPE};
static struct type_info type_info_type = {type_info_vtable, NULL, ".?AVtype_info@@"};

#define NO_OFFSETS                                                                                           \
    {                                                                                                        \
        0, -1, 0                                                                                             \
    }
static const struct base_class exception_base = {&exception_type, 0, NO_OFFSETS, 0};
static const struct base_class bad_cast_base = {&bad_cast_type, 1, NO_OFFSETS, 0};
static const struct base_class bad_typeid_base = {&bad_typeid_type, 1, NO_OFFSETS, 0};
static const struct base_class non_rtti_base = {&non_rtti_type, 2, NO_OFFSETS, 0};
static const struct base_class type_info_base = {&type_info_type, 0, NO_OFFSETS, 0};

#define CLASS(name, ...)                                                                                     \
    static const struct base_class *const name##_bases[] = {__VA_ARGS__};                                    \
    static const struct class_hierarchy name##_hierarchy = {0, 0, ARRAY_SIZE(name##_bases), name##_bases};   \
    const struct object_locator name##_locator = {0, 0, 0, &name##_type, &name##_hierarchy}
CLASS(exception, &exception_base);
CLASS(bad_cast, &bad_cast_base, &exception_base);
CLASS(bad_typeid, &bad_typeid_base, &exception_base);
CLASS(non_rtti, &non_rtti_base, &bad_typeid_base, &exception_base);
CLASS(type_info, &type_info_base);

/* ---- throwing them ---- */

#define CATCHABLE(name)                                                                                      \
    static const struct catchable_type name##_catch = {0, &name##_type, NO_OFFSETS,                          \
                                                       sizeof(struct cxx_exception), (void *)name##_copy}
CATCHABLE(exception);
CATCHABLE(bad_cast);
CATCHABLE(bad_typeid);
CATCHABLE(non_rtti);
static const struct catchable_types bad_cast_types = {2, {&bad_cast_catch, &exception_catch}};
static const struct catchable_types bad_typeid_types = {2, {&bad_typeid_catch, &exception_catch}};
static const struct catchable_types non_rtti_types = {3,
                                                      {&non_rtti_catch, &bad_typeid_catch, &exception_catch}};
#define THROWER(name)                                                                                        \
    void throw_##name(const char *text)                                                                      \
    {                                                                                                        \
        static const struct throw_info info = {0, (void *)exception_destroy, NULL, &name##_types};           \
        struct cxx_exception e;                                                                              \
        name##_from_text(&e, text);                                                                          \
        _CxxThrowException(&e, &info);                                                                       \
    }
THROWER(bad_cast)
THROWER(bad_typeid)
THROWER(non_rtti)

/* ---- dynamic types ---- */

static const struct object_locator *locator_of(void *object)
{
    const struct object_locator **vtable = *(const struct object_locator ***)object;
    const struct object_locator *locator;

    if (IsBadReadPtr(vtable - 1, sizeof(*vtable))) return NULL;
    locator = vtable[-1];
    return IsBadReadPtr(locator, sizeof(*locator)) ? NULL : locator;
}

const struct type_info *EXPORT __RTtypeid(void *object)
{
    const struct object_locator *locator;

    if (!object) throw_bad_typeid("Attempted a typeid of NULL pointer!");
    if (IsBadReadPtr(object, sizeof(void *)) || !(locator = locator_of(object)))
        throw_non_rtti("Bad read pointer - no RTTI data!");
    return locator->type;
}

void *EXPORT __RTCastToVoid(void *object)
{
    const struct object_locator *locator;

    if (!object) return NULL;
    if (IsBadReadPtr(object, sizeof(void *)) || !(locator = locator_of(object)))
        throw_non_rtti("Access violation - no RTTI data!");
    return (char *)object - locator->offset;
}

void *EXPORT __RTDynamicCast(void *object, int offset, const struct type_info *source,
                             const struct type_info *target, int reference)
{
    const struct object_locator *locator;

    (void)source, (void)offset;
    if (!object) return NULL;
    if (IsBadReadPtr(object, sizeof(void *)) || !(locator = locator_of(object)))
        throw_non_rtti("Access violation - no RTTI data!");
    for (int i = 0; i < locator->hierarchy->count; i++) {
        const struct base_class *base = locator->hierarchy->bases[i];
        if (base->type == target || !strcmp(base->type->mangled, target->mangled))
            return cxx_this(&base->offsets, (char *)object - locator->offset);
    }
    if (reference) throw_bad_cast("Bad dynamic_cast!");
    return NULL;
}
