/*
 * What the modules of the C runtime share: types whose layout programs know (FILE, the handle table),
 * the thread's own data, the locale in force, and the helpers used by more than one module.
 */
#ifndef LOWLAND_MSVCRT_MSVCRT_H
#define LOWLAND_MSVCRT_MSVCRT_H

#ifndef _CRTIMP
#define _CRTIMP
#endif
#define NO_OLDNAMES
#define WIN32_LEAN_AND_MEAN
/* windows.h pulls in two headers of a runtime: this is the runtime, and declares its own. */
#define _INC_CTYPE
#define _INC_STRING
#define _INC_STDLIB
#define __STRALIGN_H_
#define _MM_MALLOC_H_INCLUDED
#include <stddef.h>
void *__cdecl memcpy(void *dst, const void *src, size_t n);
void *__cdecl memmove(void *dst, const void *src, size_t n);
void *__cdecl memset(void *dst, int c, size_t n);
void *__cdecl memchr(const void *s, int c, size_t n);
int __cdecl memcmp(const void *a, const void *b, size_t n);
#include "nt/nt.h"
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <limits.h>

#define EXPORT   __cdecl
#define CRT_EOF  (-1)
#define CRT_WEOF ((wint_t)0xFFFF)
#ifndef STRUNCATE
#define STRUNCATE 80
#endif
#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))
#define TRUNCATE      ((size_t)-1)

/* ---- behaviour that differs between the runtimes built from these sources (profile.c) ---- */
struct crt_profile {
    unsigned version;         /* 70 for msvcrt.dll, 90 for msvcr90.dll … */
    int significant_digits;   /* that printf and its like compute: behind them come zeros; 0: all */
    unsigned exponent_digits; /* least digits that %e prints */
    bool raises_on_invalid;   /* without a handler an invalid parameter ends the program */
    bool fails_fast;          /* abort and invalid parameters end it by __fastfail, past every handler */
    bool process_heap;        /* blocks are of the process's heap instead of one of the runtime's own */
    bool c99;                 /* numbers, times and modes as C99 and C11 have them */
};
extern const struct crt_profile crt_profile;

/* ---- streams ---- */
typedef struct crt_file {
    char *_ptr;
    int _cnt;
    char *_base;
    int _flag;
    int _file;
    int _charbuf;
    int _bufsiz;
    char *_tmpfname;
} FILE;
_Static_assert(sizeof(FILE) == 32, "programs index _iob themselves");

enum {
    _IOREAD = 0x0001,
    _IOWRT = 0x0002,
    _IONBF = 0x0004,
    _IOMYBUF = 0x0008,
    _IOEOF = 0x0010,
    _IOERR = 0x0020,
    _IOSTRG = 0x0040,
    _IOLBF = 0x0040,
    _IORW = 0x0080,
    _USERBUF = 0x0100,
    _IOSETVBUF = 0x0400,
    _IOCOMMIT = 0x4000,
};
#define STREAM_IN_USE (_IOREAD | _IOWRT | _IORW)
#define BUFFER_SIZE   4096
extern FILE _iob[20];
#define crt_stdin  (&_iob[0])
#define crt_stdout (&_iob[1])
#define crt_stderr (&_iob[2])

/* ---- low-level handles; old programs index __pioinfo themselves ---- */
struct ioinfo {
    HANDLE handle;
    unsigned char flags;
    unsigned char lookahead[3]; /* what was read too far from a pipe or device; 10 in [0] = nothing */
    int extra;
    CRITICAL_SECTION lock;
};
_Static_assert(sizeof(struct ioinfo) == 36, "programs index __pioinfo themselves");
enum { /* flags */
       FD_OPEN = 0x01,
       FD_EOF = 0x02,
       FD_CRLF = 0x04,
       FD_PIPE = 0x08,
       FD_NOINHERIT = 0x10,
       FD_APPEND = 0x20,
       FD_DEVICE = 0x40,
       FD_TEXT = 0x80,
};
enum { /* extra */
       FD_UTF8 = 1,
       FD_UTF16 = 2,
       FD_LOCK_READY = 4,
       FD_BY_BOM = 8, /* opened with an encoding that a byte order mark may override */
};
#define FD_BLOCK  32
#define FD_BLOCKS 64
#define FD_MAX    (FD_BLOCK * FD_BLOCKS)
extern struct ioinfo *__pioinfo[FD_BLOCKS];
extern struct ioinfo __badioinfo;

enum {
    _O_RDONLY = 0,
    _O_WRONLY = 1,
    _O_RDWR = 2,
    _O_APPEND = 8,
    _O_RANDOM = 0x10,
    _O_SEQUENTIAL = 0x20,
    _O_TEMPORARY = 0x40,
    _O_NOINHERIT = 0x80,
    _O_CREAT = 0x100,
    _O_TRUNC = 0x200,
    _O_EXCL = 0x400,
    _O_SHORT_LIVED = 0x1000,
    _O_TEXT = 0x4000,
    _O_BINARY = 0x8000,
    _O_WTEXT = 0x10000,
    _O_U16TEXT = 0x20000,
    _O_U8TEXT = 0x40000,
    _SH_COMPAT = 0,
    _SH_DENYRW = 0x10,
    _SH_DENYWR = 0x20,
    _SH_DENYRD = 0x30,
    _SH_DENYNO = 0x40,
    _SH_SECURE = 0x80,
    _S_IFMT = 0xF000,
    _S_IFDIR = 0x4000,
    _S_IFCHR = 0x2000,
    _S_IFIFO = 0x1000,
    _S_IFREG = 0x8000,
    _S_IREAD = 0x0100,
    _S_IWRITE = 0x0080,
    _S_IEXEC = 0x0040,
};

struct ioinfo *fd_get(int fd);
struct ioinfo *fd_lock(int fd);
void fd_unlock(struct ioinfo *info);
int fd_alloc(HANDLE handle, unsigned flags);
void fd_init(void);
void fd_exit(void);
void *fd_inherit_block(WORD *size);
int stream_close_all(bool standard_too);
/* For the last thread of a process that ends: a stream that an ended thread was inside of is left as it is.
 */
void streams_flush_at_process_end(void);
void stream_init(void);
FILE *stream_alloc(void);
int stream_flush(FILE *file);
bool stream_temp_buffer(FILE *file);
void stream_end_temp_buffer(FILE *file, bool began);
int file_open(const wchar_t *path, int flags, int share, int permission, int *error_code);
extern int stream_limit;

void EXPORT _lock_file(FILE *file);
void EXPORT _unlock_file(FILE *file);
int EXPORT _fileno(FILE *file);
void EXPORT clearerr(FILE *file);
int EXPORT _filbuf(FILE *file);
int EXPORT _flsbuf(int c, FILE *file);
int EXPORT _getc_nolock(FILE *file);
int EXPORT _putc_nolock(int c, FILE *file);
wint_t EXPORT _getwc_nolock(FILE *file);
wint_t EXPORT _putwc_nolock(wint_t c, FILE *file);
int stream_unget(int c, FILE *file);
wint_t stream_unget_wide(wint_t c, FILE *file);
size_t stream_write(const void *data, size_t size, FILE *file);
int EXPORT fclose(FILE *file);
int EXPORT fflush(FILE *file);
int EXPORT _flushall(void);
int EXPORT fputs(const char *s, FILE *file);
FILE *EXPORT _fdopen(int fd, const char *mode);
FILE *EXPORT _wfdopen(int fd, const wchar_t *mode);
int EXPORT _close(int fd);
int EXPORT _read(int fd, void *buffer, unsigned count);
int EXPORT _write(int fd, const void *buffer, unsigned count);
long EXPORT _lseek(int fd, long offset, int whence);
__int64 EXPORT _lseeki64(int fd, __int64 offset, int whence);
__int64 EXPORT _telli64(int fd);
__int64 EXPORT _filelengthi64(int fd);
int EXPORT _isatty(int fd);
int EXPORT _commit(int fd);
int EXPORT _pipe(int *fds, unsigned size, int mode);
int EXPORT _dup(int fd);
int EXPORT _dup2(int from, int to);
int EXPORT _open_osfhandle(intptr_t handle, int flags);
intptr_t EXPORT _get_osfhandle(int fd);
int EXPORT _wunlink(const wchar_t *path);
int EXPORT _unlink(const char *path);
int EXPORT _access(const char *path, int mode);
int EXPORT _waccess(const wchar_t *path, int mode);

/* ---- locale ---- */
enum { LC_ALL, LC_COLLATE, LC_CTYPE, LC_MONETARY, LC_NUMERIC, LC_TIME, LC_COUNT };
enum {
    CT_UPPER = 0x0001,
    CT_LOWER = 0x0002,
    CT_DIGIT = 0x0004,
    CT_SPACE = 0x0008,
    CT_PUNCT = 0x0010,
    CT_CONTROL = 0x0020,
    CT_BLANK = 0x0040,
    CT_HEX = 0x0080,
    CT_LEADBYTE = 0x8000,
    CT_ALPHA = 0x0103,
};
struct lconv {
    char *decimal_point, *thousands_sep, *grouping;
    char *int_curr_symbol, *currency_symbol, *mon_decimal_point, *mon_thousands_sep, *mon_grouping;
    char *positive_sign, *negative_sign;
    char int_frac_digits, frac_digits, p_cs_precedes, p_sep_by_space, n_cs_precedes, n_sep_by_space;
    char p_sign_posn, n_sign_posn;
    wchar_t *wide[8]; /* of the Universal CRT: the first two and the currency's texts and signs */
};
struct time_names {
    const char *text[43]; /* short days, days, short months, months, am, pm, date, long date, time */
    LCID lcid;
    int unknown[2];
    const wchar_t *wide[43];
};
enum {
    NAME_SHORT_DAY = 0,
    NAME_DAY = 7,
    NAME_SHORT_MONTH = 14,
    NAME_MONTH = 26,
    NAME_AM = 38,
    NAME_PM = 39,
    NAME_DATE = 40,
    NAME_LONG_DATE = 41,
    NAME_TIME = 42,
};
struct crt_locale {
    threadlocinfo public; /* what a _locale_t points at, for programs that look */
    struct {              /* the same in the headers of the Universal CRT */
        const unsigned short *pctype;
        int mb_cur_max;
        unsigned codepage;
    } view;
    LONG references;
    LCID lcid[LC_COUNT];
    UINT codepages[LC_COUNT];
    char *name[LC_COUNT];
    wchar_t *system_name[LC_COUNT]; /* "en-US"; NULL for C */
    UINT codepage;                  /* of LC_CTYPE; 0 in the C locale */
    int mb_cur_max;
    unsigned short ctype[257]; /* index -1 … 255, shifted by one */
    unsigned char lower[256], upper[256];
    struct lconv lconv;
    struct time_names time;
};
#define crt_locale_t _locale_t
extern struct crt_locale *global_locale;
extern int __setlc_active;
extern int __mb_cur_max;
extern const unsigned short *_pctype;
extern const unsigned short *_pwctype;
const struct crt_locale *locale_current(void);
const struct crt_locale *locale_of(crt_locale_t locale);
void locale_init(void);
/* "Language_Country.codepage" → LCID and code page; false when there is no such locale. */
bool locale_parse_name(const char *name, LCID *lcid, UINT *codepage);
/* setlocale's name for it, malloc'ed; NULL without memory. ASKED is what the program called it. */
char *locale_make_name(const char *asked, LCID lcid, UINT codepage);
void locale_release(struct crt_locale *locale);
int text_from_wide(const struct crt_locale *locale, char *out, wchar_t c);
int text_length(const struct crt_locale *locale, const char *s, size_t size);
int wide_from_text(const struct crt_locale *locale, wchar_t *out, const char *s, size_t size);
char *EXPORT setlocale(int category, const char *name);
unsigned short wide_class(wchar_t c);
wchar_t wide_lower(const struct crt_locale *locale, wchar_t c);
wchar_t wide_upper(const struct crt_locale *locale, wchar_t c);

/* ---- multibyte code page ---- */
extern unsigned char _mbctype[257];
extern unsigned char _mbcasemap[257];
extern int mb_codepage;
void mbctype_init(void);

/* ---- data of a thread ---- */
typedef void(EXPORT *signal_handler)(int);
typedef void(EXPORT *plain_handler)(void);
struct tm_block {
    int tm_sec, tm_min, tm_hour, tm_mday, tm_mon, tm_year, tm_wday, tm_yday, tm_isdst;
};
struct thread_data {
    int error;
    unsigned long dos_error;
    unsigned random;
    char *strtok_next;
    wchar_t *wcstok_next;
    unsigned char *mbstok_next;
    char *error_text;
    wchar_t *error_wide;
    char *tmpnam_text;
    wchar_t *tmpnam_wide;
    char time_text[26];
    wchar_t time_wide[26];
    struct tm_block time;
    char number_text[400];
    struct crt_locale *locale; /* only after _configthreadlocale */
    bool owns_locale;
    /* threads started by _beginthread */
    HANDLE handle;
    unsigned id;
    void(EXPORT *start)(void *);
    unsigned(__stdcall *start_ex)(void *);
    void *argument;
    HMODULE module;
    /* signals and exceptions */
    EXCEPTION_POINTERS *exception_pointers;
    int fpe_code;
    signal_handler on_fpe, on_ill, on_segv;
    void *se_translator;
    void *on_invalid; /* _set_thread_local_invalid_parameter_handler */
    plain_handler on_terminate, on_unexpected;
    EXCEPTION_RECORD *current_exception; /* of C++: the one a catch block runs for */
    CONTEXT *current_context;
    void *frame_info_chain;
    int uncaught;
};
struct thread_data *thread_data(void);
bool thread_data_init(void);
void thread_data_free(void);
void thread_data_exit(void);

#undef errno
int *EXPORT _errno(void);
unsigned long *EXPORT __doserrno(void);
#define errno (*_errno())
void set_os_error(unsigned long os_error);

/* ---- parameters ---- */
void EXPORT _invalid_parameter(const wchar_t *expression, const wchar_t *function, const wchar_t *file,
                               unsigned line, uintptr_t reserved);
#define invalid_parameter() _invalid_parameter(NULL, NULL, NULL, 0, 0)
/* The runtime's answer to a parameter that breaks the contract: the program's handler, errno, RESULT. */
#define REQUIRE(condition, code, result)                                                                     \
    do {                                                                                                     \
        if (!(condition)) {                                                                                  \
            invalid_parameter();                                                                             \
            errno = (code);                                                                                  \
            return result;                                                                                   \
        }                                                                                                    \
    } while (0)

/* ---- memory, locks ---- */
extern HANDLE crt_heap;
void *EXPORT malloc(size_t size);
void *EXPORT calloc(size_t count, size_t size);
void *EXPORT realloc(void *block, size_t size);
void EXPORT free(void *block);
void EXPORT _lock(int number);
void EXPORT _unlock(int number);
void locks_init(void);
bool try_lock(int number); /* as _lock, unless another thread has it */
enum {
    LOCK_SIGNAL = 0,
    LOCK_STREAMS = 1,
    LOCK_TEMP_NAME = 2,
    LOCK_CONSOLE = 3,
    LOCK_HEAP = 4,
    LOCK_TIME = 6,
    LOCK_ENVIRONMENT = 7,
    LOCK_EXIT = 8,
    LOCK_POPEN = 9,
    LOCK_HANDLES = 10,
    LOCK_LOCALE = 12,
    LOCK_MBCTYPE = 13,
    LOCK_STREAM_FIRST = 16,
    LOCK_COUNT = LOCK_STREAM_FIRST + 20,
};

/* ---- text helpers ---- */
struct wide_path {
    wchar_t *text; /* NULL: the argument was NULL or can't be converted (errno is set) */
    wchar_t buffer[MAX_PATH];
};
wchar_t *wide_path_make(struct wide_path *path, const char *text);
void wide_path_free(struct wide_path *path);
int narrow_path(const wchar_t *wide, char *out, int size);
char *narrow_copy(const wchar_t *wide);
wchar_t *wide_copy(const char *text);

size_t EXPORT strlen(const char *s);
size_t EXPORT wcslen(const wchar_t *s);
char *EXPORT strcpy(char *dst, const char *src);
wchar_t *EXPORT wcscpy(wchar_t *dst, const wchar_t *src);
char *EXPORT strcat(char *dst, const char *src);
wchar_t *EXPORT wcscat(wchar_t *dst, const wchar_t *src);
int EXPORT strcmp(const char *a, const char *b);
int EXPORT wcscmp(const wchar_t *a, const wchar_t *b);
int EXPORT strncmp(const char *a, const char *b, size_t n);
int EXPORT wcsncmp(const wchar_t *a, const wchar_t *b, size_t n);
char *EXPORT strncpy(char *dst, const char *src, size_t n);
wchar_t *EXPORT wcsncpy(wchar_t *dst, const wchar_t *src, size_t n);
char *EXPORT strchr(const char *s, int c);
wchar_t *EXPORT wcschr(const wchar_t *s, wchar_t c);
char *EXPORT strrchr(const char *s, int c);
wchar_t *EXPORT wcsrchr(const wchar_t *s, wchar_t c);
char *EXPORT strstr(const char *s, const char *sub);
wchar_t *EXPORT wcsstr(const wchar_t *s, const wchar_t *sub);
char *EXPORT strpbrk(const char *s, const char *set);
wchar_t *EXPORT wcspbrk(const wchar_t *s, const wchar_t *set);
size_t EXPORT strnlen(const char *s, size_t n);
size_t EXPORT wcsnlen(const wchar_t *s, size_t n);
char *EXPORT _strdup(const char *s);
wchar_t *EXPORT _wcsdup(const wchar_t *s);
int EXPORT _wcsicmp(const wchar_t *a, const wchar_t *b);
int EXPORT _wcsnicmp(const wchar_t *a, const wchar_t *b, size_t n);
int EXPORT _stricmp(const char *a, const char *b);
int EXPORT _strnicmp(const char *a, const char *b, size_t n);

/* ---- numbers ---- */
struct decimal {
    int digits;   /* how many */
    int exponent; /* of the first digit: d.ddd × 10^exponent */
    bool negative;
    bool half_even; /* decimal_round's rule for an exact half; otherwise away from zero */
    char text[1100];
};
void decimal_exact(struct decimal *out, double value);
void decimal_round(struct decimal *number, int digits);
enum float_width { FLOAT_SINGLE, FLOAT_DOUBLE }; /* what a result is rounded to */
double decimal_parse(const char *digits, int count, int exponent, enum float_width width);
double EXPORT strtod(const char *s, char **end);

/* ---- formatted output and input ---- */
enum {
    FORMAT_SECURE = 1,         /* _s: a NULL string or unknown conversion is an invalid parameter */
    FORMAT_POSITIONAL = 2,     /* _p: %1$d */
    FORMAT_C99 = 4,            /* %F and %hhd; inf and nan by name */
    FORMAT_ISO_WIDE = 8,       /* %s and %c are narrow text in wide functions too */
    FORMAT_LONG_EXPONENT = 16, /* three digits at least */
    FORMAT_HALF_EVEN = 32,     /* what lies exactly between two texts goes to the even one */
    FORMAT_NO_COUNT = 64,      /* %n is an invalid parameter */
};
extern unsigned output_format; /* _set_output_format: bit 0, exponents of two digits */
struct print_sink {
    bool (*put)(struct print_sink *sink, const void *text,
                int count); /* COUNT characters of the format's width */
    void *target;
    size_t room;
};
int print_narrow(struct print_sink *sink, unsigned options, const struct crt_locale *locale,
                 const char *format, va_list args);
int print_wide(struct print_sink *sink, unsigned options, const struct crt_locale *locale,
               const wchar_t *format, va_list args);
struct scan_source {
    int (*get)(struct scan_source *source); /* next character or EOF */
    void (*unget)(struct scan_source *source, int c);
    void *target;
    const void *end;
};
int scan_narrow(struct scan_source *source, unsigned options, const struct crt_locale *locale,
                const char *format, va_list args);
int scan_wide(struct scan_source *source, unsigned options, const struct crt_locale *locale,
              const wchar_t *format, va_list args);

/* ---- process ---- */
extern char **_environ;
extern wchar_t **_wenviron;
extern char **__argv;
extern wchar_t **__wargv;
extern int __argc;
extern char *_acmdln;
extern wchar_t *_wcmdln;
extern char *_pgmptr;
extern wchar_t *_wpgmptr;
extern int _fmode, _commode;
void environment_init(void);
void need_wide_environment(void);
void arguments_init(void);
void arguments_expand(void); /* splits the command line again, wildcards as the files that match */
void version_init(void);
void EXPORT abort(void) __attribute__((noreturn));
void EXPORT _exit(int status) __attribute__((noreturn));
void EXPORT exit(int status) __attribute__((noreturn));
void EXPORT _cexit(void);
void EXPORT _amsg_exit(int number) __attribute__((noreturn));
int EXPORT raise(int sig);
signal_handler EXPORT signal(int sig, signal_handler handler);
void EXPORT terminate(void) __attribute__((noreturn));
/* CODE: what to give as the reason, FAST_FAIL_*. */
void fail_fast(unsigned code) __attribute__((noreturn));
wchar_t *EXPORT _wgetenv(const wchar_t *name);
char *EXPORT getenv(const char *name);
void EXPORT _tzset(void);
enum { SIG_INT = 2, SIG_ILL = 4, SIG_FPE = 8, SIG_SEGV = 11, SIG_TERM = 15, SIG_BREAK = 21, SIG_ABRT = 22 };
#define SIG_DEFAULT ((signal_handler)0)
#define SIG_IGNORE  ((signal_handler)1)
#define SIG_GET     ((signal_handler)2)
#define SIG_SGE     ((signal_handler)3)
#define SIG_ACK     ((signal_handler)4)
#define SIG_ERROR   ((signal_handler)-1)

#endif
