// Strings that grow, and words.
#include "text.h"
#include <string.h>

static void reserve(struct text *text, size_t more)
{
    size_t needed = text->length + more + 1;
    if (needed <= text->capacity) return;
    size_t capacity = text->capacity ? text->capacity * 2 : 64;
    if (capacity < needed) capacity = needed;
    WCHAR *data = region_take(capacity * sizeof(WCHAR));
    if (text->length) memcpy(data, text->data, text->length * sizeof(WCHAR));
    text->data = data;
    text->capacity = capacity;
}

void text_add_part(struct text *text, const WCHAR *string, size_t length)
{
    reserve(text, length);
    memcpy(text->data + text->length, string, length * sizeof(WCHAR));
    text->length += length;
    text->data[text->length] = 0;
}

void text_add(struct text *text, WCHAR c)
{
    text_add_part(text, &c, 1);
}

void text_add_string(struct text *text, const WCHAR *string)
{
    text_add_part(text, string, wcslen(string));
}

const WCHAR *text_get(struct text *text)
{
    return text->data ? text->data : L"";
}

bool is_blank(WCHAR c)
{
    return c == ' ' || c == '\t';
}

bool is_separator(WCHAR c)
{
    return is_blank(c) || c == ',' || c == ';' || c == '=';
}

bool is_digit(WCHAR c)
{
    return c >= '0' && c <= '9';
}

const WCHAR *skip_separators(const WCHAR *text)
{
    while (is_separator(*text)) text++;
    return text;
}

const WCHAR *skip_blanks(const WCHAR *text)
{
    while (is_blank(*text)) text++;
    return text;
}

bool same_text(const WCHAR *a, const WCHAR *b)
{
    return _wcsicmp(a, b) == 0;
}

bool same_word(const WCHAR *text, size_t length, const WCHAR *word)
{
    return wcslen(word) == length && _wcsnicmp(text, word, length) == 0;
}

WCHAR *next_word(const WCHAR **text)
{
    const WCHAR *start = skip_separators(*text), *end = start;
    bool quoted = false;
    for (; *end && (quoted || !is_separator(*end)); end++)
        if (*end == '"') quoted = !quoted;
    *text = end;
    return end == start ? NULL : region_copy(start, end - start);
}

WCHAR *strip_quotes(WCHAR *text)
{
    WCHAR *to = text;
    for (const WCHAR *from = text; *from; from++)
        if (*from != '"') *to++ = *from;
    *to = 0;
    return text;
}

WCHAR *whole_name(const WCHAR *text)
{
    text = skip_blanks(text);
    size_t length = wcslen(text);
    while (length && is_blank(text[length - 1])) length--;
    WCHAR *name = strip_quotes(region_copy(text, length));
    for (length = wcslen(name); length && is_blank(name[length - 1]); length--) name[length - 1] = 0;
    return name;
}
