// File operations that MoveFileEx with MOVEFILE_DELAY_UNTIL_REBOOT left for the next start: the value
// PendingFileRenameOperations of the Session Manager's key.
#ifndef LOWLAND_PENDING_RENAMES_H
#define LOWLAND_PENDING_RENAMES_H

#include <stdbool.h>

// Carries them out when this is the first program of the prefix's session, whose beginning stands for
// Windows' start, and removes the value; what fails is passed over in silence, as on Windows (Microsoft's
// article 202071). Returns whether there were any: the files of the program to start may be others now. Once,
// after prefix_open and before other processes can be waited for. A prefix without a registry costs one look.
bool pending_renames_carry_out(void);

#endif
