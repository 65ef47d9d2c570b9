// The current directory.
#ifndef CMD_DIRECTORY_H
#define CMD_DIRECTORY_H
#include "text.h"

// Makes the directory last used on a drive the current one. CALLED: by CALL, which clears ERRORLEVEL.
int change_drive(WCHAR letter, bool called);
// How many directories PUSHD keeps.
int pushed_directories(void);

#endif
