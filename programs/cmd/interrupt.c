// Ctrl-C: programs that run get it too and mostly end; the interpreter itself asks whether the batch file
// shall.
#include "interrupt.h"
#include "lines.h"
#include "output.h"

static volatile LONG pending;

static BOOL WINAPI on_event(DWORD event)
{
    if (event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT) return FALSE;
    InterlockedExchange(&pending, 1);
    return TRUE;
}

void interrupt_init(void)
{
    SetConsoleCtrlHandler(on_event, TRUE);
}

bool interrupt_pending(void)
{
    return pending != 0;
}

bool interrupt_ask(void)
{
    enum { TRIES = 3 };
    InterlockedExchange(&pending, 0);
    if (shell.batch && is_console(shell.handles[0])) {
        for (int i = 0; i < TRIES; i++) {
            struct text answer = {};
            print(L"Terminate batch job (Y/N)? ");
            if (!line_from_handle(&answer, shell.handles[0])) break;
            WCHAR c = towupper(*skip_blanks(answer.data));
            if (c == 'N') return true;
            if (c == 'Y') break;
        }
    }
    // STATUS_CONTROL_C_EXIT is what a process that Ctrl-C ended leaves.
    shell.errorlevel = shell.exit_code = (int)0xc000013a;
    shell.unwind = shell.interactive ? UNWIND_ABORT : UNWIND_EXIT;
    return false;
}
