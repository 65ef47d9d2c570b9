// The interpreter's state, and what its parts share.
#ifndef CMD_SHELL_H
#define CMD_SHELL_H
#include "text.h"

// Why what is being executed is left; each level above looks at it.
enum unwind {
    UNWIND_NONE,
    UNWIND_GOTO,  // go on in the batch file, at its new position
    UNWIND_BATCH, // leave the innermost batch file or subroutine
    UNWIND_ABORT, // leave all batch files
    UNWIND_EXIT,  // end the process
};

struct for_variable {
    struct for_variable *outer;
    WCHAR name;
    const WCHAR *value; // NULL: hides nothing, is unknown
};

enum { HANDLE_COUNT = 10 };

struct shell {
    struct batch *batch; // the innermost one; NULL at a prompt and for /c
    bool echo, extensions, delayed, unicode_output;
    bool interactive; // commands come from standard input
    bool verify;
    int errorlevel;
    enum unwind unwind;
    int exit_code;
    struct for_variable *for_variables;
    int for_depth; // FOR commands active since the last CALL: only in them %x is replaced
    HANDLE handles[HANDLE_COUNT];
    const WCHAR *command_line; // %CMDCMDLINE%
    const char *stack_floor;   // the lowest address of the stack
};
extern struct shell shell;

// Whether so little stack is left that a recursion must end here, with a line about it.
bool stack_is_low(void);
// The same, sooner: a batch file that is begun needs some for its commands.
bool stack_is_low_for_batch(void);

// The full path of this program, for the interpreters that it starts itself.
const WCHAR *own_path(void);

#endif
