// The names that security descriptor strings use (MS-DTYP 2.5.1.1): one table for both directions each.
#ifndef LOWLAND_ADVAPI32_DESCRIPTOR_STRING_H
#define LOWLAND_ADVAPI32_DESCRIPTOR_STRING_H

#include "base.h"

struct sddl_name {
    WCHAR text[3];
    DWORD value;
};

extern const struct sddl_name sddl_rights[], sddl_label_rights[], sddl_ace_flags[];
extern const unsigned sddl_right_count, sddl_label_right_count, sddl_ace_flag_count;

// The SID of a two-letter name, as long as SECURITY_MAX_SID_SIZE. False when there is no such name.
bool sddl_sid_by_name(const WCHAR name[2], SID *sid);
// The two letters of a SID; NULL when it has none.
const WCHAR *sddl_name_of_sid(PSID sid);

// Parses a SID ("S-1-..." or two letters) at *text and moves *text behind it. False for neither.
bool sddl_parse_sid(const WCHAR **text, SID *sid);

#endif
