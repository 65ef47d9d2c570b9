// Code page and case tables as ntdll keeps them. Sources: mingw-w64 ddk/ntnls.h, phnt's ntrtl.h, Microsoft's
// [MS-UCODEREF] for what the tables mean.
#ifndef LOWLAND_NT_NLS_H
#define LOWLAND_NT_NLS_H

#define MAXIMUM_LEADBYTES 12

typedef struct _CPTABLEINFO {
    USHORT CodePage;
    USHORT MaximumCharacterSize;
    USHORT DefaultChar;
    USHORT UniDefaultChar;
    USHORT TransDefaultChar;
    USHORT TransUniDefaultChar;
    USHORT DBCSCodePage;
    UCHAR LeadByte[MAXIMUM_LEADBYTES];
    PUSHORT MultiByteTable;
    PVOID WideCharTable;
    PUSHORT DBCSRanges;
    PUSHORT DBCSOffsets;
} CPTABLEINFO, *PCPTABLEINFO;
NT_OFFSET(CPTABLEINFO, MultiByteTable, 0x1C);
NT_SIZE(CPTABLEINFO, 0x2C);

typedef struct _NLSTABLEINFO {
    CPTABLEINFO OemTableInfo;
    CPTABLEINFO AnsiTableInfo;
    PUSHORT UpperCaseTable;
    PUSHORT LowerCaseTable;
} NLSTABLEINFO, *PNLSTABLEINFO;
NT_SIZE(NLSTABLEINFO, 0x60);

#endif
