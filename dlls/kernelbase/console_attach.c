// Whether the process has a console. Programs for the console have one from the start, unless their creator
// said otherwise; others get one by AllocConsole or AttachConsole.
#include "console.h"

// No console is an object of its own here, so that there is no handle to keep: any value but those that a
// creator leaves for a new process says that there is one.
#define ATTACHED ((HANDLE)(ULONG_PTR)4)

bool console_required(void)
{
    return console_is_attached() ? true : fail_with(ERROR_INVALID_HANDLE);
}

void console_attach(void)
{
    current_parameters()->ConsoleHandle = ATTACHED;
}

static bool is_console_program(void)
{
    const IMAGE_NT_HEADERS *headers = RtlImageNtHeader(current_peb()->ImageBaseAddress);
    return headers && headers->OptionalHeader.Subsystem == IMAGE_SUBSYSTEM_WINDOWS_CUI;
}

void console_init(void)
{
    HANDLE wanted = current_parameters()->ConsoleHandle;
    current_parameters()->ConsoleHandle = NULL;
    if (!current_parameters()->ProcessGroupId) current_parameters()->ProcessGroupId = GetCurrentProcessId();
    if (!is_console_program() || wanted == CONSOLE_DETACHED_PROCESS) return;
    // A terminal is shared by all; where there is none, a console of the process's own was asked for.
    if ((wanted == CONSOLE_CREATE_NEW_CONSOLE || wanted == CONSOLE_CREATE_NO_WINDOW) && !ConsoleExists())
        AllocConsole();
    console_attach();
}
