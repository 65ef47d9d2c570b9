// The console's modes, code pages and title, and what is written to it.
#include "console_memory.h"
#include "console_pseudo.h"
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
#include <sys/ioctl.h>
#include <unistd.h>

struct console console = {.lock = PTHREAD_MUTEX_INITIALIZER, .terminal = -1};

// The code pages are those of the locale until a program sets others.
static uint32_t code_page(bool output)
{
    struct console_shared *shared = console_lock();
    uint32_t number = 0;
    if (shared != NULL) {
        number = output ? shared->output_page : shared->input_page;
        console_unlock();
    }
    return number != 0 ? number : host_locale()->oem;
}

// ---- the terminal ----

// Has the terminal tell of its mouse, or not.
static void set_mouse(struct console_shared *shared, int fd, bool wanted)
{
    if (wanted == (shared->mouse != 0)) return;
    const char *sequence = wanted ? "\033[?1003;1006h" : "\033[?1003;1006l";
    shared->mouse = write(fd, sequence, strlen(sequence)) > 0 && wanted;
}

// Puts the terminal back as it was, its colours and cursor too, once the last process of the console ends.
static void restore_terminal(void)
{
    struct console_shared *shared =
        console.terminal >= 0 && console.share != NULL ? console.share->shared : NULL;
    if (shared == NULL || !shared->terminal || console_has_others(shared)) return;
    set_mouse(shared, console.terminal, false);
    if (shared->saved) tcsetattr(console.terminal, TCSADRAIN, &shared->original);
    static const char sane[] = "\033[0m\033[?25h";
    if (shared->attribute != (FOREGROUND_RED | FOREGROUND_GREEN | FOREGROUND_BLUE) || !shared->cursor_visible)
        if (write(console.terminal, sane, sizeof sane - 1) < 0) return;
}

void console_restore_at_end(void)
{
    at_process_end(restore_terminal);
}

void console_set_raw(struct console_shared *shared, int fd, bool raw)
{
    if (!shared->saved) {
        if (tcgetattr(fd, &shared->original) != 0) return;
        shared->saved = true;
    }
    struct termios wanted = shared->original;
    uint32_t mode = shared->input_mode;
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
                                     now.c_cc[VSUSP] != wanted.c_cc[VSUSP])) {
        int waiting = 0;
        bool echoed = now.c_lflag & ECHO && !(wanted.c_lflag & ECHO);
        tcsetattr(fd, TCSANOW, &wanted);
        if (echoed && ioctl(fd, FIONREAD, &waiting) == 0) shared->ahead = (uint32_t)waiting;
    }
    console.raw = raw;
    // While text can be marked with it (quick edit) the mouse is the terminal's own.
    set_mouse(shared, fd, raw && mode & ENABLE_MOUSE_INPUT && !(mode & ENABLE_QUICK_EDIT_MODE));
}

// ---- modes, code pages, title ----

// A console's file of either end, with the lock, whatever its rights.
static NTSTATUS open_end(HANDLE32 handle, struct file **file, struct console_shared **shared)
{
    NTSTATUS status = file_resolve(handle, 0, file);
    if (!NT_SUCCESS(status)) return STATUS_INVALID_HANDLE;
    bool good = (*file)->kind == FILE_KIND_CONSOLE && console_is_usable(*file);
    *shared = good ? console_lock() : NULL;
    if (*shared != NULL) return STATUS_SUCCESS;
    file_release(*file);
    return good ? STATUS_NO_MEMORY : STATUS_INVALID_HANDLE;
}

NTSTATUS ConsoleGetMode(HANDLE32 handle, uint32_t *mode)
{
    struct file *file;
    struct console_shared *shared;
    struct console_buffer buffer;
    NTSTATUS status = open_end(handle, &file, &shared);
    if (!NT_SUCCESS(status)) return status;
    if (!console_is_output(file))
        *mode = shared->input_mode;
    else
        *mode = console_memory_get(shared, console_end_of(file), &buffer) != 0 ? buffer.mode
                                                                               : shared->output_mode;
    console_unlock();
    file_release(file);
    return status;
}

static NTSTATUS set_output_mode(struct console_shared *shared, const struct file *file, uint32_t mode)
{
    struct console_buffer copy;
    if (mode & ~0x1Fu) return STATUS_INVALID_PARAMETER;
    uint32_t buffer = console_memory_get(shared, console_end_of(file), &copy);
    if (buffer != 0)
        shared->buffers[buffer - 1].mode = mode;
    else
        shared->output_mode = mode;
    return STATUS_SUCCESS;
}

static NTSTATUS set_input_mode(struct console_shared *shared, const struct file *file, uint32_t mode)
{
    if (mode & ~0x3FFu || (mode & ENABLE_ECHO_INPUT && !(mode & ENABLE_LINE_INPUT)))
        return STATUS_INVALID_PARAMETER;
    uint32_t changed =
        (shared->input_mode ^ mode) & (ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_PROCESSED_INPUT |
                                       ENABLE_MOUSE_INPUT | ENABLE_QUICK_EDIT_MODE);
    shared->input_mode = mode;
    if (changed && console_end_of(file)->terminal)
        console_set_raw(shared, file->fd, true);
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleSetMode(HANDLE32 handle, uint32_t mode)
{
    struct file *file;
    struct console_shared *shared;
    NTSTATUS status = open_end(handle, &file, &shared);
    if (!NT_SUCCESS(status)) return status;
    status =
        console_is_output(file) ? set_output_mode(shared, file, mode) : set_input_mode(shared, file, mode);
    console_unlock();
    file_release(file);
    return status;
}

uint32_t ConsoleGetCodePage(uint8_t output)
{
    return code_page(output);
}

NTSTATUS ConsoleSetCodePage(uint8_t output, uint32_t number)
{
    if (number != CP_UTF8 && code_page_find(number) == NULL) return STATUS_INVALID_PARAMETER;
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    *(output ? &shared->output_page : &shared->input_page) = number;
    console_unlock();
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleSetTitle(gptr title, uint32_t length)
{
    uint16_t text[TITLE_MAX];
    char sequence[TITLE_MAX * 3 + 8];
    if (length / 2 > TITLE_MAX) return STATUS_INVALID_PARAMETER;
    if (!guest_read(text, title, length & ~1u)) return STATUS_ACCESS_VIOLATION;
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    memcpy(shared->title, text, length & ~1u);
    shared->title_length = length / 2;
    int fd = shared->terminal ? console.terminal : -1;
    console_unlock();
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
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    uint32_t n = shared->title_length;
    uint16_t text[TITLE_MAX];
    if (n > TITLE_MAX) n = TITLE_MAX;
    memcpy(text, shared->title, n * 2);
    console_unlock();
    *units = n;
    if (n > length / 2) n = length / 2;
    return guest_write(title, text, n * 2) ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// ---- output ----

// Writes all. A terminal that is stopped must not hold the thread where nobody can end it: BLOCKS says that a
// write would, so that it is asked first.
static NTSTATUS write_all(int fd, bool blocks, const void *bytes, size_t n)
{
    const char *at = bytes;
    for (bool full = false; n > 0;) {
        struct pollfd ready = {.fd = fd, .events = POLLOUT};
        if (full || (blocks && poll(&ready, 1, 0) == 0)) {
            NTSTATUS status = host_wait_fd(fd, POLLOUT, false, NULL);
            if (status != STATUS_SUCCESS) return status;
        }
        ssize_t done = write(fd, at, n);
        full = done < 0 && errno == EAGAIN;
        if (done < 0 && errno != EINTR && errno != EAGAIN) return status_from_errno(errno);
        if (done < 0) continue;
        at += done;
        n -= done;
    }
    return STATUS_SUCCESS;
}

NTSTATUS console_put_to(int fd, const void *bytes, size_t n)
{
    return write_all(fd, true, bytes, n);
}

// The terminal opened once more, so that writes don't block: what the file has may be shared with host
// programs, which expect that they do. -1: it can't be.
static int terminal_writer(const struct file *file)
{
    struct console_end *end = console_end_of(file);
    pthread_mutex_lock(&console.lock);
    if (end->writer == 0) {
        char path[32];
        snprintf(path, sizeof path, "/proc/self/fd/%d", file->fd);
        int fd = end->terminal ? open(path, O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC) : -1;
        end->writer = fd < 0 ? -1 : fd + 1;
    }
    int writer = end->writer;
    pthread_mutex_unlock(&console.lock);
    return writer < 0 ? -1 : writer - 1;
}

NTSTATUS console_put(const struct file *file, const void *bytes, size_t n)
{
    int writer = terminal_writer(file);
    return writer < 0 ? write_all(file->fd, true, bytes, n) : write_all(writer, false, bytes, n);
}

// Whether escape sequences are for the terminal; else they are shown.
static bool plain(const struct console_shared *shared)
{
    return !(shared->output_mode & ENABLE_VIRTUAL_TERMINAL_PROCESSING);
}

enum { CHUNK = 1024 }; // units at a time: what they become fits a stack buffer

static NTSTATUS put_units(const struct file *file, const uint16_t *units, size_t n)
{
    char text[CHUNK * 3 + 8];
    struct console_screen screen;
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    if (console_screen_begin(&screen, shared, console_end_of(file))) {
        console_screen_write(&screen, units, n);
        return console_screen_end(&screen);
    }
    size_t bytes = text_to_utf8(&console.out, text, units, n, plain(shared));
    console_unlock();
    return file->fd < 0 ? STATUS_SUCCESS : console_put(file, text, bytes);
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

// UTF-8 goes to a terminal as it is, but for escapes.
static NTSTATUS put_utf8(const struct file *file, uint8_t *bytes, size_t n)
{
    struct console_shared *shared = console_lock();
    if (shared == NULL) return STATUS_NO_MEMORY;
    bool shown = plain(shared);
    console_unlock();
    for (size_t i = 0; i < n && shown; i++)
        if (bytes[i] == 0x1B) bytes[i] = '^';
    return console_put(file, bytes, n);
}

// WriteFile on a console: bytes of the output code page.
static NTSTATUS console_write(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    if (!console_is_output(io->file) || !console_is_usable(io->file)) return STATUS_INVALID_HANDLE;
    uint32_t number = code_page(true);
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
        } else if (console_end_of(io->file)->terminal) {
            status = put_utf8(io->file, bytes, part);
        } else {
            size_t used, n = text_from_utf8(units, bytes, part, &used);
            status = put_units(io->file, units, n);
        }
        io->information += part;
    }
    return status;
}

// ReadFile on a console: bytes of the input code page.
static NTSTATUS console_read(struct io *io, gptr buffer, uint32_t length, const int64_t *offset)
{
    (void)offset;
    if (console_is_output(io->file) || !console_is_usable(io->file)) return STATUS_INVALID_HANDLE;
    uint32_t number = code_page(false);
    const struct code_page *page = number == CP_UTF8 ? NULL : code_page_find(number);
    uint16_t units[CHUNK];
    uint8_t bytes[CHUNK * 3];
    if (length == 0) return STATUS_SUCCESS;
    if (!guest_probe_write(buffer, length)) return STATUS_ACCESS_VIOLATION;
    // A unit becomes up to three bytes: no more of them than surely fit, but at least one.
    uint32_t capacity = length / (page == NULL ? 3 : code_page_is_double(page) ? 2 : 1), count;
    if (capacity == 0) capacity = 1;
    if (capacity > CHUNK) capacity = CHUNK;
    NTSTATUS status = console_read_plain(io->file, units, capacity, &count);
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
    if (console_is_output(io->file) || !console_is_usable(io->file)) return STATUS_INVALID_HANDLE;
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
    .destroy = console_forget,
};

const struct file_device console_memory_device = {
    .type = FILE_DEVICE_CONSOLE,
    .characteristics = ALLOW_APPCONTAINER_TRAVERSAL,
    .signals_itself = true,
    .read = console_read,
    .write = console_write,
    .flush = console_flush,
    .query = console_query,
    .destroy = console_forget,
};
