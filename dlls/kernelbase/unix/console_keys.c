// What a terminal sends for keys: characters, control characters, and xterm's escape sequences.
#include "console_keys.h"
#include "console_text.h"
#include "guest_constants.h"
#include "dlls/user32/us_layout.h" // needs the constants
#include <string.h>

struct key {
    uint16_t code; // virtual key
    uint16_t unit; // character, 0: none
    uint32_t state;
};

static uint16_t key_scan(uint16_t code)
{
    for (size_t i = 0; i < sizeof us_keys / sizeof us_keys[0]; i++)
        if (us_keys[i].code == code) return us_keys[i].scan & 0xFF;
    return 0;
}

static void put(const struct key *key, INPUT_RECORD32 *records, size_t *count)
{
    uint16_t scan = key_scan(key->code);
    for (int down = 1; down >= 0; down--) {
        INPUT_RECORD32 *record = &records[(*count)++];
        memset(record, 0, sizeof *record);
        record->EventType = KEY_EVENT;
        record->Event.KeyEvent.bKeyDown = down;
        record->Event.KeyEvent.wRepeatCount = 1;
        record->Event.KeyEvent.wVirtualKeyCode = key->code;
        record->Event.KeyEvent.wVirtualScanCode = scan;
        record->Event.KeyEvent.uChar.UnicodeChar = key->unit;
        record->Event.KeyEvent.dwControlKeyState = key->state;
    }
}

// The key of a US keyboard that gives an ASCII character.
static struct key ascii_key(uint8_t c)
{
    struct key key = {.unit = c};
    if (c == ' ')
        key.code = VK_SPACE;
    else if (c == '\r' || c == '\n')
        key.code = VK_RETURN, key.unit = '\r';
    else if (c == '\t')
        key.code = VK_TAB;
    else if (c == 0x7F)
        key.code = VK_BACK, key.unit = '\b';
    else if (c == '\b')
        key.code = VK_BACK, key.unit = 0x7F, key.state = LEFT_CTRL_PRESSED;
    else if (c == 0x1B)
        key.code = VK_ESCAPE;
    else if (c == 0)
        key.code = VK_SPACE, key.state = LEFT_CTRL_PRESSED;
    else if (c < 27)
        key.code = c + 'A' - 1, key.state = LEFT_CTRL_PRESSED;
    else if (c < 32)
        key.code = (const uint16_t[]){VK_OEM_5, VK_OEM_6, '6', VK_OEM_MINUS}[c - 28],
        key.state = LEFT_CTRL_PRESSED;
    for (size_t i = 0; c > ' ' && c < 0x7F && i < sizeof us_keys / sizeof us_keys[0]; i++) {
        const struct us_key *of = &us_keys[i];
        if (of->code == VK_MULTIPLY || (c != of->plain && c != of->shifted)) continue;
        key.code = of->code;
        if (c != of->plain) key.state = SHIFT_PRESSED;
        break;
    }
    return key;
}

// xterm's number for modifiers: 1 plus shift 1, alt 2, control 4.
static uint32_t modifiers(unsigned number)
{
    if (number < 2 || number > 8) return 0;
    number--;
    return (number & 1 ? SHIFT_PRESSED : 0) | (number & 2 ? LEFT_ALT_PRESSED : 0) |
           (number & 4 ? LEFT_CTRL_PRESSED : 0);
}

static uint16_t final_key(uint8_t final)
{
    switch (final) {
    case 'A': return VK_UP;
    case 'B': return VK_DOWN;
    case 'C': return VK_RIGHT;
    case 'D': return VK_LEFT;
    case 'E': return VK_CLEAR;
    case 'F': return VK_END;
    case 'H': return VK_HOME;
    case 'P':
    case 'Q':
    case 'R':
    case 'S': return VK_F1 + final - 'P';
    case 'Z': return VK_TAB;
    }
    return 0;
}

static uint16_t number_key(unsigned number)
{
    static const uint16_t keys[] = {0,        VK_HOME, VK_INSERT, VK_DELETE, VK_END,
                                    VK_PRIOR, VK_NEXT, VK_HOME,   VK_END};
    if (number < sizeof keys / sizeof keys[0]) return keys[number];
    if (number >= 11 && number <= 15) return VK_F1 + number - 11;
    if (number >= 17 && number <= 21) return VK_F6 + number - 17;
    if (number == 23 || number == 24) return VK_F11 + number - 23;
    return 0;
}

// A control sequence behind "ESC [" or "ESC O": its length, 0 while incomplete.
static size_t sequence(const uint8_t *p, size_t n, struct key *key)
{
    unsigned numbers[4] = {0}, count = 0;
    bool some = false;
    for (size_t i = 2; i < n; i++) {
        uint8_t c = p[i];
        if (c >= '0' && c <= '9') {
            if (count < 4 && numbers[count] < 10000) numbers[count] = numbers[count] * 10 + c - '0';
            some = true;
        } else if (c == ';') {
            if (count < 3) count++;
        } else if (c >= 0x40 && c <= 0x7E) {
            key->code = c == '~' ? number_key(numbers[0]) : final_key(c);
            key->state = modifiers(some ? numbers[count] : 0) | (c == 'Z' ? SHIFT_PRESSED : 0);
            if (count == 0) key->state &= SHIFT_PRESSED; // a lone number is no modifier
            if (key->code >= VK_PRIOR && key->code <= VK_DELETE) key->state |= ENHANCED_KEY;
            return i + 1;
        } else if (c < 0x20) {
            return i; // cut short
        }
    }
    return 0;
}

// What a terminal tells of the mouse behind "ESC [ <": code, column and row, M or m (released). Its length, 0
// while incomplete.
static size_t mouse(const uint8_t *p, size_t n, INPUT_RECORD32 *record, size_t *count)
{
    enum { SHIFT = 4, ALT = 8, CONTROL = 16, MOTION = 32, WHEEL = 64 };
    static const uint32_t buttons[] = {FROM_LEFT_1ST_BUTTON_PRESSED, FROM_LEFT_2ND_BUTTON_PRESSED,
                                       RIGHTMOST_BUTTON_PRESSED, 0};
    unsigned numbers[3] = {0}, at = 0;
    for (size_t i = 3; i < n; i++) {
        if (p[i] >= '0' && p[i] <= '9') {
            if (numbers[at] < 10000) numbers[at] = numbers[at] * 10 + p[i] - '0';
        } else if (p[i] == ';' && at < 2) {
            at++;
        } else if ((p[i] == 'M' || p[i] == 'm') && at == 2) {
            unsigned code = numbers[0];
            memset(record, 0, sizeof *record);
            record->EventType = MOUSE_EVENT;
            record->Event.MouseEvent.dwMousePosition = (COORD32){numbers[1] - 1, numbers[2] - 1};
            record->Event.MouseEvent.dwControlKeyState = (code & SHIFT ? SHIFT_PRESSED : 0) |
                                                         (code & ALT ? LEFT_ALT_PRESSED : 0) |
                                                         (code & CONTROL ? LEFT_CTRL_PRESSED : 0);
            record->Event.MouseEvent.dwEventFlags = code & WHEEL    ? MOUSE_WHEELED
                                                    : code & MOTION ? MOUSE_MOVED
                                                                    : 0;
            if (code & WHEEL)
                record->Event.MouseEvent.dwButtonState =
                    code & 1 ? 0xFF880000 : 0x00780000; // 120 towards one or away
            else if (p[i] == 'M')
                record->Event.MouseEvent.dwButtonState = buttons[code & 3];
            *count = 1;
            return i + 1;
        } else {
            return i + 1; // no such sequence
        }
    }
    return 0;
}

size_t console_text_decode(const uint8_t *bytes, size_t n, INPUT_RECORD32 records[KEY_RECORDS_MAX],
                           size_t *count)
{
    uint16_t units[2];
    size_t used = 0, length = n == 0            ? 0
                              : bytes[0] < 0xC0 ? 1
                              : bytes[0] < 0xE0 ? 2
                              : bytes[0] < 0xF0 ? 3
                                                : 4;
    *count = text_from_utf8(units, bytes, n < length ? n : length, &used);
    for (size_t i = 0; i < *count; i++) {
        memset(&records[i], 0, sizeof records[i]);
        records[i].EventType = KEY_EVENT;
        records[i].Event.KeyEvent.bKeyDown = true;
        records[i].Event.KeyEvent.wRepeatCount = 1;
        records[i].Event.KeyEvent.uChar.UnicodeChar = units[i];
    }
    return used;
}

size_t console_key_decode(const uint8_t *bytes, size_t n, bool last, INPUT_RECORD32 records[KEY_RECORDS_MAX],
                          size_t *count)
{
    struct key key = {0};
    *count = 0;
    if (n == 0) return 0;
    if (bytes[0] == 0x1B && n == 1 && !last) return 0;
    if (bytes[0] == 0x1B && n >= 3 && bytes[1] == '[' && bytes[2] == '<') {
        size_t length = mouse(bytes, n, records, count);
        return length == 0 && (last || n >= 32) ? n : length;
    }
    if (bytes[0] == 0x1B && n >= 2 && (bytes[1] == '[' || bytes[1] == 'O')) {
        size_t length = sequence(bytes, n, &key);
        if (length == 0 && !last) return n < 32 ? 0 : n;
        if (length != 0) {
            if (key.code != 0) put(&key, records, count);
            return length;
        }
    }
    if (bytes[0] == 0x1B && n >= 2 && bytes[1] != 0x1B && bytes[1] < 0x80) {
        key = ascii_key(bytes[1]); // Alt and a key
        key.state |= LEFT_ALT_PRESSED;
        put(&key, records, count);
        return 2;
    }
    if (bytes[0] < 0x80) {
        key = ascii_key(bytes[0]);
        put(&key, records, count);
        return 1;
    }
    uint16_t units[2];
    size_t used = 0, length = bytes[0] < 0xE0 ? 2 : bytes[0] < 0xF0 ? 3 : 4;
    size_t got = text_from_utf8(units, bytes, n < length ? n : length, &used);
    if (used == 0 && !last && n < length) return 0;
    if (used == 0) {
        units[0] = 0xFFFD;
        got = used = 1;
    }
    for (size_t i = 0; i < got && i < 2; i++) {
        key = (struct key){.unit = units[i]};
        put(&key, records, count);
    }
    return used;
}
