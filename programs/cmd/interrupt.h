// Ctrl-C.
#ifndef CMD_INTERRUPT_H
#define CMD_INTERRUPT_H
#include <stdbool.h>

// From here on Ctrl-C ends no process of ours by itself.
void interrupt_init(void);
bool interrupt_pending(void);
// Takes note of the Ctrl-C: ends the batch processing, in a terminal after asking, or what is executed at the
// prompt. True: go on after all.
bool interrupt_ask(void);

#endif
