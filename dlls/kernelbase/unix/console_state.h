// The console of this process: the terminal behind it, modes, code pages, and input that waits to be taken.
#ifndef LOWLAND_CONSOLE_STATE_H
#define LOWLAND_CONSOLE_STATE_H

#include "console_text.h"
#include "dlls/ntdll/unix/console.h"
#include "guest_constants.h"
#include "guest_types.h"
#include <pthread.h>
#include <termios.h>

enum { INPUT_QUEUE = 256, TITLE_MAX = 1024 };

// One per process. Every field under lock unless it says otherwise.
struct console {
    pthread_mutex_t lock;
    uint32_t input_mode, output_mode;
    _Atomic uint32_t input_page, output_page; // code pages
    uint16_t attribute;                       // of text written from now on
    bool cursor_visible;
    uint32_t cursor_size;
    uint16_t title[TITLE_MAX];
    uint32_t title_length;

    // The terminal's state as it was, to be put back; and whether we read it raw now.
    int terminal; // descriptor of the first terminal seen, -1: none
    struct termios original;
    bool saved, raw;

    struct text_state out; // bytes and halves of characters that wait for the rest
    INPUT_RECORD32 queue[INPUT_QUEUE];
    uint32_t queued, first;
    uint8_t partial[64]; // an escape sequence that has only begun
    uint32_t partial_n;
    uint16_t rows, columns; // as last seen by input, for window events
    uint16_t line[4096];    // what of a line was read and not yet taken
    uint32_t line_start, line_length;

    // A console in memory (console_memory.c): active NULL: there is none.
    struct console_buffer *buffers, *active;
    struct console_file *files; // its open handles' files
    int wake;                   // an event that is readable while input waits; -1: none
    bool awake;                 // it is, and the files are signalled
    uint32_t edited;            // units of the line that is being typed
};

extern struct console console;

// Which end a handle is of: file->state points to one of these, or to a buffer in memory.
extern char console_input_end, console_output_end;

// Resolves a console handle of one end. *file is retained. STATUS_INVALID_HANDLE for anything else.
NTSTATUS console_resolve(HANDLE32 handle, bool output, struct file **file);

// Reads the terminal raw (records) or by lines, as the mode says. Call with the lock held.
void console_set_raw(int fd, bool raw);

// Writes all of it, waiting where the terminal does; not under the lock.
NTSTATUS console_put(const struct file *file, const void *bytes, size_t n);

// Drops all input that waits.
NTSTATUS console_flush_input(struct file *file);

// Reads a line or what there is as UTF-16. *units: how many, 0 at the end of input.
NTSTATUS console_read_text(struct file *file, uint16_t *buffer, uint32_t capacity, uint32_t *units);

#endif
