// The console of this process: what is shared with the others attached to it, and what is the process's own.
#ifndef LOWLAND_CONSOLE_STATE_H
#define LOWLAND_CONSOLE_STATE_H

#include "console_alias.h"
#include "console_buffer.h"
#include "console_history.h"
#include "console_text.h"
#include "dlls/ntdll/unix/console.h"
#include "dlls/ntdll/unix/region_lock.h"
#include "guest_constants.h"
#include "guest_types.h"
#include <pthread.h>
#include <termios.h>

enum {
    INPUT_QUEUE = 1024,
    TITLE_MAX = 1024,
    LINE_UNITS = 4096,
    CONSOLE_BUFFERS = 32,
    CONSOLE_MEMBERS = 256,
    KEY_IS_SHOWN = 1 << 30, // in dwControlKeyState of queued keys: the terminal has echoed it
};

// A process that is attached. pid commits.
struct console_member {
    _Atomic uint32_t pid;      // the host's; 0: free
    uint32_t slot, generation; // in the region: whether it lives
    uint32_t group;            // whose control events it gets
    uint64_t buffers;          // that it has handles of, a bit each
};

// What the processes of a console share: in memory of its own, which docs/console.md describes. Read with
// distrust; everything under lock.
struct console_shared {
    struct region_lock lock;
    uint32_t terminal; // a terminal shows it; else it is kept in memory
    // A pseudo-console's: which process feeds and shows it, by a pipe that others open as its descriptor.
    uint32_t server, server_out;
    uint32_t closed; // it was closed: who still comes ends
    uint64_t out_inode;
    uint16_t sent_attribute; // the last one that was sent there
    uint8_t partial[64];     // of a key that has only begun
    uint32_t partial_n;
    uint32_t input_mode, output_mode;
    uint32_t input_page, output_page; // code pages, 0: the locale's
    uint16_t attribute;               // a terminal's: of text written from now on
    uint16_t cursor_size, cursor_visible;
    uint16_t title[TITLE_MAX];
    uint32_t title_length;
    uint32_t saved; // the terminal's state as it was before anybody changed it
    struct termios original;
    uint32_t mouse; // the terminal was asked to tell of its mouse
    uint32_t ahead; // bytes that wait in the terminal and were echoed by it: typed before anybody read
    CONSOLE_FONT_INFOEX32 font;
    uint32_t has_window, window_style;
    int32_t window_x, window_y;
    uint32_t window, window_joined; // its handle, and how many processes came: under the region's lock

    INPUT_RECORD32 queue[INPUT_QUEUE];
    uint32_t queued, first, awake; // awake: the pipe of wake holds a byte
    uint16_t line[LINE_UNITS];     // what of a line was read and not yet taken
    uint32_t line_start, line_length;
    // Of the line that is being typed: its units and where the cursor is among them. While it was not asked
    // where on the screen the line is, it counts as beginning in column 0 of an endless row.
    uint32_t edited, line_cursor;
    uint32_t line_located, line_overwrites;
    // A key (F2, F4, F9) that waits for a character or a number, and what there is of that; 0: none does.
    uint32_t line_asks, line_number, line_digits;
    int32_t line_column, line_columns;
    // Control characters that end the reading of this line at once, a bit each; and whether one did, with
    // which keys held.
    uint32_t wakeup_mask, woken, woken_keys;
    struct console_histories histories;
    struct console_aliases aliases;

    uint32_t active;                                // the buffer that is shown, from 1; 0: there is none
    uint32_t serials;                               // the last one that a buffer got
    struct console_buffer buffers[CONSOLE_BUFFERS]; // in use where serial is not 0
    struct console_member members[CONSOLE_MEMBERS];
};

// The same, mapped here. References are counted, as calls may run while the process leaves the console.
struct console_share {
    _Atomic uint32_t references;
    int fd;      // of the memory
    int wake;    // both ends of a pipe that is readable while input waits
    int out;     // a pseudo-console's: where its output goes; -1: nowhere
    uint64_t id; // tells consoles apart
    struct console_shared *shared;
};

// What a handle's file stands for: file->state.
struct console_end {
    struct console_end *next; // of the process, under its lock
    struct file *file;        // not retained: its destruction takes the end from the list
    enum console_end_kind { CONSOLE_INPUT, CONSOLE_OUTPUT, CONSOLE_BUFFER, CONSOLE_REFERENCE } kind;
    bool terminal;               // file->fd is one
    uint32_t buffer, serial;     // of a CONSOLE_BUFFER, from 1
    uint64_t id;                 // of the console that a buffer is of; elsewhere it is the one that is shown
    struct console_share *share; // a reference's; NULL: one that was not needed yet
    int writer; // of a terminal: terminal_writer's descriptor and one; 0: none yet, -1: there can be none
};

// This process's side. Every field under lock.
struct console {
    pthread_mutex_t lock;
    bool attached;
    struct console_share *share; // NULL: none was needed yet
    uint32_t group;
    struct console_end *ends;

    int terminal;          // descriptor of the first terminal seen, -1: none
    bool raw;              // we read it raw now
    struct text_state out; // bytes and halves of characters that wait for the rest
    uint8_t partial[64];   // an escape sequence that has only begun
    uint32_t partial_n;
    uint16_t rows, columns; // as last seen by input, for window events
};

extern struct console console;

// Locks this process's side and the shared one. NULL, and nothing is locked: no memory for a console.
struct console_shared *console_lock(void);
void console_unlock(void);

static inline struct console_end *console_end_of(const struct file *file)
{
    return file->state;
}

// Resolves a console handle of one end. *file is retained. STATUS_INVALID_HANDLE for anything else.
NTSTATUS console_resolve(HANDLE32 handle, bool output, struct file **file);

// Whether a console's file stands for something now: its process is attached.
bool console_is_usable(const struct file *file);
bool console_is_output(const struct file *file);
// A console's file is gone.
void console_forget(struct file *file);

// Has the terminal put back as it was at any end of the process.
void console_restore_at_end(void);

// Reads the terminal raw, or leaves it to its own line editing. Call with the lock held.
void console_set_raw(struct console_shared *shared, int fd, bool raw);

// Writes all of it, waiting where the terminal does; not under the lock.
NTSTATUS console_put(const struct file *file, const void *bytes, size_t n);
NTSTATUS console_put_to(int fd, const void *bytes, size_t n);

// Drops all input that waits.
NTSTATUS console_flush_input(struct file *file);

// How a line is read.
struct console_read {
    const uint16_t *exe; // the program whose aliases and history count
    uint32_t exe_length;
    uint32_t initial;     // units of the buffer that the line begins with; they show already
    uint32_t wakeup_mask; // control characters that end it, a bit each
    uint32_t keys;        // the state of the keyboard when one did
};

// Reads a line or what there is as UTF-16. *units: how many, 0 at the end of input.
NTSTATUS console_read_plain(struct file *file, uint16_t *buffer, uint32_t capacity, uint32_t *units);

#endif
