// Strings that grow, in the region; and the small questions about characters and words that the language
// asks.
#ifndef CMD_TEXT_H
#define CMD_TEXT_H
#include "memory.h"
#include <stdbool.h>

// Zero-initialised is empty. What was added last decides to which mark its characters belong.
struct text {
    WCHAR *data; // NUL-terminated once something was added
    size_t length, capacity;
};

void text_add(struct text *text, WCHAR c);
void text_add_string(struct text *text, const WCHAR *string);
void text_add_part(struct text *text, const WCHAR *string, size_t length);
// The characters, never NULL.
const WCHAR *text_get(struct text *text);

// Blank, tab, comma, semicolon and equals sign separate words; at a blank only blank and tab do.
bool is_separator(WCHAR c);
bool is_blank(WCHAR c);
bool is_digit(WCHAR c);
const WCHAR *skip_separators(const WCHAR *text);
const WCHAR *skip_blanks(const WCHAR *text);

bool same_text(const WCHAR *a, const WCHAR *b); // without regard to case
bool same_word(const WCHAR *text, size_t length, const WCHAR *word);

// The next word from *TEXT on, which moves behind it; quotes keep separators in it and stay. NULL at the end.
// In the region.
WCHAR *next_word(const WCHAR **text);
// Removes all quotation marks, in place; the argument.
WCHAR *strip_quotes(WCHAR *text);
// A copy without blanks around it and then without all quotation marks: a file name that may hold blanks
// unquoted.
WCHAR *whole_name(const WCHAR *text);

#endif
