// findstr's own regular expressions: . * ^ $ [set] [^set] \< \> and \ before a character that stands for
// itself.
#ifndef FINDSTR_EXPRESSION_H
#define FINDSTR_EXPRESSION_H
#include "../shared/console_text.h"

// Whether TEXT holds a character that means something unless a backslash precedes it.
bool is_expression(const WCHAR *text);

struct match_options {
    bool any_case, begin, end; // begin, end: only there
};
// Whether an expression matches anywhere in a text.
bool expression_matches(const WCHAR *expression, const WCHAR *text, const struct match_options *options);
// The same for a text that stands for itself; \\ and \" are one character.
bool literal_matches(const WCHAR *literal, const WCHAR *text, const struct match_options *options);

#endif
