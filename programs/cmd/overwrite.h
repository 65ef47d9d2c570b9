// Whether COPY and MOVE may write over a file.
#ifndef CMD_OVERWRITE_H
#define CMD_OVERWRITE_H
#include "text.h"

enum overwrite { OVERWRITE_ASK, OVERWRITE_ALWAYS };

// By the switches /Y and /-Y, else the variable COPYCMD; else batch files don't ask.
enum overwrite overwrite_mode(bool yes, bool no);
// Asks where that is the mode; "all" changes it.
bool overwrite_allowed(const WCHAR *path, enum overwrite *mode);

#endif
