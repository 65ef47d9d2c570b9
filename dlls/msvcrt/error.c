/* errno and _doserrno, the mapping from system errors, error texts, and invalid parameters. */
#include "msvcrt.h"

int *EXPORT _errno(void)
{
    return &thread_data()->error;
}

unsigned long *EXPORT __doserrno(void)
{
    return &thread_data()->dos_error;
}

int EXPORT _get_errno(int *value)
{
    if (!value) return EINVAL;
    *value = errno;
    return 0;
}

int EXPORT _set_errno(int value)
{
    errno = value;
    return 0;
}

int EXPORT _get_doserrno(unsigned long *value)
{
    if (!value) return EINVAL;
    *value = *__doserrno();
    return 0;
}

int EXPORT _set_doserrno(unsigned long value)
{
    *__doserrno() = value;
    return 0;
}

static const struct {
    unsigned short os, error;
} error_map[] = {
    {ERROR_INVALID_FUNCTION, EINVAL},
    {ERROR_FILE_NOT_FOUND, ENOENT},
    {ERROR_PATH_NOT_FOUND, ENOENT},
    {ERROR_TOO_MANY_OPEN_FILES, EMFILE},
    {ERROR_ACCESS_DENIED, EACCES},
    {ERROR_INVALID_HANDLE, EBADF},
    {ERROR_ARENA_TRASHED, ENOMEM},
    {ERROR_NOT_ENOUGH_MEMORY, ENOMEM},
    {ERROR_INVALID_BLOCK, ENOMEM},
    {ERROR_BAD_ENVIRONMENT, E2BIG},
    {ERROR_BAD_FORMAT, ENOEXEC},
    {ERROR_INVALID_ACCESS, EINVAL},
    {ERROR_INVALID_DATA, EINVAL},
    {ERROR_OUTOFMEMORY, ENOMEM},
    {ERROR_INVALID_DRIVE, ENOENT},
    {ERROR_CURRENT_DIRECTORY, EACCES},
    {ERROR_NOT_SAME_DEVICE, EXDEV},
    {ERROR_NO_MORE_FILES, ENOENT},
    {ERROR_LOCK_VIOLATION, EACCES},
    {ERROR_BAD_NETPATH, ENOENT},
    {ERROR_NETWORK_ACCESS_DENIED, EACCES},
    {ERROR_BAD_NET_NAME, ENOENT},
    {ERROR_FILE_EXISTS, EEXIST},
    {ERROR_CANNOT_MAKE, EACCES},
    {ERROR_FAIL_I24, EACCES},
    {ERROR_INVALID_PARAMETER, EINVAL},
    {ERROR_NO_PROC_SLOTS, EAGAIN},
    {ERROR_DRIVE_LOCKED, EACCES},
    {ERROR_BROKEN_PIPE, EPIPE},
    {ERROR_DISK_FULL, ENOSPC},
    {ERROR_INVALID_TARGET_HANDLE, EBADF},
    {ERROR_WAIT_NO_CHILDREN, ECHILD},
    {ERROR_CHILD_NOT_COMPLETE, ECHILD},
    {ERROR_DIRECT_ACCESS_HANDLE, EBADF},
    {ERROR_NEGATIVE_SEEK, EINVAL},
    {ERROR_SEEK_ON_DEVICE, EACCES},
    {ERROR_DIR_NOT_EMPTY, ENOTEMPTY},
    {ERROR_NOT_LOCKED, EACCES},
    {ERROR_BAD_PATHNAME, ENOENT},
    {ERROR_MAX_THRDS_REACHED, EAGAIN},
    {ERROR_LOCK_FAILED, EACCES},
    {ERROR_ALREADY_EXISTS, EEXIST},
    {ERROR_FILENAME_EXCED_RANGE, ENOENT},
    {ERROR_NESTING_NOT_ALLOWED, EAGAIN},
    {ERROR_NOT_ENOUGH_QUOTA, ENOMEM},
};

/* Records a system error as _doserrno and the errno that Windows maps it to. */
void set_os_error(unsigned long os_error)
{
    int error = EINVAL;
    size_t i;

    for (i = 0; i < ARRAY_SIZE(error_map) && error_map[i].os != os_error; i++) {
    }
    if (i < ARRAY_SIZE(error_map))
        error = error_map[i].error;
    else if (os_error >= ERROR_WRITE_PROTECT && os_error <= ERROR_SHARING_BUFFER_EXCEEDED)
        error = EACCES;
    else if (os_error >= ERROR_INVALID_STARTING_CODESEG && os_error <= ERROR_INFLOOP_IN_RELOC_CHAIN)
        error = ENOEXEC;
    *__doserrno() = os_error;
    errno = error;
}

void EXPORT _dosmaperr(unsigned long os_error)
{
    set_os_error(os_error);
}

char *_sys_errlist[] = {
    "No error",
    "Operation not permitted",
    "No such file or directory",
    "No such process",
    "Interrupted function call",
    "Input/output error",
    "No such device or address",
    "Arg list too long",
    "Exec format error",
    "Bad file descriptor",
    "No child processes",
    "Resource temporarily unavailable",
    "Not enough space",
    "Permission denied",
    "Bad address",
    "Unknown error",
    "Resource device",
    "File exists",
    "Improper link",
    "No such device",
    "Not a directory",
    "Is a directory",
    "Invalid argument",
    "Too many open files in system",
    "Too many open files",
    "Inappropriate I/O control operation",
    "Unknown error",
    "File too large",
    "No space left on device",
    "Invalid seek",
    "Read-only file system",
    "Too many links",
    "Broken pipe",
    "Domain error",
    "Result too large",
    "Unknown error",
    "Resource deadlock avoided",
    "Unknown error",
    "Filename too long",
    "No locks available",
    "Function not implemented",
    "Directory not empty",
    "Illegal byte sequence",
    "Unknown error",
};
int _sys_nerr = ARRAY_SIZE(_sys_errlist) - 1;

int *EXPORT __sys_nerr(void)
{
    return &_sys_nerr;
}
char **EXPORT __sys_errlist(void)
{
    return _sys_errlist;
}

/* Of the errors from 100 on, which came with C11. */
static const char *const posix_errors[] = {
    "address in use",
    "address not available",
    "address family not supported",
    "connection already in progress",
    "bad message",
    "operation canceled",
    "connection aborted",
    "connection refused",
    "connection reset",
    "destination address required",
    "host unreachable",
    "identifier removed",
    "operation in progress",
    "already connected",
    "too many symbolic link levels",
    "message size",
    "network down",
    "network reset",
    "network unreachable",
    "no buffer space",
    "no message available",
    "no link",
    "no message",
    "no protocol option",
    "no stream resources",
    "not a stream",
    "not connected",
    "state not recoverable",
    "not a socket",
    "not supported",
    "operation not supported",
    "Unknown error",
    "value too large",
    "owner dead",
    "protocol error",
    "protocol not supported",
    "wrong protocol type",
    "stream timeout",
    "timed out",
    "text file busy",
    "operation would block",
};

static const char *error_text(int error)
{
    if (crt_profile.c99 && error >= 100 && error < 100 + (int)ARRAY_SIZE(posix_errors))
        return posix_errors[error - 100];
    return _sys_errlist[error >= 0 && error < _sys_nerr ? error : _sys_nerr];
}

enum { ERROR_TEXT_SIZE = 134 };

static char *thread_error_text(void)
{
    struct thread_data *data = thread_data();
    if (!data->error_text) data->error_text = malloc(ERROR_TEXT_SIZE);
    return data->error_text;
}

static wchar_t *thread_error_wide(void)
{
    struct thread_data *data = thread_data();
    if (!data->error_wide) data->error_wide = malloc(ERROR_TEXT_SIZE * sizeof(wchar_t));
    return data->error_wide;
}

static size_t append(char *out, size_t size, size_t at, const char *text)
{
    while (*text && at + 1 < size) out[at++] = *text++;
    out[at] = 0;
    return at;
}

static void widen(wchar_t *out, const char *text)
{
    do *out++ = (unsigned char)*text;
    while (*text++);
}

char *EXPORT strerror(int error)
{
    char *out = thread_error_text();
    if (out) append(out, ERROR_TEXT_SIZE, 0, error_text(error));
    return out;
}

int EXPORT strerror_s(char *out, size_t size, int error)
{
    if (!out || !size) {
        invalid_parameter();
        errno = EINVAL;
        return EINVAL;
    }
    append(out, size, 0, error_text(error));
    return 0;
}

wchar_t *EXPORT _wcserror(int error)
{
    wchar_t *out = thread_error_wide();
    if (out) widen(out, error_text(error));
    return out;
}

int EXPORT _wcserror_s(wchar_t *out, size_t size, int error)
{
    const char *text = error_text(error);
    size_t i;

    REQUIRE(out && size, EINVAL, EINVAL);
    for (i = 0; i + 1 < size && text[i]; i++) out[i] = text[i];
    out[i] = 0;
    return 0;
}

/* "message: error text\n" for the current errno. */
char *EXPORT _strerror(const char *message)
{
    char *out = thread_error_text();
    size_t at = 0;

    if (!out) return NULL;
    *out = 0;
    if (message && *message) {
        at = append(out, ERROR_TEXT_SIZE - 40, at, message);
        at = append(out, ERROR_TEXT_SIZE, at, ": ");
    }
    at = append(out, ERROR_TEXT_SIZE, at, error_text(errno));
    append(out, ERROR_TEXT_SIZE, at, "\n");
    return out;
}

int EXPORT _strerror_s(char *out, size_t size, const char *message)
{
    char *text;

    REQUIRE(out && size, EINVAL, EINVAL);
    text = _strerror(message);
    if (text) append(out, size, 0, text);
    return 0;
}

wchar_t *EXPORT __wcserror(const wchar_t *message)
{
    wchar_t *out = thread_error_wide();
    size_t at = 0;

    if (!out) return NULL;
    if (message && *message) {
        for (; message[at] && at < ERROR_TEXT_SIZE - 42; at++) out[at] = message[at];
        out[at++] = ':';
        out[at++] = ' ';
    }
    widen(out + at, error_text(errno));
    at = wcslen(out);
    out[at] = '\n';
    out[at + 1] = 0;
    return out;
}

void EXPORT perror(const char *message)
{
    if (message && *message) {
        fputs(message, crt_stderr);
        fputs(": ", crt_stderr);
    }
    fputs(error_text(errno), crt_stderr);
    fputs("\n", crt_stderr);
}

void EXPORT _wperror(const wchar_t *message)
{
    char *text = message && *message ? narrow_copy(message) : NULL;
    perror(text);
    free(text);
}

typedef void(EXPORT *invalid_handler)(const wchar_t *, const wchar_t *, const wchar_t *, unsigned, uintptr_t);
static invalid_handler on_invalid;

invalid_handler EXPORT _set_invalid_parameter_handler(invalid_handler handler)
{
    return (invalid_handler)InterlockedExchangePointer((void **)&on_invalid, (void *)handler);
}

invalid_handler EXPORT _get_invalid_parameter_handler(void)
{
    return on_invalid;
}

/* Asked before the program's. */
invalid_handler EXPORT _set_thread_local_invalid_parameter_handler(invalid_handler handler)
{
    struct thread_data *data = thread_data();
    invalid_handler old = data->on_invalid;

    data->on_invalid = handler;
    return old;
}

invalid_handler EXPORT _get_thread_local_invalid_parameter_handler(void)
{
    return thread_data()->on_invalid;
}

/* The end without a handler. */
void EXPORT _invoke_watson(const wchar_t *expression, const wchar_t *function, const wchar_t *file,
                           unsigned line, uintptr_t reserved)
{
    (void)expression, (void)function, (void)file, (void)line, (void)reserved;
    fail_fast(FAST_FAIL_INVALID_ARG);
}

void EXPORT _invalid_parameter(const wchar_t *expression, const wchar_t *function, const wchar_t *file,
                               unsigned line, uintptr_t reserved)
{
    invalid_handler handler = thread_data()->on_invalid;

    if (!handler) handler = on_invalid;
    if (handler)
        handler(expression, function, file, line, reserved);
    else if (crt_profile.fails_fast)
        _invoke_watson(expression, function, file, line, reserved);
    else if (crt_profile.raises_on_invalid)
        RaiseException(STATUS_INVALID_CRUNTIME_PARAMETER, EXCEPTION_NONCONTINUABLE, 0, NULL);
}

void EXPORT _invalid_parameter_noinfo(void)
{
    invalid_parameter();
}

void EXPORT _invalid_parameter_noinfo_noreturn(void)
{
    invalid_parameter();
    _invoke_watson(NULL, NULL, NULL, 0, 0);
}
