// Programs and batch files: finding and starting them.
#ifndef CMD_LAUNCH_H
#define CMD_LAUNCH_H
#include "text.h"

// The full path of what NAME (perhaps quoted) starts: in the current directory, then along PATH, with the
// extensions of PATHEXT. NULL if there is none. In the region.
WCHAR *find_program(const WCHAR *name);
bool is_batch_file(const WCHAR *path);

// Starts a process with three standard handles, which alone of ours it inherits in that role. The process's
// handle, or NULL with the last error. DIRECTORY may be NULL.
HANDLE start_process(const WCHAR *path, const WCHAR *command_line, const HANDLE *standard, DWORD flags,
                     const WCHAR *directory);
// Waits for a process and closes its handle: its exit code.
int wait_for(HANDLE process);

// Runs a program or batch file: its exit or return code, which is ERRORLEVEL too. What can't be found is
// complained about.
int launch(const WCHAR *name, const WCHAR *arguments, bool called);
// "PATH /S /D /C" and the command in quotes: a line for another interpreter.
const WCHAR *interpreter_line(const WCHAR *command);

#endif
