// Ethernet addresses as text: 00-1A-2B-3C-4D-5E.
#include "rtl.h"
#include "nt/rtl_ethernet.h"

#define BYTES 6

// The address's text with its terminator at out, of characters of type T; the value is where the terminator
// is.
#define FORMAT(address, out, T)                                                                              \
    ({                                                                                                       \
        T *at_ = (out);                                                                                      \
        for (int i_ = 0; i_ < BYTES; i_++) {                                                                 \
            if (i_) *at_++ = '-';                                                                            \
            *at_++ = (T) "0123456789ABCDEF"[(address)->Byte[i_] >> 4];                                       \
            *at_++ = (T) "0123456789ABCDEF"[(address)->Byte[i_] & 0xF];                                      \
        }                                                                                                    \
        *at_ = 0;                                                                                            \
        at_;                                                                                                 \
    })

PSTR NTAPI RtlEthernetAddressToStringA(const DL_EUI48 *address, PSTR out)
{
    return FORMAT(address, out, char);
}

PWSTR NTAPI RtlEthernetAddressToStringW(const DL_EUI48 *address, PWSTR out)
{
    return FORMAT(address, out, WCHAR);
}

// A text of either width; reading goes no further than the first character that fits nowhere.
struct source {
    const char *narrow;
    const WCHAR *wide;
};

static WCHAR char_at(const struct source *source, ULONG index)
{
    return source->narrow ? (BYTE)source->narrow[index] : source->wide[index];
}

// Reads six bytes of two digits with one kind of separator, - or :, between them. *used is where reading
// ended.
static NTSTATUS parse(const struct source *source, DL_EUI48 *address, ULONG *used)
{
    WCHAR separator = 0;

    *used = 0;
    for (int i = 0; i < BYTES; i++) {
        int high, low;

        if (i) {
            WCHAR c = char_at(source, *used);
            if ((c != '-' && c != ':') || (separator && c != separator)) return STATUS_INVALID_PARAMETER;
            separator = c;
            ++*used;
        }
        high = digit_value(char_at(source, *used));
        if (high > 15) return STATUS_INVALID_PARAMETER;
        ++*used;
        low = digit_value(char_at(source, *used));
        if (low > 15) return STATUS_INVALID_PARAMETER;
        ++*used;
        address->Byte[i] = (BYTE)(high << 4 | low);
    }
    return STATUS_SUCCESS;
}

/** Parses an address; *terminator is where reading ended, whether or not it was one.
 * STATUS_INVALID_PARAMETER. */
NTSTATUS NTAPI RtlEthernetStringToAddressA(PCSTR text, PCSTR *terminator, DL_EUI48 *address)
{
    ULONG used;
    NTSTATUS status = parse(&(struct source){.narrow = text}, address, &used);

    *terminator = text + used;
    return status;
}

NTSTATUS NTAPI RtlEthernetStringToAddressW(PCWSTR text, PCWSTR *terminator, DL_EUI48 *address)
{
    ULONG used;
    NTSTATUS status = parse(&(struct source){.wide = text}, address, &used);

    *terminator = text + used;
    return status;
}
