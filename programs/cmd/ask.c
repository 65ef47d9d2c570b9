// Questions.
#include "ask.h"
#include "lines.h"
#include "output.h"
#include <stdarg.h>
#include <stdio.h>

enum answer ask(const WCHAR *format, ...)
{
    va_list arguments;
    WCHAR question[1024];
    va_start(arguments, format);
    _vsnwprintf(question, ARRAYSIZE(question), format, arguments);
    question[ARRAYSIZE(question) - 1] = 0;
    va_end(arguments);
    for (;;) {
        struct text line = {};
        print(L"%s", question);
        if (!line_from_handle(&line, shell.handles[0])) {
            print(L"\r\n");
            return ANSWER_NO;
        }
        switch (towupper(*skip_blanks(line.data))) {
        case 'Y': return ANSWER_YES;
        case 'A': return ANSWER_ALL;
        case 'N': return ANSWER_NO;
        }
    }
}
