// Which host line a serial port COM1, COM2... is.
#ifndef LOWLAND_SERIAL_PORT_H
#define LOWLAND_SERIAL_PORT_H

#include <stdbool.h>
#include <stdint.h>

enum { SERIAL_PORT_MAX = 256 };

// The number of the port that a name ("COM3", in any case) means; 0: none.
uint32_t serial_port_number(const uint16_t *name, uint32_t length);

// Whether there is such a port: the prefix's drives/comN, or for the first four ports a UART of the host that
// isn't its console.
bool serial_port_exists(uint32_t number);

// Opens its line for reading and writing, without waiting. -1 with errno (ENOENT: there is none).
int serial_port_open(uint32_t number);

#endif
