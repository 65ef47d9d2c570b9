// Records in the hands of callers: made, copied, compared, taken apart and freed. Each lies in one block with
// its texts.
#include "dns.h"

HOTPATCH VOID WINAPI DnsFree(PVOID data, DNS_FREE_TYPE type)
{
    if (type == DnsFreeParsedMessageFields) return; // its fields lie in the message
    if (type == DnsFreeFlat) {
        dns_free(data);
        return;
    }
    for (record_t *record = data, *next; record; record = next) {
        next = (record_t *)record->pNext;
        dns_free(record);
    }
}

#undef DnsRecordListFree
HOTPATCH VOID WINAPI DnsRecordListFree(PDNS_RECORD list, DNS_FREE_TYPE type)
{
    (void)type; // there is but one way
    DnsFree(list, DnsFreeRecordList);
}

record_t *dns_address_record(const char *name, USHORT family, const UCHAR *address, DNS_CHARSET charset)
{
    ULONG length = strlen(name);
    record_t *record = dns_allocate(sizeof *record + dns_text_size(name, length, charset));
    if (!record) return NULL;
    record->pName = (PSTR)(record + 1);
    dns_text_write(record->pName, name, length, charset);
    record->wType = family == AF_INET6 ? DNS_TYPE_AAAA : DNS_TYPE_A;
    record->wDataLength = family == AF_INET6 ? sizeof record->Data.AAAA : sizeof record->Data.A;
    memcpy(&record->Data, address, record->wDataLength);
    record->Flags.S.Section = DnsSectionAnswer;
    record->Flags.S.CharSet = charset;
    return record;
}

void **dns_record_texts(const record_t *record, ULONG *count)
{
    record_t *own = (record_t *)record;
    PSTR *first = &own->Data.PTR.pNameHost;
    *count = 0;
    switch (record->wType) {
    case DNS_TYPE_NS:
    case DNS_TYPE_MD:
    case DNS_TYPE_MF:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_MB:
    case DNS_TYPE_MG:
    case DNS_TYPE_MR:
    case DNS_TYPE_PTR:
    case DNS_TYPE_DNAME:
    case DNS_TYPE_MX:
    case DNS_TYPE_AFSDB:
    case DNS_TYPE_RT:
    case DNS_TYPE_SRV:
    case DNS_TYPE_NSEC: *count = 1; break; // first in each of their structures
    case DNS_TYPE_SOA:
    case DNS_TYPE_MINFO:
    case DNS_TYPE_RP: *count = 2; break;
    case DNS_TYPE_NAPTR:
        first = &own->Data.NAPTR.pFlags;
        *count = 4;
        break;
    case DNS_TYPE_SIG:
    case DNS_TYPE_RRSIG:
        first = &own->Data.SIG.pNameSigner;
        *count = 1;
        break;
    case DNS_TYPE_HINFO:
    case DNS_TYPE_ISDN:
    case DNS_TYPE_TEXT:
    case DNS_TYPE_X25:
        first = own->Data.TXT.pStringArray;
        *count = own->Data.TXT.dwStringCount;
        break;
    default: break;
    }
    return (void **)first;
}

// ---- copying ----

// A text in another form at *at, which moves behind it. False without memory.
static bool convert_text(const void *from, DNS_CHARSET in, DNS_CHARSET out, void **to, char **at,
                         ULONG *needed)
{
    char *utf8 = from ? dns_utf8(from, in) : NULL;
    if (from && !utf8) return false;
    ULONG length = utf8 ? strlen(utf8) : 0, size = utf8 ? dns_text_size(utf8, length, out) : 0;
    size = (size + 1) & ~1u;
    *needed += size;
    if (at) {
        *to = utf8 ? *at : NULL;
        if (utf8) dns_text_write(*at, utf8, length, out);
        *at += size;
    }
    dns_free(utf8);
    return true;
}

// How much of a record's data is in use: its pointers in any case, whatever length a program's record claims.
static ULONG data_size(const record_t *record, void **texts, ULONG count)
{
    ULONG end = count ? (const char *)(texts + count) - (const char *)&record->Data : 0;
    return end > record->wDataLength ? end : record->wDataLength;
}

HOTPATCH PDNS_RECORD WINAPI DnsRecordCopyEx(PDNS_RECORD given, DNS_CHARSET in, DNS_CHARSET out)
{
    const record_t *record = (const record_t *)given;
    ULONG needed = 0, count;
    void *unused;
    if (!record) return NULL;
    void **texts = dns_record_texts(record, &count);
    ULONG used = data_size(record, texts, count), fixed = FIELD_OFFSET(record_t, Data);
    fixed += used > sizeof record->Data ? used : sizeof record->Data;
    fixed = (fixed + 3) & ~3u;
    bool good = convert_text(record->pName, in, out, &unused, NULL, &needed);
    for (ULONG i = 0; i < count && good; i++) good = convert_text(texts[i], in, out, &unused, NULL, &needed);
    record_t *copy = good ? dns_allocate(fixed + needed) : NULL;
    if (!copy) return NULL;
    memcpy(copy, record, FIELD_OFFSET(record_t, Data) + used);
    copy->pNext = NULL;
    copy->Flags.S.CharSet = out;
    char *at = (char *)copy + fixed;
    good = convert_text(record->pName, in, out, (void **)&copy->pName, &at, &needed);
    void **own = dns_record_texts(copy, &count);
    for (ULONG i = 0; i < count && good; i++) good = convert_text(texts[i], in, out, &own[i], &at, &needed);
    if (good) return (PDNS_RECORD)copy;
    dns_free(copy);
    return NULL;
}

HOTPATCH PDNS_RECORD WINAPI DnsRecordSetCopyEx(PDNS_RECORD set, DNS_CHARSET in, DNS_CHARSET out)
{
    PDNS_RECORD list = NULL, *link = &list;
    for (; set; set = set->pNext) {
        *link = DnsRecordCopyEx(set, in, out);
        if (!*link) {
            DnsFree(list, DnsFreeRecordList);
            return NULL;
        }
        link = &(*link)->pNext;
    }
    return list;
}

// ---- comparing ----

static DNS_CHARSET charset_of(const record_t *record)
{
    return record->Flags.S.CharSet != DnsCharSetUnknown ? (DNS_CHARSET)record->Flags.S.CharSet
                                                        : DnsCharSetUnicode;
}

static bool is_text_of_strings(WORD type)
{
    return type == DNS_TYPE_TEXT || type == DNS_TYPE_HINFO || type == DNS_TYPE_ISDN || type == DNS_TYPE_X25;
}

// Names are the same whatever their case, strings are not.
static bool same_text(const void *a, DNS_CHARSET a_charset, const void *b, DNS_CHARSET b_charset, bool exact)
{
    if (!a || !b) return a == b;
    char *first = dns_utf8(a, a_charset), *second = dns_utf8(b, b_charset);
    bool same = first && second && (exact ? strcmp(first, second) == 0 : dns_same_name(first, second));
    dns_free(first);
    dns_free(second);
    return same;
}

// The data beside its texts.
static bool same_bytes(const record_t *a, const record_t *b, void **texts, ULONG count)
{
    const BYTE *first = (const BYTE *)&a->Data, *second = (const BYTE *)&b->Data;
    ULONG begin = (const BYTE *)texts - first, end = (const BYTE *)(texts + count) - first;
    for (ULONG i = 0; i < a->wDataLength; i++)
        if ((i < begin || i >= end) && first[i] != second[i]) return false;
    return true;
}

HOTPATCH WINBOOL WINAPI DnsRecordCompare(PDNS_RECORD record1, PDNS_RECORD record2)
{
    const record_t *a = (const record_t *)record1, *b = (const record_t *)record2;
    ULONG count, b_count;
    if (!a || !b) return FALSE;
    if (a->wType != b->wType || a->wDataLength != b->wDataLength ||
        !same_text(a->pName, charset_of(a), b->pName, charset_of(b), false))
        return FALSE;
    void **a_texts = dns_record_texts(a, &count), **b_texts = dns_record_texts(b, &b_count);
    if (count != b_count || !same_bytes(a, b, a_texts, count)) return FALSE;
    for (ULONG i = 0; i < count; i++)
        if (!same_text(a_texts[i], charset_of(a), b_texts[i], charset_of(b), is_text_of_strings(a->wType)))
            return FALSE;
    return TRUE;
}

static bool has_record(PDNS_RECORD set, PDNS_RECORD record)
{
    for (; set; set = set->pNext)
        if (DnsRecordCompare(set, record)) return true;
    return false;
}

// Copies of those records of a set that another lacks. False: there are none.
static bool difference(PDNS_RECORD set, PDNS_RECORD other, PDNS_RECORD *missing)
{
    bool found = false;
    PDNS_RECORD *link = missing;
    if (missing) *missing = NULL;
    for (; set; set = set->pNext) {
        if (has_record(other, set)) continue;
        found = true;
        if (!missing) break;
        DNS_CHARSET charset = charset_of((const record_t *)set);
        *link = DnsRecordCopyEx(set, charset, charset);
        if (!*link) break;
        link = &(*link)->pNext;
    }
    return found;
}

HOTPATCH WINBOOL WINAPI DnsRecordSetCompare(PDNS_RECORD set1, PDNS_RECORD set2, PDNS_RECORD *missing1,
                                            PDNS_RECORD *missing2)
{
    bool first = difference(set1, set2, missing1), second = difference(set2, set1, missing2);
    return !first && !second;
}

// The records after those that the first one's set is made of (its name and type), cut off.
HOTPATCH PDNS_RECORD WINAPI DnsRecordSetDetach(PDNS_RECORD list)
{
    PDNS_RECORD first = list;
    for (; list; list = list->pNext) {
        PDNS_RECORD next = list->pNext;
        if (!next) return NULL;
        const record_t *a = (const record_t *)first, *b = (const record_t *)next;
        if (a->wType == b->wType && same_text(a->pName, charset_of(a), b->pName, charset_of(b), false))
            continue;
        list->pNext = NULL;
        return next;
    }
    return NULL;
}
