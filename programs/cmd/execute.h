// Running commands.
#ifndef CMD_EXECUTE_H
#define CMD_EXECUTE_H
#include "parse.h"

// Reads and runs the next command of the batch file or prompt. False at the end of what there is. Sets
// *RESULT to its return code, where there was a command.
bool execute_next(int *result);
// Runs a line as /C does.
int execute_line(const WCHAR *line);
int execute(const struct node *node);

int execute_if(const struct node *node);
int execute_for(const struct node *node);
int execute_pipe(const struct node *node);

#endif
