// The console's handles, modes, code pages and title, and what is written to it.
#include "console_memory.h"
#include "dlls/ntdll/unix/locale.h"
#include "dlls/ntdll/unix/status_errno.h"
#include "kernelbase_host.h"
#include "loader/fail.h"
#include "loader/guest.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct console console = {
    .lock = PTHREAD_MUTEX_INITIALIZER,
    .input_mode = ENABLE_PROCESSED_INPUT | ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_MOUSE_INPUT |
                  ENABLE_INSERT_MODE | ENABLE_QUICK_EDIT_MODE | ENABLE_EXTENDED_FLAGS | ENABLE_AUTO_POSITION,
    .output_mode = ENABLE_PROCESSED_OUTPUT | ENABLE_WRAP_AT_EOL_OUTPUT,
    .attribute = FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE,
    .cursor_visible = true,
    .cursor_size = 25,
    .terminal = -1,
    .wake = -1,
};

char console_input_end, console_output_end;

static bool is_output(const struct file *file)
{
    return file->state != &console_input_end;
}

// The code pages are those of the locale until the program sets others.
static uint32_t code_page(_Atomic uint32_t *page)
{
    uint32_t number = atomic_load_explicit(page, memory_order_relaxed);
    return number != 0 ? number : host_locale()->oem;
}

// ---- the terminal ----

// Puts the terminal back as it was, its colours and cursor too. At any end of the process.
static void restore_terminal(void)
{
    if (console.terminal < 0) return;
    if (console.saved) tcsetattr(console.terminal, TCSADRAIN, &console.original);
    static const char sane[] = "\033[0m\033[?25h";
    if (console.attribute != (FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE) || !console.cursor_visible)
        if (write(console.terminal, sane, sizeof sane - 1) < 0) return;
}

// Notes the first terminal that is seen. Call with the lock held.
static void note_terminal(int fd)
{
    if (console.terminal >= 0) return;
    console.terminal = fcntl(fd, F_DUPFD_CLOEXEC, 3);
    if (console.terminal >= 0) at_process_end(restore_terminal);
}

void console_set_raw(int fd, bool raw)
{
    if (!console.saved) {
        if (tcgetattr(fd, &console.original) != 0) return;
        console.saved = true;
    }
    struct termios wanted = console.original;
    uint32_t mode = console.input_mode;
    wanted.c_cc[VSUSP] = _POSIX_VDISABLE; // Ctrl-Z is a key, and at the start of a line the end of input
    if (raw) {
        wanted.c_lflag &= ~(ICANON | ECHO | ECHOE | ECHOK | ECHONL | IEXTEN);
        wanted.c_iflag &= ~(ICRNL | INLCR | IGNCR | IXON);
        wanted.c_cc[VMIN] = 1;
        wanted.c_cc[VTIME] = 0;
        if (!(mode & ENABLE_PROCESSED_INPUT)) wanted.c_lflag &= ~ISIG;
    } else {
        wanted.c_lflag |= ICANON;
        if (mode & ENABLE_ECHO_INPUT)
            wanted.c_lflag |= ECHO | ECHOE | ECHOK;
        else
            wanted.c_lflag &= ~(ECHO | ECHONL);
        if (mode & ENABLE_PROCESSED_INPUT)
            wanted.c_lflag |= ISIG;
        else
            wanted.c_lflag &= ~ISIG;
        wanted.c_iflag |= ICRNL;
    }
    struct termios now;
    if (tcgetattr(fd, &now) == 0 && (now.c_lflag != wanted.c_lflag || now.c_iflag != wanted.c_iflag ||
                                     now.c_cc[VSUSP] != wanted.c_cc[VSUSP]))
        tcsetattr(fd, TCSANOW, &wanted);
    console.raw = raw;
}

// ---- handles ----

static struct file *new_file(int fd, bool output, uint32_t access, uint32_t options)
{
    pthread_mutex_lock(&console.lock);
    note_terminal(fd);
    pthread_mutex_unlock(&console.lock);
    struct file *file = file_new(FILE_KIND_CONSOLE, &console_device, fd, access, options);
    if (file != NULL) file->state = output ? &console_output_end : &console_input_end;
    return file;
}

enum { STD_ACCESS = FILE_GENERIC_READ | FILE_GENERIC_WRITE };

NTSTATUS console_open_std(int host_fd, HANDLE32 *handle)
{
    int fd = fcntl(host_fd, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return status_from_errno(errno);
    struct file *file = new_file(fd, host_fd != STDIN_FILENO, STD_ACCESS, FILE_SYNCHRONOUS_IO_NONALERT);
    if (file == NULL) return STATUS_NO_MEMORY;
    return file_new_handle(file, STD_ACCESS, OBJ_INHERIT, handle);
}

struct file *console_from_parcel(int fd, bool output)
{
    return new_file(fd, output, STD_ACCESS, FILE_SYNCHRONOUS_IO_NONALERT);
}

bool console_is_output(const struct file *file)
{
    return is_output(file);
}

NTSTATUS console_open(enum path_kind kind, uint32_t access, uint32_t options, struct file **file)
{
    bool output = kind == PATH_CONSOLE_OUTPUT || (kind == PATH_CONSOLE && access & FILE_WRITE_DATA);
    if (!ConsoleExists()) return STATUS_INVALID_HANDLE;
    if (kind == PATH_CONSOLE && access & FILE_WRITE_DATA && access & FILE_READ_DATA)
        return STATUS_INVALID_PARAMETER;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd < 0) {
        // No controlling terminal: a standard descriptor may be one all the same.
        pthread_mutex_lock(&console.lock);
        if (console.terminal >= 0) fd = fcntl(console.terminal, F_DUPFD_CLOEXEC, 3);
        pthread_mutex_unlock(&console.lock);
    }
    if (fd < 0) return console_memory_open(output, access, options, file);
    *file =
        new_file(fd, output, access, (options & ~FILE_SYNCHRONOUS_IO_ALERT) | FILE_SYNCHRONOUS_IO_NONALERT);
    return *file != NULL ? STATUS_SUCCESS : STATUS_NO_MEMORY;
}

NTSTATUS console_resolve(HANDLE32 handle, bool output, struct file **file)
{
    // What is no console is an invalid handle, even to who lacks the right.
    NTSTATUS status = file_resolve(handle, 0, file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    bool is_console = (*file)->kind == FILE_KIND_CONSOLE && !console_memory_is_gone(*file);
    file_release(*file);
    if (!is_console) return STATUS_INVALID_HANDLE;
    status = file_resolve(handle, output ? FILE_WRITE_DATA : FILE_READ_DATA, file);
    if (!NT_SUCCESS(status)) return status;
    if ((*file)->kind == FILE_KIND_CONSOLE && is_output(*file) == output) return STATUS_SUCCESS;
    file_release(*file);
    return STATUS_INVALID_HANDLE;
}

uint8_t ConsoleExists(void)
{
    pthread_mutex_lock(&console.lock);
    bool exists = console.terminal >= 0 || console.active != NULL;
    pthread_mutex_unlock(&console.lock);
    if (exists) return 1;
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
    if (fd >= 0) close(fd);
    return fd >= 0;
}

// ---- modes, code pages, title ----

NTSTATUS ConsoleGetMode(HANDLE32 handle, uint32_t *mode)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    if (file->kind != FILE_KIND_CONSOLE || console_memory_is_gone(file))
        status = STATUS_INVALID_HANDLE;
    else if (!is_output(file))
        *mode = console.input_mode;
    else
        *mode = console_buffer_of(file) != NULL ? console_buffer_of(file)->mode : console.output_mode;
    file_release(file);
    return status;
}

NTSTATUS ConsoleSetMode(HANDLE32 handle, uint32_t mode)
{
    struct file *file;
    NTSTATUS status = file_resolve(handle, 0, &file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    if (file->kind != FILE_KIND_CONSOLE) {
        status = STATUS_INVALID_HANDLE;
    } else if (is_output(file)) {
        if (mode & ~0x1Fu)
            status = STATUS_INVALID_PARAMETER;
        else if (console_buffer_of(file) != NULL)
            console_buffer_of(file)->mode = mode;
        else
            console.output_mode = mode;
    } else if (mode & ~0x3FFu || (mode & ENABLE_ECHO_INPUT && !(mode & ENABLE_LINE_INPUT))) {
        status = STATUS_INVALID_PARAMETER;
    } else {
        pthread_mutex_lock(&console.lock);
        bool changed =
            (console.input_mode ^ mode) & (ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_PROCESSED_INPUT);
        console.input_mode = mode;
        if (changed && console.active == NULL) console_set_raw(file->fd, !(mode & ENABLE_LINE_INPUT));
        pthread_mutex_unlock(&console.lock);
    }
    file_release(file);
    return status;
}

uint32_t ConsoleGetCodePage(uint8_t output)
{
    return code_page(output ? &console.output_page : &console.input_page);
}

NTSTATUS ConsoleSetCodePage(uint8_t output, uint32_t number)
{
    if (number != CP_UTF8 && code_page_find(number) == NULL) return STATUS_INVALID_PARAMETER;
    atomic_store(output ? &console.output_page : &console.input_page, number);
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleSetTitle(gptr title, uint32_t length)
{
    uint16_t text[TITLE_MAX];
    char sequence[TITLE_MAX * 3 + 8];
    if (length / 2 > TITLE_MAX) return STATUS_INVALID_PARAMETER;
    if (!guest_read(text, title, length & ~1u)) return STATUS_ACCESS_VIOLATION;
    pthread_mutex_lock(&console.lock);
    memcpy(console.title, text, length & ~1u);
    console.title_length = length / 2;
    int fd = console.terminal;
    pthread_mutex_unlock(&console.lock);
    if (fd < 0) return STATUS_SUCCESS;
    for (uint32_t i = 0; i < length / 2; i++)
        if (text[i] < 32 || (text[i] >= 0x7F && text[i] < 0xA0)) text[i] = ' '; // would end the sequence
    struct text_state state = {0};
    size_t n = sprintf(sequence, "\033]0;");
    n += text_to_utf8(&state, sequence + n, text, length / 2, true);
    sequence[n++] = '\a';
    return write(fd, sequence, n) < 0 ? status_from_errno(errno) : STATUS_SUCCESS;
}

NTSTATUS ConsoleGetTitle(gptr title, uint32_t length, uint32_t *units)
{
    pthread_mutex_lock(&console.lock);
    uint32_t n = console.title_length;
    uint16_t text[TITLE_MAX];
    memcpy(text, console.title, n * 2);
    pthread_mutex_unlock(&console.lock);
    *units = n;
    if (n > length / 2) n = length / 2;
    return guest_write(title, text, n * 2) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- output ----

NTSTATUS console_put(const struct file *file, const void *bytes, size_t n)
{
    const char *at = bytes;
    while (n > 0) {
        // A terminal that is stopped must not hold the thread where nobody can end it.
        struct pollfd ready = {.fd = file->fd, .events = POLLOUT};
        if (poll(&ready, 1, 0) == 0) {
            NTSTATUS status = host_wait_fd(file->fd, POLLOUT, false, NULL);
            if (status != STATUS_SUCCESS) return status;
        }
        ssize_t done = write(file->fd, at, n);
        if (done < 0 && errno != EINTR && errno != EAGAIN) return status_from_errno(errno);
        if (done < 0) continue;
        at += done;
        n -= done;
    }
    return STATUS_SUCCESS;
}

// Whether escape sequences are for the terminal; else they are shown.
static bool plain(void)
{
    return !(console.output_mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

enum { CHUNK = 1024 }; // units at a time: what they become fits a stack buffer

static NTSTATUS put_units(const struct file *file, const uint16_t *units, size_t n)
{
    char text[CHUNK * 3 + 8];
    struct console_buffer *buffer = console_buffer_of(file);
    pthread_mutex_lock(&console.lock);
    if (buffer != NULL) {
        console_buffer_write(buffer, units, n);
        pthread_mutex_unlock(&console.lock);
        return STATUS_SUCCESS;
    }
    size_t bytes = text_to_utf8(&console.out, text, units, n, plain());
    pthread_mutex_unlock(&console.lock);
    return console_put(file, text, bytes);
}

NTSTATUS ConsoleWrite(HANDLE32 handle, gptr text, uint32_t length, uint32_t *written)
{
    struct file *file;
    NTSTATUS status = console_resolve(handle, true, &file);
    if (!NT_SUCCESS(status)) return status;
    uint16_t units[CHUNK];
    for (uint32_t done = 0; NT_SUCCESS(status) && done + 1 < length;) {
        uint32_t part = (length - done) & ~1u;
        if (part > sizeof units) part = sizeof units;
        status =
            guest_read(units, text + done, part) ? put_units(file, units, part / 2) : STATUS_ACCESS_VIOLATION;
        done += part;
        if (NT_SUCCESS(status)) *written = done;
    }
    file_release(file);
    return status;
}

// WriteFile on a console: bytes of the output code page.
static NTSTATUS console_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    if (!is_output(io->file) || console_memory_is_gone(io->file)) return STATUS_INVALID_HANDLE;
    uint32_t number = code_page(&console.output_page);
    const struct code_page *page = number == CP_UTF8 ? NULL : code_page_find(number);
    uint8_t bytes[CHUNK];
    uint16_t units[CHUNK];
    NTSTATUS status = STATUS_SUCCESS;
    while (NT_SUCCESS(status) && io->information < length) {
        uint32_t part = length - io->information < CHUNK ? length - io->information : CHUNK;
        if (!guest_read(bytes, buffer + io->information, part)) return STATUS_ACCESS_VIOLATION;
        if (page != NULL) {
            pthread_mutex_lock(&console.lock);
            size_t n = code_page_to_utf16(page, &console.out, units, bytes, part);
            pthread_mutex_unlock(&console.lock);
            status = put_units(io->file, units, n);
        } else if (console_buffer_of(io->file) != NULL) {
            size_t used, n = text_from_utf8(units, bytes, part, &used);
            status = put_units(io->file, units, n);
        } else {
            // UTF-8, or no tables: as it is, but for escapes.
            if (plain())
                for (uint32_t i = 0; i < part; i++)
                    if (bytes[i] == 0x1B) bytes[i] = '^';
            status = console_put(io->file, bytes, part);
        }
        io->information += part;
    }
    return status;
}

// ReadFile on a console: bytes of the input code page.
static NTSTATUS console_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    if (is_output(io->file) || console_memory_is_gone(io->file)) return STATUS_INVALID_HANDLE;
    uint32_t number = code_page(&console.input_page);
    const struct code_page *page = number == CP_UTF8 ? NULL : code_page_find(number);
    uint16_t units[CHUNK];
    uint8_t bytes[CHUNK * 3];
    if (length == 0) return STATUS_SUCCESS;
    if (!guest_probe_write(buffer, length)) return STATUS_ACCESS_VIOLATION;
    // A unit becomes up to three bytes: no more of them than surely fit, but at least one.
    uint32_t capacity = length / (page == NULL ? 3 : code_page_is_double(page) ? 2 : 1), count;
    if (capacity == 0) capacity = 1;
    if (capacity > CHUNK) capacity = CHUNK;
    NTSTATUS status = console_read_text(io->file, units, capacity, &count);
    if (!NT_SUCCESS(status)) return status;
    struct text_state state = {0};
    size_t n = page != NULL ? code_page_from_utf16(page, bytes, units, count)
                            : text_to_utf8(&state, (char *)bytes, units, count, false);
    if (n > length) n = length;
    if (!guest_write(buffer, bytes, n)) return STATUS_ACCESS_VIOLATION;
    io->information = n;
    return STATUS_SUCCESS;
}

static NTSTATUS console_flush(struct io *io)
{
    if (is_output(io->file) || console_memory_is_gone(io->file)) return STATUS_INVALID_HANDLE;
    return console_flush_input(io->file);
}

// A console is no file that could have a size.
static NTSTATUS console_query(struct file *file, uint32_t class, gptr buffer, uint32_t length,
                              uint32_t *information)
{
    (void)file;
    (void)buffer;
    (void)length;
    (void)information;
    return class == FileStandardInformation ? STATUS_INVALID_DEVICE_REQUEST : STATUS_INVALID_INFO_CLASS;
}

enum { ALLOW_APPCONTAINER_TRAVERSAL = 0x20000 }; // FILE_DEVICE_..., as Windows' console driver has it

const struct file_device console_device = {
    .type = FILE_DEVICE_CONSOLE,
    .characteristics = ALLOW_APPCONTAINER_TRAVERSAL,
    .read = console_read,
    .write = console_write,
    .flush = console_flush,
    .query = console_query,
};

const struct file_device console_memory_device = {
    .type = FILE_DEVICE_CONSOLE,
    .characteristics = ALLOW_APPCONTAINER_TRAVERSAL,
    .signals_itself = true,
    .read = console_read,
    .write = console_write,
    .flush = console_flush,
    .query = console_query,
    .destroy = console_memory_forget,
};
