// Serial settings by the kernel's termios2, which has any rate; the C library's termios has not.
#include "serial_line.h"
#include "guest_constants.h"
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <asm/termbits.h>

enum { DATA_BITS_LEAST = 5 };
static const uint32_t sizes[] = {CS5, CS6, CS7, CS8};

bool serial_line_read(int fd, struct serial_line *line)
{
    struct termios2 tio;
    if (ioctl(fd, TCGETS2, &tio) != 0) return false;
    *line = (struct serial_line){.baud = tio.c_ospeed};
    for (uint32_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        if ((tio.c_cflag & CSIZE) == sizes[i]) line->control.WordLength = DATA_BITS_LEAST + i;
    line->control.StopBits = tio.c_cflag & CSTOPB ? STOP_BITS_2 : STOP_BIT_1;
    line->control.Parity = !(tio.c_cflag & PARENB) ? NO_PARITY
                           : tio.c_cflag & CMSPAR  ? (tio.c_cflag & PARODD ? MARK_PARITY : SPACE_PARITY)
                           : tio.c_cflag & PARODD  ? ODD_PARITY
                                                   : EVEN_PARITY;
    line->flow.ControlHandShake = SERIAL_DTR_CONTROL | (tio.c_cflag & CRTSCTS ? SERIAL_CTS_HANDSHAKE : 0);
    line->flow.FlowReplace = tio.c_cflag & CRTSCTS ? SERIAL_RTS_HANDSHAKE : SERIAL_RTS_CONTROL;
    line->flow.XonLimit = 2048;
    line->flow.XoffLimit = 512;
    line->chars.XonChar = 17;
    line->chars.XoffChar = 19;
    return true;
}

static uint32_t parity_flags(uint8_t parity)
{
    switch (parity) {
    case ODD_PARITY: return PARENB | PARODD;
    case EVEN_PARITY: return PARENB;
    case MARK_PARITY: return PARENB | PARODD | CMSPAR;
    case SPACE_PARITY: return PARENB | CMSPAR;
    default: return 0;
    }
}

int serial_line_apply(int fd, const struct serial_line *line)
{
    struct termios2 tio;
    if (ioctl(fd, TCGETS2, &tio) != 0) return errno;
    bool hardware = line->flow.ControlHandShake & SERIAL_CTS_HANDSHAKE ||
                    (line->flow.FlowReplace & SERIAL_RTS_MASK) == SERIAL_RTS_HANDSHAKE;
    tio.c_oflag = tio.c_lflag = 0;
    tio.c_iflag = (line->flow.FlowReplace & SERIAL_AUTO_TRANSMIT ? IXON : 0) |
                  (line->flow.FlowReplace & SERIAL_AUTO_RECEIVE ? IXOFF : 0) |
                  (line->control.Parity != NO_PARITY ? INPCK : IGNPAR);
    tio.c_cflag = CREAD | CLOCAL | BOTHER | sizes[(line->control.WordLength - DATA_BITS_LEAST) & 3] |
                  (line->control.StopBits != STOP_BIT_1 ? CSTOPB : 0) | parity_flags(line->control.Parity) |
                  (hardware ? CRTSCTS : 0);
    tio.c_ispeed = tio.c_ospeed = line->baud;
    memset(tio.c_cc, 0, sizeof tio.c_cc);
    tio.c_cc[VSTART] = line->chars.XonChar;
    tio.c_cc[VSTOP] = line->chars.XoffChar;
    return ioctl(fd, TCSETS2, &tio) == 0 ? 0 : errno;
}

void serial_line_purge(int fd, bool input, bool output)
{
    if (input || output) ioctl(fd, TCFLSH, input && output ? TCIOFLUSH : input ? TCIFLUSH : TCOFLUSH);
}

void serial_line_hold(int fd, bool hold)
{
    ioctl(fd, TCXONC, hold ? TCOOFF : TCOON);
}
