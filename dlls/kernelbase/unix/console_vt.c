// Escape sequences in text for a screen buffer: taking them apart, and moving the cursor. Rows and columns in
// them are the window's, from 1.
#include "console_buffer.h"
#include "console_render.h"
#include "guest_constants.h"
#include <stdio.h>
#include <string.h>

enum phase { GROUND, ESCAPE, INTERMEDIATE, CONTROL, COMMAND, COMMAND_END, STRING, STRING_END };

enum { DISABLE_NEWLINE_AUTO_RETURN = 8, BELL = 7, ESC = 0x1B };

struct vt {
    struct console_buffer *buffer;
    struct console_vt *state;
    const struct console_vt_host *host;
};

void console_vt_check(struct console_vt *vt)
{
    if (vt->phase > STRING_END) vt->phase = GROUND;
    if (vt->parameters_n > VT_PARAMETERS) vt->parameters_n = 0;
    if (vt->text_n > VT_TEXT) vt->text_n = 0;
    if (vt->top < 0 || vt->bottom < 0) vt->top = vt->bottom = 0;
}

static void send(const struct vt *vt, const uint16_t *units, size_t n)
{
    console_render_raw(vt->host->out, units, n);
}

// ---- rows ----

static int window_top(const struct vt *vt)
{
    return vt->buffer->window.Top;
}

static int window_bottom(const struct vt *vt)
{
    return vt->buffer->window.Bottom;
}

static bool scrolls_whole(const struct vt *vt)
{
    return vt->state->bottom == 0;
}

// The rows that scroll, in the buffer.
static int margin_top(const struct vt *vt)
{
    int top = window_top(vt) + vt->state->top;
    return scrolls_whole(vt) || top > window_bottom(vt) ? window_top(vt) : top;
}

static int margin_bottom(const struct vt *vt)
{
    int bottom = window_top(vt) + vt->state->bottom;
    return scrolls_whole(vt) || bottom > window_bottom(vt) ? window_bottom(vt) : bottom;
}

static int limit(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

static void move_to(struct vt *vt, int x, int y)
{
    vt->state->wrap_pending = false;
    console_buffer_set_cursor(vt->buffer, limit(x, 0, vt->buffer->columns - 1),
                              limit(y, 0, vt->buffer->rows - 1));
}

// To a row and column from 0, of the window or of what scrolls.
static void place(struct vt *vt, int x, int row)
{
    bool origin = vt->state->origin;
    int top = origin ? margin_top(vt) : window_top(vt);
    move_to(vt, x, limit(top + row, top, origin ? margin_bottom(vt) : window_bottom(vt)));
}

// Up or down by rows, not past the margins from within.
static void move_rows(struct vt *vt, int rows)
{
    int y = vt->buffer->y, top = margin_top(vt), bottom = margin_bottom(vt);
    int low = y >= top ? top : window_top(vt), high = y <= bottom ? bottom : window_bottom(vt);
    move_to(vt, vt->buffer->x, limit(y + rows, low, high));
}

// Down by one; in the last row that scrolls the rows move up. A window that shows part of a buffer moves down
// in it first.
static void line_feed(struct vt *vt)
{
    struct console_buffer *buffer = vt->buffer;
    vt->state->wrap_pending = false;
    if (buffer->y != margin_bottom(vt)) {
        if (buffer->y < window_bottom(vt)) buffer->y++;
    } else if (!scrolls_whole(vt)) {
        console_vt_scroll(buffer, margin_top(vt), margin_bottom(vt), 1);
    } else if (buffer->y + 1 < buffer->rows) {
        console_buffer_set_cursor(buffer, buffer->x, buffer->y + 1);
    } else {
        console_vt_scroll(buffer, 0, buffer->rows - 1, 1);
    }
}

static void reverse_line_feed(struct vt *vt)
{
    if (vt->buffer->y == margin_top(vt))
        console_vt_scroll(vt->buffer, margin_top(vt), margin_bottom(vt), -1);
    else
        move_rows(vt, -1);
}

// ---- characters ----

// Line drawing characters, for ` to ~.
static uint16_t drawing(uint16_t unit)
{
    static const uint16_t shapes[] = u"♦▒␉␌␍␊°±␤␋┘┐┌└┼⎺⎻─⎼⎽├┤┴┬│≤≥π≠£·";
    return unit >= '`' && unit <= '~' ? shapes[unit - '`'] : unit;
}

static void print(struct vt *vt, uint16_t unit)
{
    static const uint16_t end[] = {'\r', '\n'};
    struct console_buffer *buffer = vt->buffer;
    struct console_vt *state = vt->state;
    if (state->wrap_pending) {
        send(vt, end, 2);
        buffer->x = 0;
        line_feed(vt);
    }
    send(vt, &unit, 1);
    if (state->insert) console_vt_shift(buffer, 1);
    CHAR_INFO32 *cell = &buffer->cells[(size_t)buffer->y * buffer->columns + buffer->x];
    cell->Char.UnicodeChar = state->last = state->graphics[state->set & 1] ? drawing(unit) : unit;
    cell->Attributes = buffer->attribute;
    if (buffer->x + 1 < buffer->columns)
        buffer->x++;
    else
        state->wrap_pending = buffer->mode & ENABLE_WRAP_AT_EOL_OUTPUT && !state->no_wrap;
}

static bool is_stop(const struct console_vt *state, int x)
{
    if (!state->stops_set || x >= VT_COLUMNS) return x % 8 == 0;
    return state->stops[x / 32] >> (x % 32) & 1;
}

static void set_stops(struct console_vt *state, bool usual)
{
    memset(state->stops, 0, sizeof state->stops);
    state->stops_set = true;
    for (int x = 0; usual && x < VT_COLUMNS; x += 8) state->stops[x / 32] |= 1u << (x % 32);
}

static void set_stop(struct vt *vt, bool set)
{
    int x = vt->buffer->x;
    if (!vt->state->stops_set) set_stops(vt->state, true);
    if (x >= VT_COLUMNS) return;
    uint32_t bit = 1u << (x % 32), *word = &vt->state->stops[x / 32];
    *word = set ? *word | bit : *word & ~bit;
}

static void tab(struct vt *vt, int n)
{
    int x = vt->buffer->x, last = vt->buffer->columns - 1;
    for (; n > 0 && x < last; n--) do
            x++;
        while (x < last && !is_stop(vt->state, x));
    for (; n < 0 && x > 0; n++) do
            x--;
        while (x > 0 && !is_stop(vt->state, x));
    move_to(vt, x, vt->buffer->y);
}

static void control(struct vt *vt, uint16_t unit)
{
    static const uint16_t end[] = {'\r', '\n'};
    struct console_buffer *buffer = vt->buffer;
    bool returns = !(buffer->mode & DISABLE_NEWLINE_AUTO_RETURN);
    if (unit == '\n' && returns)
        send(vt, end, 2);
    else
        send(vt, &unit, 1);
    switch (unit) {
    case '\b': move_to(vt, buffer->x - 1, buffer->y); break;
    case '\t': tab(vt, 1); break;
    case '\r': move_to(vt, 0, buffer->y); break;
    case '\n':
    case '\v':
    case '\f':
        if (returns) buffer->x = 0;
        line_feed(vt);
        break;
    case 0x0E: vt->state->set = 1; break;
    case 0x0F: vt->state->set = 0; break;
    }
}

// ---- state ----

static void save_cursor(struct vt *vt)
{
    vt->state->saved_x = (int16_t)vt->buffer->x;
    vt->state->saved_y = (int16_t)(vt->buffer->y - window_top(vt));
    vt->state->saved_attribute = vt->buffer->attribute;
}

static void restore_cursor(struct vt *vt)
{
    const struct console_vt *state = vt->state;
    if (state->saved_attribute) vt->buffer->attribute = state->saved_attribute;
    move_to(vt, state->saved_x, window_top(vt) + state->saved_y);
}

static void reset(struct vt *vt, bool all)
{
    struct console_buffer *buffer = vt->buffer;
    console_vt_leave_alternate(buffer);
    *vt->state = (struct console_vt){0};
    buffer->cursor_visible = true;
    console_vt_colours(buffer, (const uint16_t[]){0}, 1);
    if (!all) return;
    console_vt_erase(buffer, 0, window_top(vt), buffer->columns * (window_bottom(vt) - window_top(vt) + 1));
    move_to(vt, 0, window_top(vt));
}

static void set_alternate(struct vt *vt, bool alternate)
{
    if (alternate)
        console_vt_enter_alternate(vt->buffer);
    else
        console_vt_leave_alternate(vt->buffer);
    vt->state->wrap_pending = false;
    vt->state->top = vt->state->bottom = 0;
}

static void set_private_mode(struct vt *vt, unsigned mode, bool on)
{
    switch (mode) {
    case 6:
        vt->state->origin = on;
        place(vt, 0, 0);
        break;
    case 7:
        vt->state->no_wrap = !on;
        vt->state->wrap_pending = false;
        break;
    case 25: vt->buffer->cursor_visible = on; break;
    case 47:
    case 1047:
    case 1049: set_alternate(vt, on); break;
    }
}

static void set_margins(struct vt *vt, int top, int bottom)
{
    int rows = window_bottom(vt) - window_top(vt) + 1;
    if (bottom == 0 || bottom > rows) bottom = rows;
    if (top < 1) top = 1;
    if (top >= bottom) return;
    bool whole = top == 1 && bottom == rows;
    vt->state->top = (int16_t)(whole ? 0 : top - 1);
    vt->state->bottom = (int16_t)(whole ? 0 : bottom - 1);
    place(vt, 0, 0);
}

// ---- sequences ----

static void erase_display(struct vt *vt, unsigned which)
{
    struct console_buffer *buffer = vt->buffer;
    int columns = buffer->columns, top = window_top(vt), x = buffer->x, y = buffer->y;
    switch (which) {
    case 0: console_vt_erase(buffer, x, y, (window_bottom(vt) - y + 1) * columns - x); break;
    case 1: console_vt_erase(buffer, 0, top, (y - top) * columns + x + 1); break;
    case 2: console_vt_erase(buffer, 0, top, (window_bottom(vt) - top + 1) * columns); break;
    case 3: // the rows above the window go
        if (top == 0) return;
        console_vt_scroll(buffer, 0, buffer->rows - 1, top);
        console_buffer_set_window(buffer, &(SMALL_RECT32){buffer->window.Left, 0, buffer->window.Right,
                                                          (int16_t)(window_bottom(vt) - top)});
        move_to(vt, x, y - top);
    }
}

static void erase_line(struct vt *vt, unsigned which)
{
    int x = vt->buffer->x, y = vt->buffer->y, columns = vt->buffer->columns;
    switch (which) {
    case 0: console_vt_erase(vt->buffer, x, y, columns - x); break;
    case 1: console_vt_erase(vt->buffer, 0, y, x + 1); break;
    case 2: console_vt_erase(vt->buffer, 0, y, columns); break;
    }
}

// Lines come in at the cursor, or (-n) go from there.
static void shift_lines(struct vt *vt, int n)
{
    int y = vt->buffer->y;
    if (y < margin_top(vt) || y > margin_bottom(vt)) return;
    console_vt_scroll(vt->buffer, y, margin_bottom(vt), -n);
    move_to(vt, 0, y);
}

static void report(struct vt *vt, unsigned which)
{
    char text[32];
    const struct console_buffer *buffer = vt->buffer;
    if (which == 5) vt->host->reply(vt->host->context, "\033[0n");
    if (which != 6) return;
    snprintf(text, sizeof text, "\033[%d;%dR", buffer->y - window_top(vt) + 1, buffer->x + 1);
    vt->host->reply(vt->host->context, text);
}

// The sequences without a marker. False: the terminal behind us is not to see it.
static bool plain_sequence(struct vt *vt, uint16_t final)
{
    struct console_buffer *buffer = vt->buffer;
    const uint16_t *given = vt->state->parameters;
    int first = given[0], n = first ? (first < 0x7FFF ? first : 0x7FFF) : 1, x = buffer->x, y = buffer->y;
    switch (final) {
    case 'A': move_rows(vt, -n); break;
    case 'B':
    case 'e': move_rows(vt, n); break;
    case 'C':
    case 'a': move_to(vt, x + n, y); break;
    case 'D': move_to(vt, x - n, y); break;
    case 'E':
        move_rows(vt, n);
        move_to(vt, 0, buffer->y);
        break;
    case 'F':
        move_rows(vt, -n);
        move_to(vt, 0, buffer->y);
        break;
    case 'G':
    case '`': move_to(vt, n - 1, y); break;
    case 'H':
    case 'f': place(vt, given[1] ? given[1] - 1 : 0, n - 1); break;
    case 'd': place(vt, x, n - 1); break;
    case 's': save_cursor(vt); break;
    case 'u': restore_cursor(vt); break;
    case '@': console_vt_shift(buffer, n); break;
    case 'P': console_vt_shift(buffer, -n); break;
    case 'X': console_vt_erase(buffer, x, y, n < buffer->columns - x ? n : buffer->columns - x); break;
    case 'L': shift_lines(vt, n); break;
    case 'M': shift_lines(vt, -n); break;
    case 'S': console_vt_scroll(buffer, margin_top(vt), margin_bottom(vt), n); break;
    case 'T': console_vt_scroll(buffer, margin_top(vt), margin_bottom(vt), -n); break;
    case 'J': erase_display(vt, first); break;
    case 'K': erase_line(vt, first); break;
    case 'I': tab(vt, n); break;
    case 'Z': tab(vt, -n); break;
    case 'g':
        if (first == 0) set_stop(vt, false);
        if (first == 3) set_stops(vt->state, false);
        break;
    case 'm': console_vt_colours(buffer, given, vt->state->parameters_n); break;
    case 'r': set_margins(vt, first, given[1]); break;
    case 'h':
    case 'l':
        if (first == 4) vt->state->insert = final == 'h';
        break;
    case 'n': report(vt, first); return false;
    case 'c': // a VT100 with advanced video, as Windows' console says of itself
        if (first == 0) vt->host->reply(vt->host->context, "\033[?1;0c");
        return false;
    }
    return true;
}

static void repeat(struct vt *vt, int n)
{
    int room = vt->buffer->columns * (window_bottom(vt) - window_top(vt) + 1);
    uint16_t unit = vt->state->last;
    if (n > room) n = room;
    for (int i = 0; i < n && unit; i++) print(vt, unit);
}

static void finish_control(struct vt *vt, uint16_t final)
{
    struct console_vt *state = vt->state;
    bool shown = true;
    if (state->parameters_n == 0) state->parameters_n = 1; // an empty one
    if (!state->marker && !state->intermediate && final == 'b') {
        repeat(vt, state->parameters[0] ? state->parameters[0] : 1);
        return; // the terminal has got the characters
    }
    if (!state->marker && !state->intermediate) shown = plain_sequence(vt, final);
    if (shown) send(vt, state->text, state->text_n);
    if (state->marker == '?' && (final == 'h' || final == 'l'))
        for (unsigned i = 0; i < state->parameters_n; i++)
            set_private_mode(vt, state->parameters[i], final == 'h');
    if (state->intermediate == '!' && final == 'p') reset(vt, false);
}

// A colour of the buffer's sixteen: "4;index;rgb:rr/gg/bb".
static void set_palette(struct vt *vt, const char *text)
{
    unsigned index, red, green, blue;
    if (sscanf(text, "4;%u;rgb:%2x/%2x/%2x", &index, &red, &green, &blue) != 4 || index > 15) return;
    vt->buffer->colours[console_vt_colour(index)] = red | green << 8 | blue << 16;
}

// ESC ] number ; text, and its end.
static void finish_command(struct vt *vt, unsigned end)
{
    const struct console_vt *state = vt->state;
    unsigned from = 2, to = state->text_n > end ? state->text_n - end : 0;
    char ascii[VT_TEXT];
    send(vt, state->text, state->text_n);
    if (to < 4 || state->text[0] != ESC || state->text[1] != ']') return; // the rest of a long one
    for (unsigned i = from; i < to; i++) ascii[i - from] = state->text[i] < 0x80 ? (char)state->text[i] : '?';
    ascii[to - from] = 0;
    if (ascii[0] >= '0' && ascii[0] <= '2' && ascii[1] == ';')
        vt->host->title(vt->host->context, state->text + from + 2, to - from - 2);
    else if (ascii[0] == '4')
        set_palette(vt, ascii);
}

static enum phase escape(struct vt *vt, uint16_t unit)
{
    struct console_vt *state = vt->state;
    switch (unit) {
    case '[':
        memset(state->parameters, 0, sizeof state->parameters);
        state->marker = state->intermediate = state->parameters_n = 0;
        return CONTROL;
    case ']': return COMMAND;
    case 'P':
    case 'X':
    case '^':
    case '_': return STRING;
    }
    if (unit >= ' ' && unit <= '/') {
        state->intermediate = (uint8_t)unit;
        return INTERMEDIATE;
    }
    send(vt, state->text, state->text_n);
    switch (unit) {
    case '7': save_cursor(vt); break;
    case '8': restore_cursor(vt); break;
    case 'D': line_feed(vt); break;
    case 'E':
        vt->buffer->x = 0;
        line_feed(vt);
        break;
    case 'H': set_stop(vt, true); break;
    case 'M': reverse_line_feed(vt); break;
    case 'c': reset(vt, true); break;
    }
    return GROUND;
}

static enum phase control_sequence(struct vt *vt, uint16_t unit)
{
    struct console_vt *state = vt->state;
    unsigned last = state->parameters_n ? state->parameters_n - 1u : 0;
    if (unit >= '0' && unit <= '9') {
        if (!state->parameters_n) state->parameters_n = 1;
        unsigned value = state->parameters[last] * 10u + (unit - '0');
        state->parameters[last] = (uint16_t)(value < 0x7FFF ? value : 0x7FFF);
    } else if (unit == ';' || unit == ':') {
        if (!state->parameters_n) state->parameters_n = 1;
        if (state->parameters_n < VT_PARAMETERS) state->parameters_n++;
    } else if (unit >= '<' && unit <= '?') {
        state->marker = (uint8_t)unit;
    } else if (unit >= ' ' && unit <= '/') {
        state->intermediate = (uint8_t)unit;
    } else if (unit >= '@' && unit <= '~') {
        finish_control(vt, unit);
        return GROUND;
    }
    return CONTROL;
}

// A unit of a sequence that has begun.
static enum phase step(struct vt *vt, uint16_t unit)
{
    struct console_vt *state = vt->state;
    switch (state->phase) {
    case ESCAPE: return escape(vt, unit);
    case INTERMEDIATE: // which character set is wanted, or what concerns a terminal alone
        if (unit >= ' ' && unit <= '/') return INTERMEDIATE;
        if (state->intermediate == '(' || state->intermediate == ')')
            state->graphics[state->intermediate == ')'] = unit == '0';
        send(vt, state->text, state->text_n);
        return GROUND;
    case CONTROL: return control_sequence(vt, unit);
    case COMMAND:
        if (unit == BELL) finish_command(vt, 1);
        return unit == BELL ? GROUND : unit == ESC ? COMMAND_END : COMMAND;
    case COMMAND_END:
        if (unit == '\\') finish_command(vt, 2);
        return unit == '\\' ? GROUND : COMMAND;
    case STRING: return unit == ESC ? STRING_END : STRING;
    default: return unit == '\\' ? GROUND : STRING;
    }
}

// Notes a unit of a sequence. A command that is too long to be kept whole goes on as it is, and is not obeyed
// here; of a string, which no terminal gets, nothing does.
static void note(struct vt *vt, uint16_t unit)
{
    struct console_vt *state = vt->state;
    if (state->text_n == VT_TEXT) {
        if (state->phase < STRING) send(vt, state->text, state->text_n);
        state->text_n = 0;
    }
    state->text[state->text_n++] = unit;
}

void console_vt_write(struct console_buffer *buffer, const uint16_t *units, size_t n,
                      const struct console_vt_host *host)
{
    enum { CANCEL = 0x18, SUBSTITUTE = 0x1A };
    struct vt vt = {buffer, &buffer->vt, host};
    struct console_vt *state = vt.state;
    // Rows are the window's: it comes to a cursor that it was moved away from.
    console_buffer_set_cursor(buffer, buffer->x, buffer->y);
    for (size_t i = 0; i < n; i++) {
        uint16_t unit = units[i];
        if (unit == CANCEL || unit == SUBSTITUTE || (unit == ESC && state->phase <= CONTROL)) {
            state->phase = unit == ESC ? ESCAPE : GROUND;
            state->text[0] = unit;
            state->text_n = 1;
        } else if (state->phase != GROUND && (unit >= ' ' || state->phase >= COMMAND)) {
            note(&vt, unit);
            state->phase = step(&vt, unit);
        } else if (unit < ' ') {
            control(&vt, unit);
        } else if (unit != 0x7F) {
            print(&vt, unit);
        }
    }
    console_buffer_set_cursor(buffer, buffer->x, buffer->y);
}
