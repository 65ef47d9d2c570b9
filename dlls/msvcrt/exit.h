/* Tables of functions that run at a program's or module's end, and ends without them. */
#pragma once

#include "msvcrt.h"

typedef int(EXPORT *exit_function)(void);

/* Lies in the modules that have one; all NULL when empty. */
struct onexit_table {
    exit_function *first, *last, *end;
};

/* -1 for a NULL table or without memory. The last registered is called first. */
int EXPORT _initialize_onexit_table(struct onexit_table *table);
int EXPORT _register_onexit_function(struct onexit_table *table, exit_function function);
int EXPORT _execute_onexit_table(struct onexit_table *table);
