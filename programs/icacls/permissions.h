// Access masks and flags of access control entries as icacls writes and reads them.
#ifndef ICACLS_PERMISSIONS_H
#define ICACLS_PERMISSIONS_H
#include "../shared/console_text.h"

// "(OI)(CI)(DENY)(RX,W)" for an entry.
void permissions_print(const ACE_HEADER *entry);

// Reads "(OI)(CI)RX", "(R,W)" or "F". False when it says nothing known.
bool permissions_read(const WCHAR *text, ACCESS_MASK *mask, BYTE *flags);

#endif
