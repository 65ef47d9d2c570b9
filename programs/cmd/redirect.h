// The handles 0 to 9 and their redirection around a command.
#ifndef CMD_REDIRECT_H
#define CMD_REDIRECT_H
#include "parse.h"
#include "shell.h"

// What the handles were before.
struct saved_handles {
    HANDLE old[HANDLE_COUNT];
    bool replaced[HANDLE_COUNT];
};

// Takes over the process's standard handles.
void handles_init(void);
// Opens and duplicates, in order. False, after a line about it, if one can't be: then nothing has changed.
bool redirect(const struct redirection *list, struct saved_handles *saved);
// Closes what redirect opened and puts the old handles back.
void redirect_undo(struct saved_handles *saved);

#endif
