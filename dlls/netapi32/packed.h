// Answers of the Net functions: one buffer with a structure at its beginning and the structure's texts behind
// it, which the program frees by NetApiBufferFree.
#ifndef LOWLAND_NETAPI32_PACKED_H
#define LOWLAND_NETAPI32_PACKED_H
#include "nt/nt.h"
#include <lm.h>
#include <stdbool.h>

enum { NAME_ROOM = 256, TEXTS = 16 };

// Collects what goes into an answer. Zeroed is empty.
struct packed {
    struct {
        WCHAR **place; // in the structure
        const WCHAR *text;
    } texts[TEXTS];
    int count;
};

// The text that a member will point to.
void packed_text(struct packed *packed, WCHAR **place, const WCHAR *text);
// Copies a structure of SIZE bytes, and the texts of its members, into a new buffer.
NET_API_STATUS packed_finish(const struct packed *packed, const void *structure, size_t size, BYTE **buffer);

// Whether a server's name is this machine's (or none).
bool is_local(const WCHAR *server);
void computer_name(WCHAR name[NAME_ROOM]);
#define WORKGROUP L"WORKGROUP"

#endif
