// %~fdpnxsatz$VARIABLE:x: parts and properties of the file that a parameter or FOR variable names.
#ifndef CMD_MODIFIERS_H
#define CMD_MODIFIERS_H
#include "text.h"

// The length of the modifiers at TEXT (behind the tilde): letters, or $NAME: after which more may follow.
size_t modifiers_length(const WCHAR *text);
// Adds VALUE as LENGTH characters of MODIFIERS ask; with none of them, VALUE without quotation marks around
// it.
void modifiers_apply(struct text *out, const WCHAR *modifiers, size_t length, const WCHAR *value);

#endif
