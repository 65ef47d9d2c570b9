// The operations of reg.exe: each returns the exit status.
#ifndef REG_OPERATION_H
#define REG_OPERATION_H
#include "arguments.h"

enum { SUCCEEDED_STATUS = 0, FAILED_STATUS = 1, DIFFERENT_STATUS = 2 };

#define OPERATION(name) int operation_##name(const struct arguments *arguments)
OPERATION(add);
OPERATION(compare);
OPERATION(copy);
OPERATION(delete);
OPERATION(export);
OPERATION(import);
OPERATION(load);
OPERATION(query);
OPERATION(restore);
OPERATION(save);
OPERATION(unload);
#undef OPERATION

// What an operation ends with: the line about its success, or about an error.
int succeed(void);
int fail_with(const WCHAR *message); // "ERROR: " stands before it
int fail_error(DWORD error);         // the system's text; of a missing key or value our own
int fail_syntax(void);               // points to the operation's help

// Takes a key's name apart. False after a line about what is wrong: no root, or another machine's, which is
// not served.
bool take_key_name(const WCHAR *text, struct key_name *name);

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_ALL };
// Asks until the answer is one; the end of input is a no. ALL: "all" may be answered too.
enum answer ask(bool all, const WCHAR *format, ...);
// "(Default)" for the value without a name.
const WCHAR *shown_name(const WCHAR *name);

#endif
