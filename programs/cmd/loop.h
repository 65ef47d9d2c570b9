// What the forms of FOR share.
#ifndef CMD_LOOP_H
#define CMD_LOOP_H
#include "parse.h"
#include "shell.h"

enum { LOOP_VARIABLES = 32 };

struct loop {
    const struct node *body;
    // The FOR's own letter and those that follow it, for /F; each leads to the one before and then to the
    // outer FORs'.
    struct for_variable variables[LOOP_VARIABLES];
    int result;
};

// Runs the body with the variables as they are. False when the loop is to be left.
bool loop_run(struct loop *loop);
// FOR /F.
void loop_lines(struct loop *loop, const struct for_clause *clause, const WCHAR *set);

#endif
