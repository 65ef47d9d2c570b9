// Names of functions from the COFF symbol table of an image's file, for reports.
#ifndef LOWLAND_SYMBOLS_H
#define LOWLAND_SYMBOLS_H

#include "loader/guest.h"

// The function at or before rva in the image file with this DOS name ("Z:\tool.exe"; length in units): its
// name as C knows it, and its own rva. False when the file cannot be had or has no symbols. Reads the file;
// takes no lock.
bool symbols_find(const uint16_t *dos_name, uint32_t length, uint32_t rva, char *name, size_t size,
                  uint32_t *at);

#endif
