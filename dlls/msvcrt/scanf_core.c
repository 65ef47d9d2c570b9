/* Scanning: the template for narrow and wide input. */
#include "msvcrt.h"

enum { SIZE_PLAIN, SIZE_SHORT, SIZE_LONG, SIZE_64, SIZE_WIDE, SIZE_BYTE };
double EXPORT _strtod_l(const char *s, char **end, crt_locale_t l);

#include "scanf_template.h"
#define WIDE
#include "scanf_template.h"
