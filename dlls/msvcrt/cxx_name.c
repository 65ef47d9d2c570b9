/*
 * Decorated C++ names in readable form: __unDName and type_info::name. A recursive descent over Microsoft's
 * scheme; what isn't understood leaves the name as it is.
 */
#include "cxx.h"

enum {
    NAME_NO_UNDERSCORES = 0x0001,
    NAME_NO_KEYWORDS = 0x0002,
    NAME_NO_RETURNS = 0x0004,
    NAME_NO_LANGUAGE = 0x0010,
    NAME_NO_MS_THIS = 0x0020,
    NAME_NO_CV_THIS = 0x0040,
    NAME_NO_ACCESS = 0x0080,
    NAME_NO_MEMBER = 0x0200,
    NAME_NO_UDT = 0x0400,
    NAME_ONLY = 0x1000,
    NAME_TYPE = 0x2000, /* it is a type, not a symbol */
};
enum { REMEMBERED = 10, DEPTH = 64, ARENA = 32768 };

struct reader {
    const char *p;
    unsigned flags;
    bool bad;
    int depth;
    const char *names[REMEMBERED], *types[REMEMBERED]; /* what a digit repeats */
    int name_count, type_count;
    char *arena;
    size_t used;
};

/* A type around a name: "int (__cdecl*" name ")(void)" */
struct type_text {
    const char *left, *right;
};

enum symbol_kind { PLAIN, CONSTRUCTOR, DESTRUCTOR, CONVERSION, RTTI_TYPE };

static const char *read_symbol(struct reader *r);
static const char *read_operator(struct reader *r, enum symbol_kind *kind);
static struct type_text read_type(struct reader *r, bool argument);

/* The parts up to NULL as one string in the arena. */
static const char *join(struct reader *r, ...)
{
    char *start = r->arena + r->used;
    const char *part;
    va_list parts;

    va_start(parts, r);
    while ((part = va_arg(parts, const char *))) {
        size_t n = strlen(part);
        if (r->used + n + 1 > ARENA) {
            r->bad = true;
            break;
        }
        memcpy(r->arena + r->used, part, n);
        r->used += n;
    }
    va_end(parts);
    if (r->used >= ARENA) return "";
    r->arena[r->used++] = 0;
    return start;
}

static const char *fail(struct reader *r)
{
    r->bad = true;
    return "";
}

/* How much of a keyword's beginning is left out. */
static int underscores(const struct reader *r)
{
    return r->flags & NAME_NO_UNDERSCORES ? 2 : 0;
}

static bool take(struct reader *r, char c)
{
    if (*r->p != c) return false;
    r->p++;
    return true;
}

static void remember_name(struct reader *r, const char *name)
{
    if (r->name_count < REMEMBERED) r->names[r->name_count++] = name;
}

/* [?](digit | letters A…P @) */
static const char *read_number(struct reader *r)
{
    bool negative = take(r, '?');
    uint64_t value = 0;
    char digits[24], *p = digits + sizeof(digits);

    if (*r->p >= '0' && *r->p <= '9') {
        value = *r->p++ - '0' + 1;
    } else {
        while (*r->p >= 'A' && *r->p <= 'P') value = value * 16 + (*r->p++ - 'A');
        if (!take(r, '@')) return fail(r);
    }
    *--p = 0;
    do *--p = '0' + value % 10;
    while ((value /= 10));
    return join(r, negative ? "-" : "", p, NULL);
}

static const char *whole(struct reader *r, struct type_text type)
{
    return join(r, type.left, type.right, NULL);
}

/* Arguments and their end: '@', or 'Z' for "..."; X alone is void. */
static const char *read_arguments(struct reader *r, bool template)
{
    const char *list = "";
    bool first = true;

    if (!template && take(r, 'X')) return "void";
    while (*r->p && *r->p != '@' && !r->bad) {
        const char *one;
        if (!template && *r->p == 'Z') {
            r->p++;
            return join(r, list, first ? "..." : ",...", NULL);
        }
        if (template && *r->p == '$' && r->p[1] == '0') {
            r->p += 2;
            one = read_number(r);
        } else if (template && *r->p == '$' && r->p[1] == '1') {
            r->p += 2;
            one = take(r, '@') ? "NULL" : join(r, "&", read_symbol(r), NULL);
        } else if (template && *r->p == '$' && (r->p[1] == 'D' || r->p[1] == 'Q')) {
            bool plain = r->p[1] == 'D';
            r->p += 2;
            one = join(r, plain ? "`template-parameter" : "`non-type-template-parameter", read_number(r), "'",
                       NULL);
        } else if (template && *r->p == '?') {
            r->p++;
            one = join(r, "`template-parameter-", read_number(r), "'", NULL);
        } else {
            one = whole(r, read_type(r, true));
        }
        list = first ? one : join(r, list, ",", one, NULL);
        first = false;
    }
    /* A bare template name may end without it. */
    return take(r, '@') || (template && !*r->p) ? list : fail(r);
}

/* The characters up to '@'. */
static const char *read_identifier(struct reader *r)
{
    char part[512];
    size_t n;

    for (n = 0; r->p[n] && r->p[n] != '@'; n++)
        if (r->p[n] == '.' || r->p[n] == '?') return fail(r);
    if (!r->p[n] || !n || n >= sizeof(part)) return fail(r);
    memcpy(part, r->p, n);
    part[n] = 0;
    r->p += n + 1;
    return join(r, part, NULL);
}

/* "name@args@" behind "?$": a scope of its own for what digits repeat. */
static const char *read_template(struct reader *r)
{
    struct reader outer = *r;
    const char *name, *arguments, *text;
    size_t n;

    r->name_count = r->type_count = 0;
    if (take(r, '?')) {
        enum symbol_kind kind;
        name = read_operator(r, &kind);
        if (kind != PLAIN) return fail(r);
    } else {
        name = read_identifier(r);
        remember_name(r, name);
    }
    arguments = read_arguments(r, true);
    n = strlen(arguments);
    text = join(r, name, "<", arguments, n && arguments[n - 1] == '>' ? " >" : ">", NULL);
    r->name_count = outer.name_count;
    r->type_count = outer.type_count;
    memcpy(r->names, outer.names, sizeof(r->names));
    memcpy(r->types, outer.types, sizeof(r->types));
    return text;
}

/* One part of a qualified name. */
static const char *read_part(struct reader *r)
{
    const char *name;

    if (*r->p >= '0' && *r->p <= '9') {
        int index = *r->p++ - '0';
        return index < r->name_count ? r->names[index] : fail(r);
    }
    if (*r->p == '?') {
        r->p++;
        if (take(r, '$')) {
            name = read_template(r);
            remember_name(r, name);
            return name;
        }
        if (*r->p == 'A') { /* ?A0x12345678@ */
            while (*r->p && *r->p != '@') r->p++;
            if (!take(r, '@')) return fail(r);
            remember_name(r, "`anonymous namespace'");
            return "`anonymous namespace'";
        }
        if (*r->p == '?') { /* a function as scope */
            struct reader outer = *r;
            const char *symbol;
            r->name_count = r->type_count = 0;
            symbol = read_symbol(r);
            r->name_count = outer.name_count;
            r->type_count = outer.type_count;
            memcpy(r->names, outer.names, sizeof(r->names));
            memcpy(r->types, outer.types, sizeof(r->types));
            return join(r, "`", symbol, "'", NULL);
        }
        return join(r, "`", read_number(r), "'", NULL);
    }
    name = read_identifier(r);
    remember_name(r, name);
    return name;
}

/* The scopes up to '@', outermost first; *INNER gets the innermost's own name. */
static const char *read_scopes(struct reader *r, const char **inner)
{
    const char *text = NULL;

    *inner = "";
    while (*r->p && *r->p != '@' && !r->bad) {
        const char *part = read_part(r);
        if (!text) *inner = part;
        text = text ? join(r, part, "::", text, NULL) : part;
    }
    if (!take(r, '@')) return fail(r);
    return text;
}

static const char *read_class_name(struct reader *r)
{
    const char *inner, *text = read_scopes(r, &inner);
    return text ? text : fail(r);
}

static const char *read_convention(struct reader *r)
{
    static const char *const conventions[] = {"__cdecl",    "__pascal", "__thiscall", "__stdcall",
                                              "__fastcall", "",         "__clrcall"};
    char c = *r->p++;

    if (c < 'A' || c > 'N') return fail(r);
    if (r->flags & (NAME_NO_LANGUAGE | NAME_NO_KEYWORDS)) return "";
    c = (c - 'A') / 2;
    return conventions[(int)c] + (*conventions[(int)c] ? underscores(r) : 0);
}

/* A pointer that is const says so itself: what points at it says it again. */
static bool ends_with(const char *text, const char *tail)
{
    size_t n = strlen(text), t = strlen(tail);
    return n >= t && !strcmp(text + n - t, tail) && strchr(text, '*');
}

static const char *const qualifiers[] = {"", " const", " volatile", " const volatile"};

/* The pointer's own qualifiers: E __ptr64, I __restrict; then A…D. */
static int read_qualifier(struct reader *r, const char **extra)
{
    *extra = "";
    for (;; r->p++) {
        if (*r->p == 'E')
            *extra = r->flags & NAME_NO_KEYWORDS      ? ""
                     : r->flags & NAME_NO_UNDERSCORES ? " ptr64"
                                                      : " __ptr64";
        else if (*r->p != 'I' && *r->p != 'F')
            break;
    }
    if (*r->p < 'A' || *r->p > 'D') return -1;
    return *r->p++ - 'A';
}

/* Behind 6 or 8: [class] [this qualifier] convention, return type, arguments; DECLARATOR such as "*const". */
static struct type_text read_function_type(struct reader *r, const char *owner, const char *declarator)
{
    static const char *const behind[] = {"", "const ", "volatile ", "const volatile "};
    const char *convention, *arguments, *extra = "", *this_text = "";
    struct type_text result = {"", ""}, type;

    if (owner) {
        int this_qualifier = read_qualifier(r, &extra);
        if (this_qualifier < 0) return (struct type_text){fail(r), ""};
        this_text = behind[this_qualifier];
    }
    convention = read_convention(r);
    type = take(r, '@') ? (struct type_text){"", ""} : read_type(r, false);
    arguments = read_arguments(r, false);
    take(r, 'Z'); /* no exception specification */
    result.left = join(r, type.left, *type.left ? " " : "", "(", convention, owner ? " " : "",
                       owner ? owner : "", owner ? "::" : "", declarator, NULL);
    result.right = join(r, ")(", arguments, ")", this_text, type.right, NULL);
    return result;
}

/* "1BE@BO@" as "[20][30]" */
static const char *read_dimensions(struct reader *r)
{
    const char *sizes = "";
    int count = *r->p >= '0' && *r->p <= '9' ? *r->p++ - '0' + 1 : 0;

    if (!count) return fail(r);
    while (count--) sizes = join(r, sizes, "[", read_number(r), "]", NULL);
    return sizes;
}

/* Behind P, Q, R, S, A, B: what is pointed at. */
static struct type_text read_pointer(struct reader *r, const char *sign, const char *own)
{
    struct type_text target;
    const char *extra;
    int qualifier;

    if (*r->p == '6') {
        r->p++;
        return read_function_type(r, NULL, join(r, sign, *own == ' ' ? own + 1 : own, NULL));
    }
    if (*r->p == '8') {
        const char *owner;
        r->p++;
        owner = read_class_name(r);
        return read_function_type(r, owner, join(r, sign, *own == ' ' ? own + 1 : own, NULL));
    }
    qualifier = read_qualifier(r, &extra);
    if (qualifier < 0 && *r->p >= 'Q' && *r->p <= 'T') { /* to a member */
        const char *owner;
        qualifier = *r->p++ - 'Q';
        owner = read_class_name(r);
        target = read_type(r, false);
        target.left = join(r, target.left, qualifiers[qualifier], " ", owner, "::", sign, extra, own, NULL);
        return target;
    }
    if (qualifier < 0) return (struct type_text){fail(r), ""};
    if (*r->p == 'Y') { /* to an array: (*)[2][3] */
        const char *sizes;
        r->p++;
        sizes = read_dimensions(r);
        target = read_type(r, false);
        return (struct type_text){join(r, target.left, qualifiers[qualifier], " (", sign, own, NULL),
                                  join(r, ")", sizes, target.right, NULL)};
    }
    target = read_type(r, false);
    target.left =
        join(r, target.left, ends_with(target.left, qualifiers[qualifier]) ? "" : qualifiers[qualifier], " ",
             sign, extra, own, NULL);
    return target;
}

static const char *named(struct reader *r, const char *kind)
{
    const char *name = read_class_name(r);
    return r->flags & NAME_NO_UDT ? name : join(r, kind, name, NULL);
}

static struct type_text read_type_inner(struct reader *r)
{
    static const char *const simple[] = {
        ['C'] = "signed char",    ['D'] = "char",  ['E'] = "unsigned char", ['F'] = "short",
        ['G'] = "unsigned short", ['H'] = "int",   ['I'] = "unsigned int",  ['J'] = "long",
        ['K'] = "unsigned long",  ['M'] = "float", ['N'] = "double",        ['O'] = "long double",
        ['X'] = "void",           ['Z'] = "..."};
    static const char *const extended[] = {
        ['D'] = "__int8",   ['E'] = "unsigned __int8",   ['F'] = "__int16", ['G'] = "unsigned __int16",
        ['H'] = "__int32",  ['I'] = "unsigned __int32",  ['J'] = "__int64", ['K'] = "unsigned __int64",
        ['L'] = "__int128", ['M'] = "unsigned __int128", ['N'] = "bool",    ['Q'] = "char8_t",
        ['S'] = "char16_t", ['U'] = "char32_t",          ['W'] = "wchar_t"};
    unsigned char c = *r->p++;

    if (c < ARRAY_SIZE(simple) && simple[c]) return (struct type_text){simple[c], ""};
    switch (c) {
    case '_':
        c = *r->p++;
        if (c == '$') return (struct type_text){join(r, "__w64 ", whole(r, read_type(r, false)), NULL), ""};
        if (c < ARRAY_SIZE(extended) && extended[c]) return (struct type_text){extended[c], ""};
        break;
    case 'T': return (struct type_text){named(r, "union "), ""};
    case 'U': return (struct type_text){named(r, "struct "), ""};
    case 'V': return (struct type_text){named(r, "class "), ""};
    case 'Y': return (struct type_text){named(r, "cointerface "), ""};
    case 'W':
        if (*r->p < '0' || *r->p > '7') break;
        r->p++;
        return (struct type_text){named(r, "enum "), ""};
    case 'A': return read_pointer(r, "&", "");
    case 'B': return read_pointer(r, "&", " volatile");
    case 'P': return read_pointer(r, "*", "");
    case 'Q': return read_pointer(r, "*", " const");
    case 'R': return read_pointer(r, "*", " volatile");
    case 'S': return read_pointer(r, "*", " const volatile");
    case '?': { /* by value, with qualifiers */
        const char *extra;
        int qualifier = read_qualifier(r, &extra);
        struct type_text type;
        if (qualifier < 0) break;
        type = read_type(r, false);
        type.left = join(r, type.left, qualifiers[qualifier], NULL);
        return type;
    }
    case '$':
        if (r->p[0] != '$') break;
        r->p += 2;
        switch (r->p[-1]) {
        case 'Q': return read_pointer(r, "&&", "");
        case 'T': return (struct type_text){"std::nullptr_t", ""};
        case 'A':
            if (!take(r, '6')) break;
            return read_function_type(r, NULL, "");
        case 'B':
            if (take(r, 'Y')) {
                const char *sizes = read_dimensions(r);
                struct type_text type = read_type(r, false);
                return (struct type_text){join(r, type.left, " ", NULL), join(r, sizes, type.right, NULL)};
            }
            return read_type(r, false);
        case 'C': {
            const char *extra;
            int qualifier = read_qualifier(r, &extra);
            struct type_text type;
            if (qualifier < 0) break;
            type = read_type(r, false);
            type.left = join(r, type.left, qualifiers[qualifier], NULL);
            return type;
        }
        }
        break;
    }
    return (struct type_text){fail(r), ""};
}

static struct type_text read_type(struct reader *r, bool argument)
{
    const char *start = r->p;
    struct type_text type;

    if (r->bad || ++r->depth > DEPTH) return (struct type_text){fail(r), ""};
    if (argument && *r->p >= '0' && *r->p <= '9') {
        int index = *r->p++ - '0';
        type = (struct type_text){index < r->type_count ? r->types[index] : fail(r), ""};
    } else {
        type = read_type_inner(r);
        if (argument && r->p - start > 1 && r->type_count < REMEMBERED)
            r->types[r->type_count++] = whole(r, type);
    }
    r->depth--;
    return type;
}

/* ---- symbols ---- */

static const char *const operators[] = {
    ['2'] = "operator new", ['3'] = "operator delete", ['4'] = "operator=",  ['5'] = "operator>>",
    ['6'] = "operator<<",   ['7'] = "operator!",       ['8'] = "operator==", ['9'] = "operator!=",
    ['A'] = "operator[]",   ['C'] = "operator->",      ['D'] = "operator*",  ['E'] = "operator++",
    ['F'] = "operator--",   ['G'] = "operator-",       ['H'] = "operator+",  ['I'] = "operator&",
    ['J'] = "operator->*",  ['K'] = "operator/",       ['L'] = "operator%",  ['M'] = "operator<",
    ['N'] = "operator<=",   ['O'] = "operator>",       ['P'] = "operator>=", ['Q'] = "operator,",
    ['R'] = "operator()",   ['S'] = "operator~",       ['T'] = "operator^",  ['U'] = "operator|",
    ['V'] = "operator&&",   ['W'] = "operator||",      ['X'] = "operator*=", ['Y'] = "operator+=",
    ['Z'] = "operator-="};
static const char *const specials[] = {['0'] = "operator/=",
                                       ['1'] = "operator%=",
                                       ['2'] = "operator>>=",
                                       ['3'] = "operator<<=",
                                       ['4'] = "operator&=",
                                       ['5'] = "operator|=",
                                       ['6'] = "operator^=",
                                       ['7'] = "`vftable'",
                                       ['8'] = "`vbtable'",
                                       ['9'] = "`vcall'",
                                       ['A'] = "`typeof'",
                                       ['B'] = "`local static guard'",
                                       ['C'] = "`string'",
                                       ['D'] = "`vbase destructor'",
                                       ['E'] = "`vector deleting destructor'",
                                       ['F'] = "`default constructor closure'",
                                       ['G'] = "`scalar deleting destructor'",
                                       ['H'] = "`vector constructor iterator'",
                                       ['I'] = "`vector destructor iterator'",
                                       ['J'] = "`vector vbase constructor iterator'",
                                       ['K'] = "`virtual displacement map'",
                                       ['L'] = "`eh vector constructor iterator'",
                                       ['M'] = "`eh vector destructor iterator'",
                                       ['N'] = "`eh vector vbase constructor iterator'",
                                       ['O'] = "`copy constructor closure'",
                                       ['S'] = "`local vftable'",
                                       ['T'] = "`local vftable constructor closure'",
                                       ['U'] = "operator new[]",
                                       ['V'] = "operator delete[]",
                                       ['X'] = "`placement delete closure'",
                                       ['Y'] = "`placement delete[] closure'"};

/* What "??" introduces; constructors and conversions get their text from what follows. */
static const char *read_operator(struct reader *r, enum symbol_kind *kind)
{
    unsigned char c = *r->p++;

    *kind = PLAIN;
    if (c == '0') return *kind = CONSTRUCTOR, "";
    if (c == '1') return *kind = DESTRUCTOR, "";
    if (c == 'B') return *kind = CONVERSION, "operator ";
    if (c == '$') {
        return read_template(r); /* a function's: no digit repeats it */
    }
    if (c != '_') return c < ARRAY_SIZE(operators) && operators[c] ? operators[c] : fail(r);
    c = *r->p++;
    if (c == 'R') {
        const char *a, *b, *d;
        switch (*r->p++) {
        case '0': {
            const char *type = whole(r, read_type(r, false));
            *kind = RTTI_TYPE;
            return join(r, type, " `RTTI Type Descriptor'", NULL);
        }
        case '1':
            a = read_number(r);
            b = read_number(r);
            d = read_number(r);
            return join(r, "`RTTI Base Class Descriptor at (", a, ",", b, ",", d, ",", read_number(r), ")'",
                        NULL);
        case '2': return "`RTTI Base Class Array'";
        case '3': return "`RTTI Class Hierarchy Descriptor'";
        case '4': return "`RTTI Complete Object Locator'";
        }
        return fail(r);
    }
    return c < ARRAY_SIZE(specials) && specials[c] ? specials[c] : fail(r);
}

static const char *read_function(struct reader *r, const char *name, enum symbol_kind kind)
{
    static const char *const access[] = {"private: ", "protected: ", "public: "};
    static const char *const this_texts[] = {"", "const ", "volatile ", "const volatile "};
    unsigned code = *r->p++ - 'A';
    const char *before = "", *member = "", *adjust = "", *this_text = "", *convention, *arguments,
               *extra = "";
    struct type_text type = {"", ""};
    bool global = code >= 24;

    if (!global) {
        if (!(r->flags & NAME_NO_ACCESS)) before = access[code / 8];
        if (!(r->flags & NAME_NO_MEMBER))
            member = code % 8 / 2 == 1 ? "static " : code % 8 / 2 >= 2 ? "virtual " : "";
        if (code % 8 >= 6) {
            adjust = join(r, "`adjustor{", read_number(r), "}' ", NULL);
            before = join(r, "[thunk]:", before, NULL);
        }
        if (code % 8 / 2 != 1) {
            int qualifier = read_qualifier(r, &extra);
            if (qualifier < 0) return fail(r);
            this_text = r->flags & NAME_NO_CV_THIS ? "" : this_texts[qualifier];
            if (*extra && !(r->flags & NAME_NO_MS_THIS)) this_text = join(r, this_text, extra + 1, NULL);
        }
    }
    convention = read_convention(r);
    if (!take(r, '@')) type = read_type(r, false);
    arguments = read_arguments(r, false);
    take(r, 'Z');
    if (kind == CONVERSION) {
        name = join(r, name, whole(r, type), NULL);
        type = (struct type_text){"", ""};
    }
    if (r->flags & NAME_NO_RETURNS) type = (struct type_text){"", ""};
    if (r->flags & NAME_ONLY) return name;
    return join(r, before, member, type.left, *type.left && !*type.right ? " " : "", convention,
                *convention ? " " : "", name, adjust, "(", arguments, ")", this_text, type.right, NULL);
}

static const char *read_data(struct reader *r, const char *name)
{
    static const char *const access[] = {"private: ", "protected: ", "public: "};
    char code = *r->p++;
    struct type_text type;
    const char *extra, *before;
    int qualifier;

    if (code > '5') {
        qualifier = read_qualifier(r, &extra);
        if (code == '8' || code == '9') return name;
        if (qualifier < 0) return fail(r);
        before = qualifier & 1 ? "const " : "";
        if (*r->p && *r->p != '@') { /* of which base */
            const char *base = "";
            while (*r->p && *r->p != '@' && !r->bad)
                base = join(r, base, *base ? "s " : "", "`", read_class_name(r), "'", NULL);
            name = join(r, name, "{for ", base, "}", NULL);
            take(r, '@');
        }
        return r->flags & NAME_ONLY ? name : join(r, before, name, NULL);
    }
    if (code == '5') return join(r, name, "{", read_number(r), "}'", NULL);
    type = read_type(r, false);
    qualifier = read_qualifier(r, &extra);
    if (qualifier < 0 && *r->p >= 'Q' && *r->p <= 'T') { /* a pointer to a member names its class again */
        qualifier = *r->p++ - 'Q';
        read_class_name(r);
    }
    if (qualifier < 0) return fail(r);
    if (r->flags & NAME_ONLY) return name;
    before = code <= '2' && !(r->flags & NAME_NO_ACCESS) ? access[code - '0'] : "";
    return join(r, before, code <= '2' && !(r->flags & NAME_NO_MEMBER) ? "static " : "", type.left, extra,
                qualifiers[qualifier], " ", name, type.right, NULL);
}

static const char *read_symbol(struct reader *r)
{
    enum symbol_kind kind = PLAIN;
    const char *own, *scopes, *inner, *name;

    if (++r->depth > DEPTH || !take(r, '?')) return fail(r);
    if (take(r, '$')) return read_template(r);
    if (*r->p == '?' && r->p[1] != '?') {
        r->p++;
        own = read_operator(r, &kind);
    } else {
        own = read_part(r);
    }
    scopes = kind == RTTI_TYPE && *r->p == '@' ? (r->p++, NULL) : read_scopes(r, &inner);
    if (kind == CONSTRUCTOR) own = inner;
    if (kind == DESTRUCTOR) own = join(r, "~", inner, NULL);
    name = scopes ? join(r, scopes, "::", own, NULL) : own;
    r->depth--;
    if (r->bad) return "";
    if (*r->p >= '0' && *r->p <= '9') return read_data(r, name);
    if (*r->p >= 'A' && *r->p <= 'Z') return read_function(r, name, kind);
    return *r->p ? fail(r) : name;
}

/*
 * The readable form of MANGLED, by FLAGS: in OUT if that isn't NULL (at most SIZE bytes), else from ALLOCATE.
 * The decorated name itself where it isn't understood.
 */
char *EXPORT __unDName(char *out, const char *mangled, int size, void *(EXPORT *allocate)(size_t),
                       void(EXPORT *release)(void *), unsigned short flags)
{
    struct reader r = {.p = mangled, .flags = flags};
    const char *text;
    size_t n;

    (void)release;
    r.arena = malloc(ARENA);
    if (!r.arena) return NULL;
    text = flags & NAME_TYPE ? whole(&r, read_type(&r, false)) : read_symbol(&r);
    if (r.bad || *r.p) text = mangled;
    n = strlen(text) + 1;
    if (!out) {
        out = allocate(n);
    } else if (n > (size_t)size) {
        n = size;
    }
    if (out && n) {
        memcpy(out, text, n);
        out[n - 1] = 0;
    }
    free(r.arena);
    return out;
}

char *EXPORT __unDNameEx(char *out, const char *mangled, int size, void *(EXPORT *allocate)(size_t),
                         void(EXPORT *release)(void *), void *unused, unsigned short flags)
{
    (void)unused;
    return __unDName(out, mangled, size, allocate, release, flags);
}

/* malloc'ed: ".?AVname@@" as "class name" */
char *undecorate_type(const char *mangled)
{
    return __unDName(NULL, mangled + 1, 0, malloc, free, NAME_TYPE | 0x800);
}
