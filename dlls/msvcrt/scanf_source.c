/* Text to scan from streams, strings and the console: what all the scanf families end in. */
#include "formatted.h"

int EXPORT _getche(void);
int EXPORT _ungetch(int c);
wint_t EXPORT _getwche(void);
wint_t EXPORT _ungetwch(wint_t c);

static int get_stream(struct scan_source *source)
{
    return _getc_nolock(source->target);
}
static void unget_stream(struct scan_source *source, int c)
{
    stream_unget(c, source->target);
}

static int get_stream_wide(struct scan_source *source)
{
    wint_t c = _getwc_nolock(source->target);
    return c == CRT_WEOF ? CRT_EOF : c;
}

static void unget_stream_wide(struct scan_source *source, int c)
{
    stream_unget_wide(c, source->target);
}

static int get_console(struct scan_source *source)
{
    (void)source;
    return _getche();
}

static void unget_console(struct scan_source *source, int c)
{
    (void)source;
    _ungetch(c);
}

static int get_console_wide(struct scan_source *source)
{
    wint_t c = _getwche();
    (void)source;
    return c == CRT_WEOF ? CRT_EOF : c;
}

static void unget_console_wide(struct scan_source *source, int c)
{
    (void)source;
    _ungetwch(c);
}

#include "scanf_source_template.h"
#define WIDE
#include "scanf_source_template.h"
