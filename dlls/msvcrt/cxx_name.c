/* The readable form of a decorated type name, as type_info::name gives it. */
#include "cxx.h"

struct reader {
    const char *p;
    char *out;
    size_t room;
    bool bad;
    const char *seen[10]; /* name parts that a digit may repeat */
    int seen_count;
};

static void put(struct reader *r, const char *text, size_t n)
{
    if (n >= r->room) {
        r->bad = true;
        return;
    }
    memcpy(r->out, text, n);
    r->out += n;
    r->room -= n;
    *r->out = 0;
}

static void put_string(struct reader *r, const char *text)
{
    put(r, text, strlen(text));
}

/* "inner@outer@@" → "outer::inner" */
static void read_name(struct reader *r)
{
    const char *part[16];
    size_t length[16];
    int count = 0;

    while (*r->p && *r->p != '@' && count < 16) {
        if (*r->p >= '0' && *r->p <= '9') {
            int index = *r->p++ - '0';
            if (index >= r->seen_count) {
                r->bad = true;
                return;
            }
            part[count] = r->seen[index];
            length[count] = strchr(part[count], '@') - part[count];
        } else {
            const char *end;
            if (*r->p == '?') { /* templates and operators: left as they are */
                r->bad = true;
                return;
            }
            end = strchr(r->p, '@');
            if (!end) {
                r->bad = true;
                return;
            }
            part[count] = r->p;
            length[count] = end - r->p;
            if (r->seen_count < 10) r->seen[r->seen_count++] = r->p;
            r->p = end + 1;
        }
        count++;
    }
    if (*r->p != '@') {
        r->bad = true;
        return;
    }
    r->p++;
    for (int i = count - 1; i >= 0; i--) {
        put(r, part[i], length[i]);
        if (i) put_string(r, "::");
    }
}

static void read_type(struct reader *r)
{
    static const char *const simple[] = {
        ['C'] = "signed char",  ['D'] = "char",           ['E'] = "unsigned char",
        ['F'] = "short",        ['G'] = "unsigned short", ['H'] = "int",
        ['I'] = "unsigned int", ['J'] = "long",           ['K'] = "unsigned long",
        ['M'] = "float",        ['N'] = "double",         ['O'] = "long double",
        ['X'] = "void"};
    static const char *const extended[] = {
        ['D'] = "__int8",  ['E'] = "unsigned __int8",  ['F'] = "__int16", ['G'] = "unsigned __int16",
        ['H'] = "__int32", ['I'] = "unsigned __int32", ['J'] = "__int64", ['K'] = "unsigned __int64",
        ['N'] = "bool",    ['W'] = "wchar_t"};
    unsigned char c = *r->p++;
    static const char *const qualifier[] = {"", " const", " volatile", " const volatile"};

    if (c < ARRAY_SIZE(simple) && simple[c]) {
        put_string(r, simple[c]);
        return;
    }
    switch (c) {
    case '_':
        c = *r->p++;
        if (c < ARRAY_SIZE(extended) && extended[c])
            put_string(r, extended[c]);
        else
            r->bad = true;
        break;
    case 'T': put_string(r, "union "), read_name(r); break;
    case 'U': put_string(r, "struct "), read_name(r); break;
    case 'V': put_string(r, "class "), read_name(r); break;
    case 'W':
        if (*r->p++ != '4') r->bad = true;
        put_string(r, "enum ");
        read_name(r);
        break;
    case 'A':
    case 'P':
    case 'Q':
    case 'R':
    case 'S': { /* reference; pointer and what is const of it itself */
        char kind = *r->p++;
        if (kind < 'A' || kind > 'D') {
            r->bad = true; /* functions, members */
            return;
        }
        read_type(r);
        put_string(r, qualifier[kind - 'A']);
        put_string(r, c == 'A' ? " &" : " *");
        put_string(r, c == 'Q' ? " const" : c == 'R' ? " volatile" : c == 'S' ? " const volatile" : "");
        break;
    }
    case '?': { /* ?A: by value */
        char kind = *r->p++;
        if (kind < 'A' || kind > 'D') {
            r->bad = true;
            return;
        }
        read_type(r);
        put_string(r, qualifier[kind - 'A']);
        break;
    }
    default: r->bad = true;
    }
}

/* malloc'ed; what isn't understood stays as it is, without the leading dot. */
char *undecorate_type(const char *mangled)
{
    char text[512];
    struct reader r = {mangled + 1, text, sizeof(text), false, {NULL}, 0};

    *text = 0;
    read_type(&r);
    return _strdup(r.bad || *r.p ? mangled + 1 : text);
}
