// Colours that escape sequences select, as attributes of cells: sixteen at a time for text and its ground.
#include "console_buffer.h"
#include "guest_constants.h"
#include <stdlib.h>

enum { UNDERLINE = COMMON_LVB_UNDERSCORE, REVERSE = COMMON_LVB_REVERSE_VIDEO, INTENSE = 8, GROUND = 4 };

// Terminals count colours red, green, blue; Windows blue, green, red.
unsigned console_vt_colour(unsigned colour)
{
    return (colour & 8) | (colour & 4) >> 2 | (colour & 2) | (colour & 1) << 2;
}

// The one of the buffer's sixteen colours that is nearest.
static unsigned nearest(const struct console_buffer *buffer, int red, int green, int blue)
{
    unsigned best = 0;
    int best_distance = INT32_MAX;
    for (unsigned i = 0; i < 16; i++) {
        int r = (int)(buffer->colours[i] & 0xFF) - red, g = (int)(buffer->colours[i] >> 8 & 0xFF) - green;
        int b = (int)(buffer->colours[i] >> 16 & 0xFF) - blue, distance = r * r + g * g + b * b;
        if (distance < best_distance) {
            best_distance = distance;
            best = i;
        }
    }
    return best;
}

// A colour of xterm's 256: sixteen as they are, a cube, and greys.
static unsigned indexed(const struct console_buffer *buffer, unsigned index)
{
    static const uint8_t steps[] = {0, 95, 135, 175, 215, 255};
    if (index < 16) return console_vt_colour(index);
    if (index < 232) {
        index -= 16;
        return nearest(buffer, steps[index / 36], steps[index / 6 % 6], steps[index % 6]);
    }
    int grey = 8 + (int)(index - 232) * 10;
    return nearest(buffer, grey, grey, grey);
}

static void set_text(struct console_buffer *buffer, unsigned colour)
{
    buffer->vt.bright = colour & INTENSE;
    if (buffer->vt.bold) colour |= INTENSE;
    buffer->attribute = (uint16_t)((buffer->attribute & ~0xFu) | colour);
}

static void set_ground(struct console_buffer *buffer, unsigned colour)
{
    buffer->attribute = (uint16_t)((buffer->attribute & ~0xF0u) | colour << GROUND);
}

static void set_bold(struct console_buffer *buffer, bool bold)
{
    buffer->vt.bold = bold;
    if (bold || buffer->vt.bright)
        buffer->attribute |= INTENSE;
    else
        buffer->attribute &= ~INTENSE;
}

// One of many colours; how many parameters say so, the first among them.
static unsigned set_extended(struct console_buffer *buffer, const uint16_t *parameters, unsigned n)
{
    unsigned colour, used = n;
    if (n >= 3 && parameters[1] == 5 && parameters[2] < 256) {
        colour = indexed(buffer, parameters[2]);
        used = 3;
    } else if (n >= 5 && parameters[1] == 2) {
        colour = nearest(buffer, parameters[2] & 0xFF, parameters[3] & 0xFF, parameters[4] & 0xFF);
        used = 5;
    } else {
        return used;
    }
    if (parameters[0] == 38)
        set_text(buffer, colour);
    else
        set_ground(buffer, colour);
    return used;
}

static void set_one(struct console_buffer *buffer, unsigned parameter)
{
    switch (parameter) {
    case 0:
        buffer->attribute = CONSOLE_GREY;
        buffer->vt.bold = buffer->vt.bright = false;
        break;
    case 1: set_bold(buffer, true); break;
    case 22: set_bold(buffer, false); break;
    case 4:
    case 21: buffer->attribute |= UNDERLINE; break;
    case 24: buffer->attribute &= (uint16_t)~UNDERLINE; break;
    case 7: buffer->attribute |= REVERSE; break;
    case 27: buffer->attribute &= (uint16_t)~REVERSE; break;
    case 39: set_text(buffer, CONSOLE_GREY); break;
    case 49: set_ground(buffer, 0); break;
    default:
        if (parameter >= 30 && parameter <= 37) set_text(buffer, console_vt_colour(parameter - 30));
        if (parameter >= 40 && parameter <= 47) set_ground(buffer, console_vt_colour(parameter - 40));
        if (parameter >= 90 && parameter <= 97) set_text(buffer, console_vt_colour(parameter - 90) | INTENSE);
        if (parameter >= 100 && parameter <= 107)
            set_ground(buffer, console_vt_colour(parameter - 100) | INTENSE);
    }
}

void console_vt_colours(struct console_buffer *buffer, const uint16_t *parameters, unsigned n)
{
    for (unsigned i = 0; i < n;) {
        if (parameters[i] == 38 || parameters[i] == 48)
            i += set_extended(buffer, parameters + i, n - i);
        else
            set_one(buffer, parameters[i++]);
    }
}
