/*
 * Included at the top of a *_template.h: sets CHAR, UCHAR and T(narrow name, wide name) by WIDE.
 * Each template undefines WIDE at its end, through template_end.h.
 */
#ifdef WIDE
#define CHAR               wchar_t
#define UCHAR              wchar_t
#define T(narrow, wide)    wide
#define TEXT_LITERAL(text) L##text
#else
#define CHAR               char
#define UCHAR              unsigned char
#define T(narrow, wide)    narrow
#define TEXT_LITERAL(text) text
#endif
