// The three kinds of replacement: %VARIABLE% and parameters in lines as they are read, %x of FOR and
// !VARIABLE! when a command is about to run.
#ifndef CMD_EXPAND_H
#define CMD_EXPAND_H
#include "text.h"

// Adds LINE with percent signs replaced, by the rules of batch files inside one and else by those of the
// prompt. False, after a line about it, for a parameter with modifiers that makes no sense: batch processing
// is to end.
bool expand_percent(struct text *out, const WCHAR *line);

// FOR variables, then !VARIABLE! where delayed expansion is on. In the region.
WCHAR *expand_late(const WCHAR *text);
// FOR variables alone.
WCHAR *expand_for(const WCHAR *text);

#endif
