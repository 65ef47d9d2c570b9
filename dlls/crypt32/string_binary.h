// Reading the text forms of binary data.
#ifndef LOWLAND_CRYPT32_STRING_BINARY_H
#define LOWLAND_CRYPT32_STRING_BINARY_H

#include "nt/nt.h"
#include <stdbool.h>

struct text_span {
    const char *data;
    DWORD size;
};

// Decodes base64, white space in it left out. data NULL: only counts. False for anything else.
bool base64_decode(struct text_span text, BYTE *data, DWORD *size);
// Moves text to after the next "-----BEGIN ...-----" line; body becomes what lies before its "-----END".
// False when there is none.
bool pem_next(struct text_span *text, struct text_span *body);

#endif
