// The command line of `lowland`.
#ifndef LOWLAND_OPTIONS_H
#define LOWLAND_OPTIONS_H

#include <stdbool.h>

enum command { COMMAND_RUN, COMMAND_CHECK, COMMAND_REG, COMMAND_CHILD };

struct options {
    enum command command;
    const char *program;
    char **arguments; // behind the program, ended by NULL; COMMAND_REG: what it is to do
    bool trace, trace_json;
    const char *trace_filter; // NULL: everything
    int status_fd;            // -1: none
    int child_fd;             // COMMAND_CHILD: the channel to the parent
};

// Parses argv; prints --help or --version and ends; ends with FAIL_USAGE and one line on an error.
void options_parse(struct options *options, int argc, char **argv);

#endif
