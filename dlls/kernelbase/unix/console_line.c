// Editing a line, as Windows' consoles do: moving, deleting, and recalling lines that were typed before.
#include "console_line.h"
#include <string.h>

enum { ENDLESS = 0x7FFF }; // columns where nobody knows how many: the line doesn't wrap, as far as we know

struct editor {
    struct console_shared *shared;
    const struct line_display *display;
    int at; // the cell that the cursor is in, from the row that the line begins in
};

// ---- cells ----

static bool is_high(uint16_t unit)
{
    return unit >= 0xD800 && unit < 0xDC00;
}

static bool is_low(uint16_t unit)
{
    return unit >= 0xDC00 && unit < 0xE000;
}

// The cells that a character takes; both halves of a pair together take two.
static int width_of(const struct editor *editor, uint16_t unit)
{
    static const struct {
        uint16_t first, last, cells;
    } others[] = {{0x0300, 0x036F, 0}, {0x1100, 0x115F, 2}, {0x200B, 0x200F, 0}, {0x20D0, 0x20FF, 0},
                  {0x2E80, 0x303E, 2}, {0x3041, 0xA4CF, 2}, {0xAC00, 0xD7A3, 2}, {0xF900, 0xFAFF, 2},
                  {0xFE00, 0xFE0F, 0}, {0xFE30, 0xFE6F, 2}, {0xFF00, 0xFF60, 2}, {0xFFE0, 0xFFE6, 2}};
    if (unit < 0x20) return 2; // ^X
    for (size_t i = 0; editor->display->wide && i < sizeof others / sizeof *others; i++)
        if (unit >= others[i].first && unit <= others[i].last) return others[i].cells;
    return 1;
}

// The cell behind a unit that begins at cell.
static int cell_behind(const struct editor *editor, int cell, uint16_t unit)
{
    int columns = editor->shared->line_columns, width = width_of(editor, unit);
    if (unit == '\t') return cell + 8 - cell % columns % 8;
    if (width == 2 && unit >= 0x20 && cell % columns == columns - 1) cell++; // it doesn't fit there
    return cell + width;
}

static int cell_of(const struct editor *editor, uint32_t position)
{
    int cell = editor->shared->line_column;
    for (uint32_t i = 0; i < position; i++) cell = cell_behind(editor, cell, editor->shared->line[i]);
    return cell;
}

// ---- the display ----

static void put(struct editor *editor, uint16_t unit)
{
    static const uint16_t blanks[8] = {' ', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
    const struct line_display *display = editor->display;
    int behind = cell_behind(editor, editor->at, unit);
    if (unit == '\t')
        display->write(display->context, blanks, (size_t)(behind - editor->at));
    else if (unit < 0x20)
        display->write(display->context, (uint16_t[]){'^', unit + '@'}, 2);
    else
        display->write(display->context, &unit, 1);
    editor->at = behind;
}

static void go(struct editor *editor, int cell)
{
    int columns = editor->shared->line_columns;
    const struct line_display *display = editor->display;
    int right = cell % columns - editor->at % columns, down = cell / columns - editor->at / columns;
    if (right || down) display->move(display->context, right, down);
    editor->at = cell;
}

// Behind the last column: a further character brings the cursor into the next row.
static void wrap(struct editor *editor)
{
    const struct line_display *display = editor->display;
    if (!display->late_wrap || editor->at % editor->shared->line_columns != 0) return;
    display->write(display->context, u" ", 1);
    display->move(display->context, -1, 0);
}

// Learns where the line began, now that it matters. Its cells are counted from column 0 so far.
static void locate(struct editor *editor)
{
    struct console_shared *shared = editor->shared;
    int column, columns;
    if (shared->line_located) return;
    shared->line_located = true;
    if (!editor->display->locate(editor->display->context, &column, &columns)) return;
    if (columns < 1 || columns > ENDLESS) return;
    shared->line_columns = columns;
    shared->line_column = (column - editor->at % columns + columns) % columns;
    editor->at += shared->line_column;
}

// ---- changing the text ----

static void move_to(struct editor *editor, uint32_t position)
{
    editor->shared->line_cursor = position;
    if (!editor->display) return;
    locate(editor);
    go(editor, cell_of(editor, position));
}

// Puts units in the place of those between from and to, and the cursor behind them; nothing if they don't
// fit.
static void replace(struct editor *editor, uint32_t from, uint32_t to, const uint16_t *units, uint32_t n)
{
    struct console_shared *shared = editor->shared;
    uint32_t length = shared->edited;
    if (length - (to - from) + n > LINE_UNITS - 2) return;
    bool shown = editor->display != NULL, tab = false;
    for (uint32_t i = 0; i < n; i++) tab |= units[i] == '\t';
    // What only gets longer can be shown wherever it is.
    if (shown && (from < length || tab)) locate(editor);
    int old_end = shown ? cell_of(editor, length) : 0;
    memmove(shared->line + from + n, shared->line + to, (length - to) * sizeof *units);
    if (n > 0) memcpy(shared->line + from, units, n * sizeof *units);
    shared->edited = length - (to - from) + n;
    shared->line_cursor = from + n;
    if (!shown) return;
    if (from < length) go(editor, cell_of(editor, from));
    for (uint32_t i = from; i < shared->edited; i++) put(editor, shared->line[i]);
    while (editor->at < old_end) put(editor, ' ');
    if (from < length + n) wrap(editor);
    if (from < length) go(editor, cell_of(editor, shared->line_cursor));
}

// ---- places in it ----

static uint32_t before(const struct console_shared *shared, uint32_t position)
{
    if (position == 0) return 0;
    bool pair = position > 1 && is_low(shared->line[position - 1]) && is_high(shared->line[position - 2]);
    return position - (pair ? 2 : 1);
}

static uint32_t behind(const struct console_shared *shared, uint32_t position)
{
    if (position >= shared->edited) return shared->edited;
    bool pair = position + 1 < shared->edited && is_high(shared->line[position]) &&
                is_low(shared->line[position + 1]);
    return position + (pair ? 2 : 1);
}

// The beginning of this word, or of the one before.
static uint32_t word_before(const struct console_shared *shared, uint32_t position)
{
    while (position > 0 && shared->line[position - 1] == ' ') position--;
    while (position > 0 && shared->line[position - 1] != ' ') position--;
    return position;
}

// The beginning of the next word.
static uint32_t word_behind(const struct console_shared *shared, uint32_t position)
{
    while (position < shared->edited && shared->line[position] != ' ') position++;
    while (position < shared->edited && shared->line[position] == ' ') position++;
    return position;
}

// ---- lines typed before ----

static void remember(struct console_shared *shared)
{
    struct console_history *history = console_history_reader(&shared->histories);
    if (history) console_history_add(&shared->histories, history, shared->line, shared->edited);
}

static void recall(struct editor *editor, struct console_history *history, uint32_t number)
{
    uint32_t length;
    const uint16_t *text = console_history_line(history, number, &length);
    if (!text) return;
    history->at = number;
    replace(editor, 0, editor->shared->edited, text, length);
}

// The latest line before the one shown that begins with what is left of the cursor, which stays.
static void search(struct editor *editor, struct console_history *history)
{
    struct console_shared *shared = editor->shared;
    uint32_t length, cursor = shared->line_cursor;
    for (uint32_t number = history->at; number-- > 0;) {
        const uint16_t *text = console_history_line(history, number, &length);
        if (!text || length < cursor || memcmp(text, shared->line, cursor * sizeof *text) != 0) continue;
        recall(editor, history, number);
        move_to(editor, cursor);
        return;
    }
}

// From the last line what it has at the cursor: up to n units.
static void copy_last(struct editor *editor, const struct console_history *history, uint32_t n)
{
    uint32_t length, from = editor->shared->line_cursor;
    const uint16_t *last = history->n ? console_history_line(history, history->n - 1, &length) : NULL;
    if (!last || from >= length) return;
    if (n > length - from) n = length - from;
    uint32_t to = from + n < editor->shared->edited ? from + n : editor->shared->edited;
    replace(editor, from, to, last + from, n);
}

// The next place behind the cursor where a text has a unit; its length: there is none.
static uint32_t next_place(const struct editor *editor, const uint16_t *text, uint32_t length, uint16_t unit)
{
    uint32_t at = editor->shared->line_cursor + 1;
    while (at < length && text[at] != unit) at++;
    return at < length ? at : length;
}

// F2: copies from the last line up to a character.
static void copy_up_to(struct editor *editor, const struct console_history *history, uint16_t unit)
{
    uint32_t length;
    const uint16_t *last = history->n ? console_history_line(history, history->n - 1, &length) : NULL;
    uint32_t place = last ? next_place(editor, last, length, unit) : 0;
    if (last && place < length) copy_last(editor, history, place - editor->shared->line_cursor);
}

// F4: deletes up to a character.
static void delete_up_to(struct editor *editor, uint16_t unit)
{
    struct console_shared *shared = editor->shared;
    uint32_t place = next_place(editor, shared->line, shared->edited, unit);
    if (place < shared->edited) replace(editor, shared->line_cursor, place, NULL, 0);
}

// F9: the number of a line, digit by digit up to Enter.
static void take_digit(struct editor *editor, struct console_history *history, uint16_t unit)
{
    enum { DIGITS_MAX = 5 };
    struct console_shared *shared = editor->shared;
    if (unit >= '0' && unit <= '9' && shared->line_digits < DIGITS_MAX) {
        shared->line_number = shared->line_number * 10 + unit - '0';
        shared->line_digits++;
    } else if (unit == '\b' && shared->line_digits > 0) {
        shared->line_number /= 10;
        shared->line_digits--;
    } else if (unit == '\r') {
        shared->line_asks = 0;
        if (shared->line_digits == 0 || history->n == 0) return;
        recall(editor, history, shared->line_number < history->n ? shared->line_number : history->n - 1);
    }
}

// A key for one that waits. Escape ends the waiting; keys without a character mean nothing.
static void answer(struct editor *editor, uint16_t unit)
{
    struct console_shared *shared = editor->shared;
    struct console_history *history = console_history_reader(&shared->histories);
    uint32_t asks = shared->line_asks;
    if (!unit) return;
    if (unit == 0x1B || !history) {
        shared->line_asks = 0;
        return;
    }
    if (asks == VK_F9) {
        take_digit(editor, history, unit);
        return;
    }
    shared->line_asks = 0;
    if (asks == VK_F2)
        copy_up_to(editor, history, unit);
    else
        delete_up_to(editor, unit);
}

// The keys that have to do with them.
static void edit_by_history(struct editor *editor, uint16_t key, bool alt)
{
    struct console_history *history = console_history_reader(&editor->shared->histories);
    if (!history) return;
    switch (key) {
    case VK_F5:
    case VK_UP: recall(editor, history, history->at - 1); break;
    case VK_DOWN: recall(editor, history, history->at + 1); break;
    case VK_PRIOR: recall(editor, history, 0); break;
    case VK_NEXT: recall(editor, history, history->n - 1); break;
    case VK_RIGHT:
    case VK_F1: copy_last(editor, history, 1); break;
    case VK_F3: copy_last(editor, history, LINE_UNITS); break;
    case VK_F7:
        if (alt) history->n = history->at = history->units = 0;
        break;
    case VK_F8: search(editor, history); break;
    case VK_F2:
    case VK_F4:
    case VK_F9:
        editor->shared->line_asks = key;
        editor->shared->line_number = editor->shared->line_digits = 0;
        break;
    }
}

// ---- keys ----

// Puts what an alias stands for in the line's place; its length, 0: there is none.
static uint32_t expand(struct console_shared *shared)
{
    uint16_t out[LINE_UNITS];
    const struct console_history *reader = console_history_reader(&shared->histories);
    if (!reader || !(shared->input_mode & ENABLE_PROCESSED_INPUT)) return 0;
    uint32_t n = console_alias_expand(&shared->aliases, reader->exe, reader->exe_length, shared->line,
                                      shared->edited, out, LINE_UNITS);
    memcpy(shared->line, out, n * sizeof *out);
    return n;
}

static void complete(struct editor *editor)
{
    static const uint16_t end[] = {'\r', '\n'};
    struct console_shared *shared = editor->shared;
    uint32_t n = shared->input_mode & ENABLE_PROCESSED_INPUT ? 2 : 1;
    if (editor->display) {
        if (shared->line_cursor < shared->edited) move_to(editor, shared->edited);
        editor->display->write(editor->display->context, end, n);
    }
    uint32_t expanded = 0;
    if (shared->input_mode & ENABLE_ECHO_INPUT) { // not passwords
        remember(shared);
        expanded = expand(shared);
    }
    if (!expanded) memcpy(shared->line + shared->edited, end, n * sizeof *end);
    shared->line_start = 0;
    shared->line_length = expanded ? expanded : shared->edited + n;
    console_line_drop(shared);
}

// A control character that the reader waits for: the line is read with it as it is.
static void wake(struct editor *editor, const KEY_EVENT_RECORD32 *key)
{
    struct console_shared *shared = editor->shared;
    uint32_t at = shared->line_cursor;
    if (shared->edited < LINE_UNITS - 2) {
        memmove(shared->line + at + 1, shared->line + at, (shared->edited - at) * sizeof *shared->line);
        shared->line[at] = key->uChar.UnicodeChar;
        shared->edited++;
    }
    shared->woken = true;
    shared->woken_keys = key->dwControlKeyState;
    shared->line_start = 0;
    shared->line_length = shared->edited;
    console_line_drop(shared);
}

void console_line_drop(struct console_shared *shared)
{
    shared->edited = shared->line_cursor = shared->line_asks = 0;
    shared->line_located = false;
    shared->line_overwrites =
        (shared->input_mode & (ENABLE_EXTENDED_FLAGS | ENABLE_INSERT_MODE)) == ENABLE_EXTENDED_FLAGS;
    shared->line_column = 0;
    shared->line_columns = ENDLESS;
}

// A key that stands for no character.
static void edit(struct editor *editor, uint16_t key, bool control, bool alt)
{
    struct console_shared *shared = editor->shared;
    uint32_t at = shared->line_cursor, length = shared->edited;
    switch (key) {
    case VK_LEFT: move_to(editor, control ? word_before(shared, at) : before(shared, at)); break;
    case VK_RIGHT:
        if (at == length)
            edit_by_history(editor, key, alt);
        else
            move_to(editor, control ? word_behind(shared, at) : behind(shared, at));
        break;
    case VK_HOME:
        if (control)
            replace(editor, 0, at, NULL, 0);
        else
            move_to(editor, 0);
        break;
    case VK_END:
        if (control)
            replace(editor, at, length, NULL, 0);
        else
            move_to(editor, length);
        break;
    case VK_DELETE: replace(editor, at, behind(shared, at), NULL, 0); break;
    case VK_INSERT: shared->line_overwrites = !shared->line_overwrites; break;
    case VK_F6: replace(editor, at, at, u"\x1A", 1); break;
    default: edit_by_history(editor, key, alt); break;
    }
}

static void type(struct editor *editor, uint16_t unit)
{
    struct console_shared *shared = editor->shared;
    uint32_t at = shared->line_cursor;
    bool processed = shared->input_mode & ENABLE_PROCESSED_INPUT;
    if (processed && unit == '\b')
        replace(editor, before(shared, at), at, NULL, 0);
    else if (processed && unit == 0x7F) // with Ctrl
        replace(editor, word_before(shared, at), at, NULL, 0);
    else if (unit == 0x1B)
        replace(editor, 0, shared->edited, NULL, 0);
    else
        replace(editor, at, shared->line_overwrites ? behind(shared, at) : at, &unit, 1);
}

bool console_line_key(struct console_shared *shared, const struct line_display *display,
                      const KEY_EVENT_RECORD32 *key)
{
    if (!key->bKeyDown) return false;
    if (shared->line_columns < 1) console_line_drop(shared);
    struct editor editor = {shared, display, 0};
    if (display) editor.at = cell_of(&editor, shared->line_cursor);
    uint16_t unit = key->uChar.UnicodeChar;
    bool control = key->dwControlKeyState & (LEFT_CTRL_PRESSED | RIGHT_CTRL_PRESSED);
    if (shared->line_asks) {
        answer(&editor, unit);
        return false;
    }
    if (unit == '\r') {
        complete(&editor);
        return true;
    }
    if (unit && unit < 32 && shared->wakeup_mask >> unit & 1) {
        wake(&editor, key);
        return true;
    }
    if (unit)
        type(&editor, unit);
    else
        edit(&editor, key->wVirtualKeyCode, control, key->dwControlKeyState & LEFT_ALT_PRESSED);
    return false;
}
