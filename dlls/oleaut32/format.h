// What the files of VarFormat share: the text that is made, and the formats by which it is made. The language
// of formats: Visual Basic's function Format, as Microsoft documents it.
#ifndef OLEAUT32_FORMAT_H
#define OLEAUT32_FORMAT_H

#include "automation.h"

// A text that grows. Ends as a BSTR.
struct output {
    WCHAR *text;
    ULONG length, capacity;
    bool failed; // no memory
    LCID lcid;
};

void put_character(struct output *out, WCHAR c);
void put_text(struct output *out, const WCHAR *text, ULONG length);
// At least `width` digits.
void put_number(struct output *out, unsigned number, int width);
// A text of the locale: LOCALE_...
void put_locale(struct output *out, LCTYPE type);
// Ends it: the BSTR, or E_OUTOFMEMORY. On any other error of status, that.
HRESULT finish_output(struct output *out, HRESULT status, BSTR *result);

enum format_kind { FORMAT_LITERAL, FORMAT_NUMBER, FORMAT_DATE, FORMAT_TEXT };

// One section of a format, without the semicolon.
struct section {
    const WCHAR *at, *end;
};

// Takes the next character of a section, or the text that is quoted or escaped there.
struct piece {
    const WCHAR *literal; // NULL: a character that may mean something
    ULONG length;
    WCHAR c;
};
bool next_piece(struct section *section, struct piece *piece);

#define FORMAT_SECTIONS 4
struct format {
    enum format_kind kind;
    int first_day, first_week; // as of VarFormat
    int sections;
    struct section section[FORMAT_SECTIONS];
};

// The value is no byref. Each may say DISP_E_TYPEMISMATCH where the value is of no such type.
HRESULT format_number(struct output *out, const struct format *format, VARIANT *value);
HRESULT format_date(struct output *out, const struct format *format, VARIANT *value);
HRESULT format_text(struct output *out, const struct format *format, VARIANT *value);

// The system's choice where first_day is 0: 1 is Sunday.
int first_day_of_week(int first_day, LCID lcid);

#endif
