// Environment variables, and the ones that exist only while they are asked for (%CD%, %TIME%, ...).
#ifndef CMD_VARIABLES_H
#define CMD_VARIABLES_H
#include "text.h"

// The value of a variable, in the region; NULL if there is none. A name may have any character.
const WCHAR *variable_get(const WCHAR *name, size_t length);
// An empty or NULL value removes the variable. False, with the last error, if that can't be.
bool variable_set(const WCHAR *name, const WCHAR *value);
// The current directory, in the region.
WCHAR *current_directory(void);

// What SETLOCAL keeps; on the heap.
struct environment_copy;
struct environment_copy *environment_save(void);
// Puts it back, and frees the copy.
void environment_restore(struct environment_copy *copy);

#endif
