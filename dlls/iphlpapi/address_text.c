// IPv4 addresses as text.
#include "network.h"

static char *put_byte(char *at, unsigned value)
{
    if (value >= 100) *at++ = '0' + value / 100;
    if (value >= 10) *at++ = '0' + value / 10 % 10;
    *at++ = '0' + value % 10;
    return at;
}

void ipv4_to_text(ULONG address, char text[IPV4_TEXT])
{
    for (unsigned i = 0; i < 4; i++) {
        text = put_byte(text, address >> (8 * i) & 0xFF);
        *text++ = i < 3 ? '.' : 0;
    }
}
