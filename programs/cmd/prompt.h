// The prompt, and command lines from standard input.
#ifndef CMD_PROMPT_H
#define CMD_PROMPT_H
#include "text.h"

// Reads a line that is typed at the prompt, or at "More?" when a command goes on. False at the end of input.
bool prompt_line(struct text *line, bool more);
// Writes the prompt as the variable PROMPT describes it.
void prompt_show(void);

#endif
