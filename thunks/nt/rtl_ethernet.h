// Ethernet addresses as text. Source: Microsoft's documentation of ip2string.h.
#ifndef LOWLAND_NT_RTL_ETHERNET_H
#define LOWLAND_NT_RTL_ETHERNET_H

#include "nt.h"

typedef union _DL_EUI48 {
    BYTE Byte[6];
    struct {
        BYTE Oui[3], Ei48[3];
    };
} DL_EUI48;
NT_SIZE(DL_EUI48, 6);

PSTR NTAPI RtlEthernetAddressToStringA(const DL_EUI48 *address, PSTR out);
PWSTR NTAPI RtlEthernetAddressToStringW(const DL_EUI48 *address, PWSTR out);
NTSTATUS NTAPI RtlEthernetStringToAddressA(PCSTR text, PCSTR *terminator, DL_EUI48 *address);
NTSTATUS NTAPI RtlEthernetStringToAddressW(PCWSTR text, PCWSTR *terminator, DL_EUI48 *address);

#endif
