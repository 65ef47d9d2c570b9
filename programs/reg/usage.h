// What `reg OPERATION /?` says.
#ifndef REG_USAGE_H
#define REG_USAGE_H

#define USAGE_ALL                                                                                            \
    L"\r\nREG Operation [Parameter List]\r\n\r\n"                                                            \
    L"  Operation  [ QUERY   | ADD    | DELETE  | COPY    |\r\n"                                             \
    L"               SAVE    | LOAD   | UNLOAD  | RESTORE |\r\n"                                             \
    L"               COMPARE | EXPORT | IMPORT ]\r\n\r\n"                                                    \
    L"Exit status: 0 - successful, 1 - failed; of COMPARE 0 - identical, 1 - failed, 2 - different\r\n\r\n"  \
    L"For the parameters of an operation type REG Operation /?\r\n"
#define USAGE_KEY  L"\r\n  A key begins with HKLM, HKCU, HKCR, HKU or HKCC, or their long names.\r\n"
#define USAGE_VIEW L"  /reg:32, /reg:64  the registry as 32-bit or 64-bit programs see it\r\n"
#define USAGE_QUERY                                                                                          \
    L"\r\nREG QUERY key [/v [name] | /ve] [/s] [/f data [/k] [/d] [/c] [/e]] [/t type] [/z] [/se "           \
    L"separator]\r\n"                                                                                        \
    L"          [/reg:32 | "                                                                                 \
    L"/reg:64]"                                                                                              \
    L"\r\n" USAGE_KEY L"  /v, /ve  a value, or the default value; with /f: search names of values\r\n"       \
    L"  /s       all keys below too\r\n"                                                                     \
    L"  /f       search; /k: names of keys only, /d: data only, /c: case counts, /e: whole texts only\r\n"   \
    L"  /t       values of this type only\r\n"                                                               \
    L"  /z       types as numbers too\r\n"                                                                   \
    L"  /se      what stands between the strings of REG_MULTI_SZ, \\0 without it\r\n" USAGE_VIEW
#define USAGE_ADD                                                                                            \
    L"\r\nREG ADD key [/v name | /ve] [/t type] [/s separator] [/d data] [/f] [/reg:32 | "                   \
    L"/reg:64]\r\n" USAGE_KEY L"  /v, /ve  a value, or the default value\r\n"                                \
    L"  /t       its type, REG_SZ without it: REG_SZ, REG_MULTI_SZ, REG_EXPAND_SZ, REG_DWORD, "              \
    L"REG_QWORD,\r\n"                                                                                        \
    L"           REG_BINARY, REG_NONE\r\n"                                                                   \
    L"  /s       what separates the strings of REG_MULTI_SZ, \\0 without it\r\n"                             \
    L"  /d       its data\r\n"                                                                               \
    L"  /f       overwrite without asking\r\n" USAGE_VIEW
#define USAGE_DELETE                                                                                         \
    L"\r\nREG DELETE key [/v name | /ve | /va] [/f] [/reg:32 | /reg:64]\r\n" USAGE_KEY L"  /v, /ve, /va  a " \
    L"value, the "                                                                                           \
    L"default value, "                                                                                       \
    L"all values; "                                                                                          \
    L"without them the "                                                                                     \
    L"key with all "                                                                                         \
    L"below it\r\n"                                                                                          \
    L"  /f            without asking\r\n" USAGE_VIEW
#define USAGE_COPY                                                                                           \
    L"\r\nREG COPY from to [/s] [/f] [/reg:32 | /reg:64]\r\n" USAGE_KEY L"  /s  all keys below too\r\n"      \
    L"  /f  overwrite without asking\r\n" USAGE_VIEW
#define USAGE_SAVE                                                                                           \
    L"\r\nREG SAVE key file [/y] [/reg:32 | "                                                                \
    L"/reg:64]\r\n" USAGE_KEY L"  /y  overwrite the file without asking\r\n" USAGE_VIEW
#define USAGE_RESTORE L"\r\nREG RESTORE key file [/reg:32 | /reg:64]\r\n" USAGE_KEY USAGE_VIEW
#define USAGE_LOAD                                                                                           \
    L"\r\nREG LOAD key file [/reg:32 | /reg:64]\r\n\r\n  The key is one directly below HKLM or HKU.\r\n"
#define USAGE_UNLOAD L"\r\nREG UNLOAD key\r\n\r\n  The key is one that REG LOAD has loaded.\r\n"
#define USAGE_COMPARE                                                                                        \
    L"\r\nREG COMPARE key1 key2 [/v name | /ve] [/oa | /od | /os | /on] [/s] [/reg:32 | "                    \
    L"/reg:64]\r\n" USAGE_KEY L"  /v, /ve  a value, or the default value\r\n"                                \
    L"  /oa, /od, /os, /on  show all, differences (without any of these), matches, nothing\r\n"              \
    L"  /s       all keys below too\r\n" USAGE_VIEW
#define USAGE_EXPORT                                                                                         \
    L"\r\nREG EXPORT key file [/y] [/reg:32 | "                                                              \
    L"/reg:64]\r\n" USAGE_KEY L"  /y  overwrite the file without asking\r\n" USAGE_VIEW
#define USAGE_IMPORT L"\r\nREG IMPORT file [/reg:32 | /reg:64]\r\n" USAGE_VIEW

#endif
