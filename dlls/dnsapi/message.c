// Messages of DNS (RFC 1035) taken apart into records, and made.
#include "dns.h"

// ---- reading ----

// Where a message is read. bad: something lay beyond its end, or made no sense.
struct reader {
    const UCHAR *message;
    ULONG size, at;
    bool bad;
};

static ULONG read_number(struct reader *reader, unsigned bytes)
{
    ULONG value = 0;
    if (reader->bad || reader->size - reader->at < bytes) {
        reader->bad = true;
        return 0;
    }
    while (bytes-- > 0) value = value << 8 | reader->message[reader->at++];
    return value;
}

// One label at *at, appended to text.
static bool append_label(const struct reader *reader, ULONG *at, char *text, ULONG *length)
{
    ULONG size = reader->message[(*at)++];
    if (reader->size - *at < size || *length + size + 1 >= DNS_NAME_TEXT) return false;
    if (*length > 0) text[(*length)++] = '.';
    memcpy(text + *length, reader->message + *at, size);
    *length += size;
    *at += size;
    return true;
}

// A name, which may go on at an earlier place of the message. Returns its length.
static ULONG read_name(struct reader *reader, char text[DNS_NAME_TEXT])
{
    enum { POINTER = 0xC0, JUMPS = 64 };
    ULONG at = reader->at, length = 0, jumps = 0;
    bool good = !reader->bad, jumped = false;
    while (good && (good = at < reader->size) && reader->message[at] != 0) {
        UCHAR first = reader->message[at];
        if ((first & POINTER) == POINTER) {
            good = reader->size - at >= 2 && ++jumps < JUMPS;
            if (!good) break;
            if (!jumped) reader->at = at + 2;
            jumped = true;
            at = (first & ~POINTER) << 8 | reader->message[at + 1];
        } else {
            good = !(first & POINTER) && append_label(reader, &at, text, &length);
        }
    }
    if (!good) reader->bad = true;
    if (good && !jumped) reader->at = at + 1;
    text[length] = 0;
    return length;
}

// ---- one record ----

// A record that is being made, in one block with its texts.
struct build {
    struct reader *reader;
    DNS_CHARSET charset;
    record_t *record;
    char *free; // where the next text goes
    ULONG end;  // of its data in the message
};

// What a record can need beside its own size: its owner's and two more names, and strings, each with a
// pointer. A byte that is no UTF-8 becomes a character of three bytes where UTF-8 is the ANSI code page.
static ULONG room_for(ULONG data)
{
    enum { NAMES = 3, GROWTH = 3, PER_BYTE = 8, SLACK = 64 };
    return sizeof(record_t) + NAMES * DNS_NAME_TEXT * GROWTH + data * PER_BYTE + SLACK;
}

static PSTR put_text(struct build *build, const char *text, ULONG length)
{
    char *at = (char *)(((ULONG_PTR)build->free + 1) & ~(ULONG_PTR)1);
    dns_text_write(at, text, length, build->charset);
    build->free = at + dns_text_size(text, length, build->charset);
    return at;
}

static PSTR take_name(struct build *build)
{
    char text[DNS_NAME_TEXT];
    ULONG length = read_name(build->reader, text);
    if (length == 0) text[length++] = '.'; // the root
    return put_text(build, text, length);
}

static PSTR take_string(struct build *build)
{
    struct reader *reader = build->reader;
    ULONG length = read_number(reader, 1);
    if (reader->bad || build->end < reader->at || build->end - reader->at < length) {
        reader->bad = true;
        return NULL;
    }
    reader->at += length;
    return put_text(build, (const char *)reader->message + reader->at - length, length);
}

// The rest of the data as it is, to the end of a structure. Returns how many bytes.
static ULONG take_rest(struct build *build, BYTE *to)
{
    struct reader *reader = build->reader;
    if (reader->bad || build->end < reader->at) {
        reader->bad = true;
        return 0;
    }
    ULONG size = build->end - reader->at;
    memcpy(to, reader->message + reader->at, size);
    reader->at += size;
    return size;
}

// Texts go behind the structure, of which so many bytes are in use: no more than a record can tell.
static void reserve(struct build *build, ULONG size)
{
    if (size > (WORD)-1) build->reader->bad = true;
    build->record->wDataLength = (WORD)size;
    build->free = (char *)&build->record->Data + size;
}

static void read_soa(struct build *build)
{
    DNS_SOA_DATAA *soa = &build->record->Data.SOA;
    reserve(build, sizeof *soa);
    soa->pNamePrimaryServer = take_name(build);
    soa->pNameAdministrator = take_name(build);
    soa->dwSerialNo = read_number(build->reader, 4);
    soa->dwRefresh = read_number(build->reader, 4);
    soa->dwRetry = read_number(build->reader, 4);
    soa->dwExpire = read_number(build->reader, 4);
    soa->dwDefaultTtl = read_number(build->reader, 4);
}

static void read_strings(struct build *build)
{
    DNS_TXT_DATAA *texts = &build->record->Data.TXT;
    const struct reader *reader = build->reader;
    ULONG count = 0;
    for (ULONG at = reader->at; at < build->end; at += 1 + reader->message[at]) count++;
    reserve(build, FIELD_OFFSET(DNS_TXT_DATAA, pStringArray) + count * sizeof *texts->pStringArray);
    texts->dwStringCount = count;
    for (ULONG i = 0; i < count; i++) texts->pStringArray[i] = take_string(build);
}

static void read_srv(struct build *build)
{
    DNS_SRV_DATAA *srv = &build->record->Data.SRV;
    reserve(build, sizeof *srv);
    srv->wPriority = (WORD)read_number(build->reader, 2);
    srv->wWeight = (WORD)read_number(build->reader, 2);
    srv->wPort = (WORD)read_number(build->reader, 2);
    srv->pNameTarget = take_name(build);
}

static void read_naptr(struct build *build)
{
    DNS_NAPTR_DATAA *naptr = &build->record->Data.NAPTR;
    reserve(build, sizeof *naptr);
    naptr->wOrder = (WORD)read_number(build->reader, 2);
    naptr->wPreference = (WORD)read_number(build->reader, 2);
    naptr->pFlags = take_string(build);
    naptr->pService = take_string(build);
    naptr->pRegularExpression = take_string(build);
    naptr->pReplacement = take_name(build);
}

static void read_key(struct build *build)
{
    DNS_KEY_DATA *key = &build->record->Data.KEY;
    key->wFlags = (WORD)read_number(build->reader, 2);
    key->chProtocol = (BYTE)read_number(build->reader, 1);
    key->chAlgorithm = (BYTE)read_number(build->reader, 1);
    key->wKeyLength = (WORD)take_rest(build, key->Key);
    reserve(build, FIELD_OFFSET(DNS_KEY_DATA, Key) + key->wKeyLength);
}

static void read_ds(struct build *build)
{
    DNS_DS_DATA *ds = &build->record->Data.DS;
    ds->wKeyTag = (WORD)read_number(build->reader, 2);
    ds->chAlgorithm = (BYTE)read_number(build->reader, 1);
    ds->chDigestType = (BYTE)read_number(build->reader, 1);
    ds->wDigestLength = (WORD)take_rest(build, ds->Digest);
    reserve(build, FIELD_OFFSET(DNS_DS_DATA, Digest) + ds->wDigestLength);
}

// A name that lies before bytes whose number it takes to know where texts can go.
static PSTR take_name_before_rest(struct build *build, BYTE *rest, ULONG offset, WORD *length)
{
    char text[DNS_NAME_TEXT];
    ULONG size = read_name(build->reader, text);
    if (size == 0) text[size++] = '.';
    *length = (WORD)take_rest(build, rest);
    reserve(build, offset + *length);
    return put_text(build, text, size);
}

static void read_signature(struct build *build)
{
    DNS_SIG_DATAA *sig = &build->record->Data.SIG;
    sig->wTypeCovered = (WORD)read_number(build->reader, 2);
    sig->chAlgorithm = (BYTE)read_number(build->reader, 1);
    sig->chLabelCount = (BYTE)read_number(build->reader, 1);
    sig->dwOriginalTtl = read_number(build->reader, 4);
    sig->dwExpiration = read_number(build->reader, 4);
    sig->dwTimeSigned = read_number(build->reader, 4);
    sig->wKeyTag = (WORD)read_number(build->reader, 2);
    sig->pNameSigner = take_name_before_rest(build, sig->Signature, FIELD_OFFSET(DNS_SIG_DATAA, Signature),
                                             &sig->wSignatureLength);
}

static void read_nsec(struct build *build)
{
    DNS_NSEC_DATAA *nsec = &build->record->Data.NSEC;
    nsec->pNextDomainName = take_name_before_rest(
        build, nsec->TypeBitMaps, FIELD_OFFSET(DNS_NSEC_DATAA, TypeBitMaps), &nsec->wTypeBitMapsLength);
}

static void read_tlsa(struct build *build)
{
    DNS_TLSA_DATA *tlsa = &build->record->Data.TLSA;
    tlsa->bCertUsage = (BYTE)read_number(build->reader, 1);
    tlsa->bSelector = (BYTE)read_number(build->reader, 1);
    tlsa->bMatchingType = (BYTE)read_number(build->reader, 1);
    tlsa->bCertificateAssociationDataLength = (WORD)take_rest(build, tlsa->bCertificateAssociationData);
    reserve(build, FIELD_OFFSET(DNS_TLSA_DATA, bCertificateAssociationData) +
                       tlsa->bCertificateAssociationDataLength);
}

// What has no structure, or none that is known here.
static void read_unknown(struct build *build)
{
    DNS_UNKNOWN_DATA *data = &build->record->Data.UNKNOWN;
    data->dwByteCount = take_rest(build, data->bData);
    reserve(build, FIELD_OFFSET(DNS_UNKNOWN_DATA, bData) + data->dwByteCount);
}

static void read_address(struct build *build, ULONG size)
{
    if (build->end - build->reader->at != size) build->reader->bad = true;
    if (!build->reader->bad) take_rest(build, (BYTE *)&build->record->Data);
    reserve(build, size);
}

static void read_data(struct build *build)
{
    record_t *record = build->record;
    switch (record->wType) {
    case DNS_TYPE_A: read_address(build, sizeof record->Data.A); break;
    case DNS_TYPE_AAAA: read_address(build, sizeof record->Data.AAAA); break;
    case DNS_TYPE_NS:
    case DNS_TYPE_MD:
    case DNS_TYPE_MF:
    case DNS_TYPE_CNAME:
    case DNS_TYPE_MB:
    case DNS_TYPE_MG:
    case DNS_TYPE_MR:
    case DNS_TYPE_PTR:
    case DNS_TYPE_DNAME:
        reserve(build, sizeof record->Data.PTR);
        record->Data.PTR.pNameHost = take_name(build);
        break;
    case DNS_TYPE_MINFO:
    case DNS_TYPE_RP:
        reserve(build, sizeof record->Data.MINFO);
        record->Data.MINFO.pNameMailbox = take_name(build);
        record->Data.MINFO.pNameErrorsMailbox = take_name(build);
        break;
    case DNS_TYPE_MX:
    case DNS_TYPE_AFSDB:
    case DNS_TYPE_RT:
        reserve(build, sizeof record->Data.MX);
        record->Data.MX.wPreference = (WORD)read_number(build->reader, 2);
        record->Data.MX.pNameExchange = take_name(build);
        break;
    case DNS_TYPE_HINFO:
    case DNS_TYPE_ISDN:
    case DNS_TYPE_TEXT:
    case DNS_TYPE_X25: read_strings(build); break;
    case DNS_TYPE_SOA: read_soa(build); break;
    case DNS_TYPE_SRV: read_srv(build); break;
    case DNS_TYPE_NAPTR: read_naptr(build); break;
    case DNS_TYPE_KEY:
    case DNS_TYPE_DNSKEY: read_key(build); break;
    case DNS_TYPE_DS: read_ds(build); break;
    case DNS_TYPE_SIG:
    case DNS_TYPE_RRSIG: read_signature(build); break;
    case DNS_TYPE_NSEC: read_nsec(build); break;
    case DNS_TYPE_TLSA: read_tlsa(build); break;
    default: read_unknown(build);
    }
}

// The next record of a section; *made is NULL where it is not wanted.
static DNS_STATUS read_record(struct reader *reader, DNS_SECTION section, bool wanted, DNS_CHARSET charset,
                              record_t **made)
{
    char owner[DNS_NAME_TEXT];
    ULONG length = read_name(reader, owner);
    WORD type = (WORD)read_number(reader, 2);
    read_number(reader, 2); // the class
    ULONG ttl = read_number(reader, 4), data = read_number(reader, 2);
    *made = NULL;
    if (reader->bad || reader->size - reader->at < data) return DNS_ERROR_BAD_PACKET;
    ULONG end = reader->at + data;
    if (!wanted) {
        reader->at = end;
        return ERROR_SUCCESS;
    }
    record_t *record = dns_allocate(room_for(data));
    if (!record) return ERROR_NOT_ENOUGH_MEMORY;
    struct build build = {.reader = reader, .charset = charset, .record = record, .end = end};
    record->wType = type;
    record->dwTtl = ttl;
    record->Flags.S.Section = section;
    record->Flags.S.CharSet = charset;
    read_data(&build);
    if (length == 0) owner[length++] = '.';
    record->pName = put_text(&build, owner, length);
    if (reader->bad || reader->at > end) {
        dns_free(record);
        return DNS_ERROR_BAD_PACKET;
    }
    reader->at = end;
    RtlReAllocateHeap(peb_self()->ProcessHeap, HEAP_REALLOC_IN_PLACE_ONLY, record,
                      build.free - (char *)record);
    *made = record;
    return ERROR_SUCCESS;
}

static void skip_questions(struct reader *reader, ULONG count)
{
    char name[DNS_NAME_TEXT];
    for (ULONG i = 0; i < count && !reader->bad; i++) {
        read_name(reader, name);
        read_number(reader, 4); // type and class
    }
}

DNS_STATUS dns_parse(const UCHAR *message, ULONG size, bool host_counts, ULONG sections, DNS_CHARSET charset,
                     record_t **list)
{
    struct reader reader = {.message = message, .size = size, .at = 4};
    ULONG counts[4];
    DNS_STATUS status = ERROR_SUCCESS;
    record_t **link = list;
    *list = NULL;
    for (unsigned i = 0; i < ARRAYSIZE(counts); i++) {
        counts[i] = read_number(&reader, 2);
        if (host_counts) counts[i] = __builtin_bswap16((USHORT)counts[i]);
    }
    skip_questions(&reader, counts[DnsSectionQuestion]);
    for (DNS_SECTION section = DnsSectionAnswer; section <= DnsSectionAddtional && !status; section++)
        for (ULONG i = 0; i < counts[section] && !status; i++) {
            status = read_record(&reader, section, sections >> section & 1, charset, link);
            if (*link) link = (record_t **)&(*link)->pNext;
        }
    if (!status && reader.bad) status = DNS_ERROR_BAD_PACKET;
    if (status) {
        DnsFree(*list, DnsFreeRecordList);
        *list = NULL;
    }
    return status;
}

static DNS_STATUS extract(DNS_MESSAGE_BUFFER *buffer, WORD length, DNS_CHARSET charset, record_t **list)
{
    enum { ALL = 1 << DnsSectionAnswer | 1 << DnsSectionAuthority | 1 << DnsSectionAddtional };
    if (!buffer || !list) return ERROR_INVALID_PARAMETER;
    if (length < sizeof buffer->MessageHead) return DNS_ERROR_BAD_PACKET;
    return dns_parse((const UCHAR *)buffer, length, true, ALL, charset, list);
}

HOTPATCH DNS_STATUS WINAPI DnsExtractRecordsFromMessage_W(PDNS_MESSAGE_BUFFER buffer, WORD length,
                                                          PDNS_RECORD *list)
{
    return extract(buffer, length, DnsCharSetUnicode, (record_t **)list);
}

HOTPATCH DNS_STATUS WINAPI DnsExtractRecordsFromMessage_UTF8(PDNS_MESSAGE_BUFFER buffer, WORD length,
                                                             PDNS_RECORDA *list)
{
    return extract(buffer, length, DnsCharSetUtf8, list);
}

// ---- questions ----

// Writes a name's labels. Returns their size with the root's; 0: it is none.
static ULONG write_name(const char *name, UCHAR *to)
{
    ULONG size = 0, length = strlen(name);
    if (length > 0 && name[length - 1] == '.') length--;
    for (ULONG at = 0; at < length;) {
        ULONG label = 0;
        while (at + label < length && name[at + label] != '.') label++;
        if (label == 0 || label > DNS_MAX_LABEL_LENGTH) return 0;
        to[size++] = (UCHAR)label;
        memcpy(to + size, name + at, label);
        size += label;
        at += label + 1;
    }
    to[size++] = 0;
    return size <= DNS_MAX_NAME_LENGTH ? size : 0;
}

static WINBOOL write_question(DNS_MESSAGE_BUFFER *buffer, DWORD *size, const void *text, DNS_CHARSET charset,
                              WORD type, WORD id, WINBOOL recursion)
{
    enum { CLASS_INTERNET = 1 };
    UCHAR labels[DNS_NAME_TEXT + 1];
    char ascii[DNS_NAME_TEXT];
    if (!size || !text) return FALSE;
    char *name = dns_utf8(text, charset);
    bool good = name && dns_name_to_ascii(name, true, ascii);
    dns_free(name);
    ULONG length = good ? write_name(ascii, labels) : 0;
    if (length == 0) return FALSE;
    ULONG needed = sizeof buffer->MessageHead + length + sizeof(DNS_WIRE_QUESTION), room = *size;
    *size = needed;
    if (!buffer || room < needed) return FALSE;
    memset(&buffer->MessageHead, 0, sizeof buffer->MessageHead);
    buffer->MessageHead.Xid = id; // the caller turns it, and the counts, into network order
    buffer->MessageHead.RecursionDesired = recursion != 0;
    buffer->MessageHead.QuestionCount = 1;
    memcpy(buffer->MessageBody, labels, length);
    UCHAR *end = (UCHAR *)buffer->MessageBody + length;
    end[0] = (UCHAR)(type >> 8);
    end[1] = (UCHAR)type;
    end[2] = 0;
    end[3] = CLASS_INTERNET;
    return TRUE;
}

HOTPATCH WINBOOL WINAPI DnsWriteQuestionToBuffer_W(PDNS_MESSAGE_BUFFER buffer, PDWORD size, LPWSTR name,
                                                   WORD type, WORD id, WINBOOL recursion)
{
    return write_question(buffer, size, name, DnsCharSetUnicode, type, id, recursion);
}

HOTPATCH WINBOOL WINAPI DnsWriteQuestionToBuffer_UTF8(PDNS_MESSAGE_BUFFER buffer, LPDWORD size, LPSTR name,
                                                      WORD type, WORD id, WINBOOL recursion)
{
    return write_question(buffer, size, name, DnsCharSetUtf8, type, id, recursion);
}
