// Questions to whoever sits at standard input.
#ifndef CMD_ASK_H
#define CMD_ASK_H
#include "text.h"

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_ALL };

// Asks until there is an answer. The end of input is a no.
enum answer ask(const WCHAR *format, ...);

#endif
