// Serial ports by number: links of the prefix first, then the host's UARTs.
#include "serial_port.h"
#include "prefix.h"
#include "upcase.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

enum { HOST_PORTS = 4, FLAGS = O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC };

uint32_t serial_port_number(const uint16_t *name, uint32_t length)
{
    static const char prefix[] = "COM";
    uint32_t number = 0;
    if (length < 4 || length > 6) return 0;
    for (uint32_t i = 0; i < 3; i++)
        if (upcase(name[i]) != (uint8_t)prefix[i]) return 0;
    for (uint32_t i = 3; i < length; i++) {
        if (name[i] < '0' || name[i] > '9') return 0;
        number = number * 10 + (name[i] - '0');
    }
    return number <= SERIAL_PORT_MAX ? number : 0;
}

// What sysfs says of a host line; 0 when it says nothing.
static int line_attribute(uint32_t number, const char *attribute)
{
    char path[64];
    snprintf(path, sizeof path, "/sys/class/tty/ttyS%u/%s", number - 1, attribute);
    FILE *file = fopen(path, "re");
    int first = file != NULL ? fgetc(file) : EOF;
    if (file != NULL) fclose(file);
    return first == EOF ? 0 : first;
}

// Lines that have no UART are of type 0; one that the kernel writes its messages to is nobody's port.
static bool host_has(uint32_t number)
{
    if (number > HOST_PORTS) return false;
    int type = line_attribute(number, "type");
    return type != 0 && type != '0' && line_attribute(number, "console") != 'Y';
}

static void link_name(char name[16], uint32_t number)
{
    snprintf(name, 16, "com%u", number);
}

bool serial_port_exists(uint32_t number)
{
    char name[16];
    link_name(name, number);
    return faccessat(prefix_drives(), name, F_OK, 0) == 0 || host_has(number);
}

int serial_port_open(uint32_t number)
{
    char name[32];
    link_name(name, number);
    int fd = openat(prefix_drives(), name, FLAGS);
    if (fd >= 0 || errno != ENOENT || !host_has(number)) return fd;
    snprintf(name, sizeof name, "/dev/ttyS%u", number - 1);
    return open(name, FLAGS);
}
