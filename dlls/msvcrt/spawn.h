/* Starting other programs, inside the runtime. */
#pragma once

#include "msvcrt.h"

enum { SPAWN_WAIT, SPAWN_NOWAIT, SPAWN_OVERLAY, SPAWN_NOWAITO, SPAWN_DETACH };
enum { SEARCH_PATH = 1 };

/* By MODE: the exit status, the process handle, or no return; -1 with errno. BLOCK: an environment or NULL.
 */
intptr_t spawn_process(int mode, const wchar_t *path, wchar_t *command_line, wchar_t *block, unsigned options,
                       const HANDLE *standard);
