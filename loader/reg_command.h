// `lowland reg`: the registry of the prefix, without a program.
#ifndef LOWLAND_REG_COMMAND_H
#define LOWLAND_REG_COMMAND_H

// Runs one command (arguments end with NULL) and returns the exit status: 0; 1 when a key or value is not
// there or a file is no .reg file; FAIL_USAGE. Each failure is one line on standard error, and nothing is
// changed then.
int reg_command(char **arguments);

#endif
