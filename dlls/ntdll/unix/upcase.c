// Upper case beyond ASCII, from the host's Unicode data.
#include "dlls/ntdll/unix/upcase.h"
#include <locale.h>
#include <pthread.h>
#include <wctype.h>

static locale_t unicode;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void open_locale(void)
{
    unicode = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
}

uint16_t upcase_slow(uint16_t unit)
{
    // Windows' table leaves dotless i, long s, and what would leave its block for ASCII as they are.
    if (unit == 0x131 || unit == 0x17F || (unit >= 0xD800 && unit < 0xE000)) return unit;
    pthread_once(&once, open_locale);
    wint_t upper = unicode ? towupper_l(unit, unicode) : unit;
    return upper < 0x10000 ? (uint16_t)upper : unit;
}
