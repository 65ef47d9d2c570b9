// What the 32-bit side of dnsapi shares: names and records in the three forms of text that callers have, and
// messages of DNS taken apart.
#ifndef LOWLAND_DNSAPI_DNS_H
#define LOWLAND_DNSAPI_DNS_H

#define _WIN32_WINNT 0x0A00
#define WINVER       0x0A00
#define _CRTIMP
#define _SECIMP
#define WIN32_NO_STATUS
#define WINSOCK_API_LINKAGE
#include <winsock2.h>
#include <ws2tcpip.h>
// The header forgets the calling convention of these.
#define DnsValidateName_A    dns_without_convention_1
#define DnsValidateName_W    dns_without_convention_2
#define DnsValidateName_UTF8 dns_without_convention_3
#define DnsRecordSetDetach   dns_without_convention_4
#include <windns.h>
#undef DnsValidateName_A
#undef DnsValidateName_W
#undef DnsValidateName_UTF8
#undef DnsRecordSetDetach
#include <iphlpapi.h>
#undef WIN32_NO_STATUS
#include "nt/nt.h"
#include "dnsapi.h"
#include <stdbool.h>

// Records differ in their texts only: the pointers of both forms lie at the same places.
_Static_assert(sizeof(DNS_RECORDA) == sizeof(DNS_RECORDW), "one layout");
typedef DNS_RECORDA record_t;

enum { DNS_NAME_TEXT = 256 }; // of a name with its NUL

// ---- text.c ----

void *dns_allocate(SIZE_T size); // zeroed, on the process heap; NULL without memory
void dns_free(void *block);
// How many bytes a UTF-8 text of that length needs with its NUL in another form, and the text in that form.
ULONG dns_text_size(const char *utf8, ULONG length, DNS_CHARSET charset);
void dns_text_write(void *to, const char *utf8, ULONG length, DNS_CHARSET charset);
// A UTF-8 copy of a text (not NULL), freed with dns_free. NULL without memory.
char *dns_utf8(const void *text, DNS_CHARSET charset);

// ---- name.c ----

// Whether two names (UTF-8) are the same: without regard to case and to a dot at the end.
bool dns_same_name(const char *a, const char *b);
// The name as it travels: in ASCII. False: it has no such form.
bool dns_name_to_ascii(const char *utf8, bool encode, char ascii[DNS_NAME_TEXT]);

// ---- message.c ----

// The records of a message (counts in network order where host_counts is false) but for its question.
// sections: bits of 1 << DnsSection*. DNS_ERROR_BAD_PACKET, ERROR_NOT_ENOUGH_MEMORY.
DNS_STATUS dns_parse(const UCHAR *message, ULONG size, bool host_counts, ULONG sections, DNS_CHARSET charset,
                     record_t **list);

// ---- config.c ----

// What GetNetworkParams tells, freed with dns_free. NULL: nothing, or no memory.
FIXED_INFO *dns_network_parameters(void);

// ---- record.c ----

// A record of one address, of a family.
record_t *dns_address_record(const char *name, USHORT family, const UCHAR *address, DNS_CHARSET charset);
// The pointers to text in a record's data, which lie side by side, and how many there are.
void **dns_record_texts(const record_t *record, ULONG *count);

#endif
