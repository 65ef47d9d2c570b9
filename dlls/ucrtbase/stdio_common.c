/* The few formatting and scanning functions behind all printfs and scanfs of the headers, which say by
 * options what each of them means. */
#include "ucrtbase.h"

enum {                       /* of a printf */
       PRINT_NO_END = 0x1,   /* as _vsnprintf: no NUL where there is no room for one */
       PRINT_STANDARD = 0x2, /* as vsnprintf: the length that it needs */
       PRINT_LEGACY_WIDE = 0x4,
       PRINT_LEGACY_MSVCRT = 0x8,
       PRINT_LONG_EXPONENT = 0x10,
       PRINT_STANDARD_ROUNDING = 0x20,
};
enum { /* of a scanf */
       SCAN_SECURE = 0x1,
       SCAN_LEGACY_WIDE = 0x2,
       SCAN_LEGACY_MSVCRT = 0x4,
};
enum { TRUNCATED = -2 };

static int count_output; /* may a format have %n? */

int EXPORT _set_printf_count_output(int enable)
{
    int old = count_output;

    count_output = enable != 0;
    return old;
}

int EXPORT _get_printf_count_output(void)
{
    return count_output;
}

static unsigned print_options(uint64_t options)
{
    return (options & PRINT_LEGACY_MSVCRT ? 0 : FORMAT_C99) |
           (options & PRINT_LEGACY_WIDE ? 0 : FORMAT_ISO_WIDE) |
           (options & PRINT_LONG_EXPONENT ? FORMAT_LONG_EXPONENT : 0) |
           (options & PRINT_STANDARD_ROUNDING ? FORMAT_HALF_EVEN : 0) | (count_output ? 0 : FORMAT_NO_COUNT);
}

static unsigned scan_options(uint64_t options)
{
    return (options & SCAN_SECURE ? FORMAT_SECURE : 0) | (options & SCAN_LEGACY_WIDE ? 0 : FORMAT_ISO_WIDE) |
           (options & SCAN_LEGACY_MSVCRT ? 0 : FORMAT_C99);
}

#include "stdio_common_template.h"
#define WIDE
#include "stdio_common_template.h"
