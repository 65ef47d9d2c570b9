// The expressions of SET /A: 32-bit numbers that wrap around.
#ifndef CMD_ARITHMETIC_H
#define CMD_ARITHMETIC_H
#include "text.h"

// Evaluates, assigning variables on the way. 0, or an error's code after a line about it.
int evaluate(const WCHAR *expression, int *value);

#endif
