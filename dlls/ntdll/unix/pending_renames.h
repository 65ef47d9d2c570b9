// File operations that MoveFileEx with MOVEFILE_DELAY_UNTIL_REBOOT left for the next start: the value
// PendingFileRenameOperations of the Session Manager's key.
#ifndef LOWLAND_PENDING_RENAMES_H
#define LOWLAND_PENDING_RENAMES_H

#include <stdbool.h>

// Whether this is the first program of the prefix's session, which stands for Windows' start, and there is a
// registry that may hold any. Once, after prefix_open; a prefix without a registry costs one look.
bool pending_renames_due(void);

// Carries them out and removes the value; what fails is passed over in silence, as on Windows (Microsoft's
// article 202071). Returns whether there were any: the files of the program to start may be others now. After
// signals_init, since a store that was cut faults where it is read, and before other processes can be waited
// for.
bool pending_renames_carry_out(void);

#endif
