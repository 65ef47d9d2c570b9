// The boundary under dnsapi: questions to name servers, put by the host's resolver. Messages are as they
// travel (RFC 1035); taking them apart is the 32-bit side's.
#include "define.h"
#include "nt/nt.h"

INTERFACE(dnsapi, 11)

enum {
    HOST_DNS_TCP = 1,                // ask by TCP only
    HOST_DNS_NO_RECURSION = 2,       // the server shall ask nobody else
    HOST_DNS_ACCEPT_TRUNCATED = 4,   // take what fits into a datagram
    HOST_DNS_SECURITY = 8,           // records of DNSSEC too
    HOST_DNS_CHECKING_DISABLED = 16, // the server shall not validate
};

// ---- dlls/dnsapi/unix/dns_query.c ----
// Asks for the records of a type that a name (as text, ASCII) has, at these servers (IPv4; none: the host's
// own). Waits for the answer, whatever it says. *got: its length; as much as fits is written.
// STATUS_INVALID_PARAMETER: no such name can be asked for; STATUS_IO_TIMEOUT: nobody answered.
CALL NTSTATUS DnsHostQuery(IN_BYTES(length) const char *name, ULONG length, USHORT type, ULONG flags,
                           ULONG server_count, IN_ARRAY(server_count, 3) const ULONG *servers,
                           OUT_BYTES(size) void *message, ULONG size, OUT ULONG *got);
// The addresses (16 bytes each) that the host's file of names has for one, of a family. *count: how many.
CALL NTSTATUS DnsHostsFile(IN_BYTES(length) const char *name, ULONG length, ULONG family,
                           OUT_BYTES(size) void *addresses, ULONG size, OUT ULONG *count);
