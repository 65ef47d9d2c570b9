// The lines that were typed on a console, program by program. What is read of them is believed only within
// its bounds, as with all that processes share.
#include "console_history.h"
#include "console_names.h"
#include "console_state.h"
#include "kernelbase_host.h"
#include "loader/guest.h"
#include <string.h>

void console_histories_init(struct console_histories *histories)
{
    histories->lines = 50;
    histories->programs = 4;
}

// Puts right what is out of bounds.
static struct console_history *checked(struct console_history *history)
{
    if (history->exe_length > HISTORY_EXE) history->exe_length = 0;
    if (history->units > HISTORY_UNITS || history->n > history->units) history->units = history->n = 0;
    if (history->units > 0) history->text[history->units - 1] = 0;
    if (history->at > history->n) history->at = history->n;
    return history;
}

struct console_history *console_history_find(struct console_histories *histories, const uint16_t *exe,
                                             uint32_t length)
{
    for (unsigned i = 0; i < HISTORIES; i++) {
        struct console_history *history = checked(&histories->all[i]);
        if (history->exe_length && console_names_equal(history->exe, history->exe_length, exe, length))
            return history;
    }
    return NULL;
}

// The place of a new one: a free one as long as there may be more, else the one not used for longest.
static struct console_history *vacant(struct console_histories *histories)
{
    struct console_history *free = NULL, *oldest = NULL;
    uint32_t n = 0;
    for (unsigned i = 0; i < HISTORIES; i++) {
        struct console_history *history = checked(&histories->all[i]);
        if (!history->exe_length) {
            free = history;
            continue;
        }
        n++;
        if (!oldest || (int32_t)(history->serial - oldest->serial) < 0) oldest = history;
    }
    return free && n < histories->programs ? free : oldest;
}

void console_history_set_reader(struct console_histories *histories, const uint16_t *exe, uint32_t length)
{
    if (length > HISTORY_EXE) length = HISTORY_EXE;
    struct console_history *history = length ? console_history_find(histories, exe, length) : NULL;
    if (!history && length && (history = vacant(histories)) != NULL) {
        history->exe_length = length;
        memcpy(history->exe, exe, length * sizeof *exe);
        history->n = history->at = history->units = 0;
        history->limit = histories->lines;
    }
    histories->reader = history ? (uint32_t)(history - histories->all) + 1 : 0;
    if (history) history->serial = ++histories->serials;
}

struct console_history *console_history_reader(struct console_histories *histories)
{
    if (histories->reader < 1 || histories->reader > HISTORIES) return NULL;
    struct console_history *history = checked(&histories->all[histories->reader - 1]);
    return history->exe_length ? history : NULL;
}

// ---- its lines ----

// The length of the line that begins at a place, without its NUL.
static uint32_t line_length(const struct console_history *history, uint32_t from)
{
    uint32_t to = from;
    while (to < history->units && history->text[to]) to++;
    return to - from;
}

const uint16_t *console_history_line(const struct console_history *history, uint32_t number, uint32_t *length)
{
    uint32_t at = 0;
    if (number >= history->n) return NULL;
    while (number-- > 0 && at < history->units) at += line_length(history, at) + 1;
    if (at >= history->units) return NULL;
    *length = line_length(history, at);
    return history->text + at;
}

static void drop_first(struct console_history *history, uint32_t number)
{
    uint32_t n = line_length(history, number) + 1;
    if (number + n > history->units) n = history->units - number;
    memmove(history->text + number, history->text + number + n,
            (history->units - number - n) * sizeof *history->text);
    history->units -= n;
    history->n--;
}

// Without duplicates an earlier line that is the same goes.
static void drop_same(struct console_history *history, const uint16_t *line, uint32_t length)
{
    uint32_t found_length;
    for (uint32_t i = 0; i < history->n; i++) {
        const uint16_t *found = console_history_line(history, i, &found_length);
        if (!found || found_length != length || memcmp(found, line, length * sizeof *line) != 0) continue;
        drop_first(history, (uint32_t)(found - history->text));
        return;
    }
}

void console_history_add(struct console_histories *histories, struct console_history *history,
                         const uint16_t *line, uint32_t length)
{
    uint32_t last_length;
    const uint16_t *last = history->n ? console_history_line(history, history->n - 1, &last_length) : NULL;
    bool same = last && last_length == length && !memcmp(last, line, length * sizeof *line);
    if (!same && length > 0 && length < HISTORY_UNITS && history->limit > 0) {
        if (histories->no_duplicates) drop_same(history, line, length);
        while (history->n > 0 &&
               (history->n >= history->limit || history->units + length + 1 > HISTORY_UNITS))
            drop_first(history, 0);
        if (history->n == 0) history->units = 0;
        memcpy(history->text + history->units, line, length * sizeof *line);
        history->text[history->units + length] = 0;
        history->units += length + 1;
        history->n++;
    }
    history->at = history->n;
}

static void set_limit(struct console_history *history, uint32_t limit)
{
    history->limit = limit;
    while (history->n > limit) drop_first(history, 0);
    if (history->n == 0) history->units = 0;
    history->at = history->n;
}

// ---- what programs ask of them ----

NTSTATUS ConsoleListHistory(gptr exe, uint32_t exe_length, gptr list, uint32_t length, uint32_t *needed)
{
    struct console_name name;
    NTSTATUS status = console_name_read(&name, exe, exe_length);
    struct console_shared *shared = NT_SUCCESS(status) ? console_lock() : NULL;
    if (!shared) return NT_SUCCESS(status) ? STATUS_NO_MEMORY : status;
    struct console_history *history = console_history_find(&shared->histories, name.units, name.length);
    *needed = history ? history->units * 2 : 0;
    status = history ? console_list_write(list, length, history->text, *needed) : STATUS_SUCCESS;
    console_unlock();
    return status;
}

NTSTATUS ConsoleExpungeHistory(gptr exe, uint32_t exe_length)
{
    struct console_name name;
    NTSTATUS status = console_name_read(&name, exe, exe_length);
    struct console_shared *shared = NT_SUCCESS(status) ? console_lock() : NULL;
    if (!shared) return NT_SUCCESS(status) ? STATUS_NO_MEMORY : status;
    struct console_history *history = console_history_find(&shared->histories, name.units, name.length);
    if (history) history->n = history->at = history->units = 0;
    console_unlock();
    return status;
}

NTSTATUS ConsoleSetHistorySize(gptr exe, uint32_t exe_length, uint32_t lines)
{
    struct console_name name;
    NTSTATUS status = console_name_read(&name, exe, exe_length);
    struct console_shared *shared = NT_SUCCESS(status) ? console_lock() : NULL;
    if (!shared) return NT_SUCCESS(status) ? STATUS_NO_MEMORY : status;
    struct console_history *history = console_history_find(&shared->histories, name.units, name.length);
    if (history) set_limit(history, lines < HISTORY_LIMIT ? lines : HISTORY_LIMIT);
    console_unlock();
    return status;
}

NTSTATUS ConsoleGetHistoryInfo(CONSOLE_HISTORY_INFO32 *info)
{
    struct console_shared *shared = console_lock();
    if (!shared) return STATUS_NO_MEMORY;
    *info = (CONSOLE_HISTORY_INFO32){.cbSize = sizeof *info,
                                     .HistoryBufferSize = shared->histories.lines,
                                     .NumberOfHistoryBuffers = shared->histories.programs,
                                     .dwFlags = shared->histories.no_duplicates != 0};
    console_unlock();
    return STATUS_SUCCESS;
}

NTSTATUS ConsoleSetHistoryInfo(const CONSOLE_HISTORY_INFO32 *info)
{
    struct console_shared *shared = console_lock();
    if (!shared) return STATUS_NO_MEMORY;
    struct console_histories *histories = &shared->histories;
    histories->lines = info->HistoryBufferSize < HISTORY_LIMIT ? info->HistoryBufferSize : HISTORY_LIMIT;
    histories->programs = info->NumberOfHistoryBuffers;
    histories->no_duplicates = info->dwFlags & 1; // HISTORY_NO_DUP_FLAG
    for (unsigned i = 0; i < HISTORIES; i++) set_limit(checked(&histories->all[i]), histories->lines);
    console_unlock();
    return STATUS_SUCCESS;
}
