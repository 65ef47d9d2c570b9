// What the files about URLs share. Texts are wide; narrow functions convert.
#ifndef LOWLAND_KERNELBASE_URL_H
#define LOWLAND_KERNELBASE_URL_H

#include "shell_text.h"

#define URL_E_INVALID_SYNTAX ((HRESULT)0x80041001)

// The scheme that a URL begins with: letters, digits, + - . and a colon; a single letter is a drive. Its
// length without the colon, 0 for none.
SIZE_T url_scheme_length(const WCHAR *url);

// Text that grows on the process heap; what doesn't find memory is lost, and said at the end.
struct url_text {
    WCHAR *text;
    SIZE_T length, room;
    bool failed;
};

void url_put(struct url_text *text, WCHAR c);
void url_put_all(struct url_text *text, const WCHAR *more, SIZE_T length);

// Gives a text to a caller as the Url functions do, and frees it: S_OK and *size is its length; E_POINTER
// when *size characters are too few with the terminator, and *size is how many are needed.
HRESULT url_deliver(struct url_text *text, WCHAR *out, DWORD *size);

// The same as ANSI.
HRESULT url_deliver_narrow(struct url_text *text, char *out, DWORD *size);

#endif
