// Commands back into text: for ECHO ON, and for the interpreters that run the sides of a pipe.
#ifndef CMD_PRINT_NODE_H
#define CMD_PRINT_NODE_H
#include "parse.h"

// As ECHO ON shows them: without what @ hides.
void show_node(struct text *out, const struct node *node);
// On one line, so that it parses to the same command.
void write_node(struct text *out, const struct node *node);

#endif
