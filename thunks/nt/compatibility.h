// What an activation context says of compatibility, in Windows 10's layout; mingw-w64 has that of Windows 7.
#ifndef LOWLAND_NT_COMPATIBILITY_H
#define LOWLAND_NT_COMPATIBILITY_H

struct compatibility_information {
    ULONG count;
    struct compatibility_element {
        GUID id;
        ULONG type; // ACTCTX_COMPATIBILITY_ELEMENT_TYPE
        ULONGLONG max_version_tested;
    } elements[];
};

#endif
