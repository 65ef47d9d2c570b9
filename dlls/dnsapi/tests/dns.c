// link: -ldnsapi -lws2_32
// Names, records and messages of dnsapi, and what it knows without a network.
#include <winsock2.h>
#include <ws2tcpip.h>
#define DnsValidateName_W dns_without_convention
#include <windns.h>
#undef DnsValidateName_W
#include <windows.h>
#include <string.h>
#include "check.h"

DNS_STATUS WINAPI DnsValidateName_W(LPCWSTR name, DNS_NAME_FORMAT format);

static void test_names(void)
{
    static const struct {
        const WCHAR *name;
        DNS_NAME_FORMAT format;
        DNS_STATUS status;
    } cases[] = {
        {L"example.com", DnsNameDomain, ERROR_SUCCESS},
        {L"example.com.", DnsNameDomain, ERROR_SUCCESS},
        {L"", DnsNameDomain, ERROR_INVALID_NAME},
        {L"a..b", DnsNameDomain, ERROR_INVALID_NAME},
        {L".a", DnsNameDomain, ERROR_INVALID_NAME},
        {L"a.b", DnsNameHostnameLabel, ERROR_INVALID_NAME},
        {L"123.example", DnsNameHostnameFull, DNS_ERROR_NUMERIC_NAME},
        {L"123.example", DnsNameDomain, ERROR_SUCCESS},
        {L"a_b.example", DnsNameHostnameFull, DNS_ERROR_NON_RFC_NAME},
        {L"_http._tcp.example", DnsNameSrvRecord, ERROR_SUCCESS},
        {L"a b.example", DnsNameDomain, DNS_ERROR_INVALID_NAME_CHAR},
        {L"*.example", DnsNameWildcard, ERROR_SUCCESS},
        {L"*.example", DnsNameDomain, DNS_ERROR_INVALID_NAME_CHAR},
    };
    for (unsigned i = 0; i < ARRAYSIZE(cases); i++)
        CHECK(DnsValidateName_W(cases[i].name, cases[i].format) == cases[i].status, "%u", i);
    CHECK_EQUAL(DnsValidateName_W(NULL, DnsNameDomain), ERROR_INVALID_NAME);
    CHECK(DnsNameCompare_A("Example.COM", "example.com."), "the same");
    CHECK(!DnsNameCompare_A("example.com", "example.org"), "not the same");
    CHECK(DnsNameCompare_W(NULL, NULL) && !DnsNameCompare_W(NULL, L"a"), "NULL");
}

static void test_arguments(void)
{
    DNS_RECORDW *list = (DNS_RECORDW *)1;
    CHECK_EQUAL(DnsQuery_W(NULL, DNS_TYPE_A, 0, NULL, (PDNS_RECORD *)&list, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(DnsQuery_W(L"localhost", DNS_TYPE_A, 0, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(
        DnsQuery_W(L"example.com", DNS_TYPE_A, DNS_QUERY_NO_WIRE_QUERY, NULL, (PDNS_RECORD *)&list, NULL),
        DNS_ERROR_RECORD_DOES_NOT_EXIST);
    CHECK(list == NULL, "%p", list);
}

static void test_local(void)
{
    DNS_RECORDW *wide = NULL;
    DNS_RECORDA *narrow = NULL;
    CHECK_EQUAL(DnsQuery_W(L"localhost", DNS_TYPE_A, 0, NULL, (PDNS_RECORD *)&wide, NULL), ERROR_SUCCESS);
    if (!wide) return;
    CHECK_EQUAL(wide->wType, DNS_TYPE_A);
    CHECK_EQUAL(wide->wDataLength, 4);
    CHECK_EQUAL(wide->Data.A.IpAddress, htonl(INADDR_LOOPBACK));
    CHECK(!wcscmp(wide->pName, L"localhost"), "%ls", wide->pName);
    DnsFree(wide, DnsFreeRecordList);
    CHECK_EQUAL(DnsQuery_UTF8("localhost", DNS_TYPE_AAAA, 0, NULL, &narrow, NULL), ERROR_SUCCESS);
    if (narrow) CHECK_EQUAL(narrow->Data.AAAA.Ip6Address.IP6Byte[15], 1);
    DnsFree(narrow, DnsFreeRecordList);
}

// ---- messages ----

// An answer with an alias, a mail server and texts, whose names are compressed.
static const unsigned char answer[] = {
    0x12, 0x34, 0x81, 0x80, 0, 1,   0,   4,   0,   0,   0,   0,      // one question, four answers
    3,    'w',  'w',  'w',  7, 'e', 'x', 'a', 'm', 'p', 'l', 'e', 0, // 12
    0,    1,    0,    1,                                             // A
    0xC0, 12,   0,    5,    0, 1,   0,   0,   0,   60,  0,   4,   1, 'a', 0xC0, 16, // CNAME a.example
    1,    'a',  0xC0, 16,   0, 1,   0,   1,   0,   0,   0,   30,  0, 4,   192,  0,   2,    7,  // A
    0xC0, 16,   0,    15,   0, 1,   0,   0,   0,   30,  0,   6,   0, 10,  1,    'm', 0xC0, 16, // MX 10
                                                                                               // m.example
    0xC0, 16,   0,    16,   0, 1,   0,   0,   0,   30,  0,   7,   2, 'h', 'i',  3,   'a',  'b', 'c',
};

static void flip_counts(DNS_HEADER *head)
{
    head->Xid = ntohs(head->Xid);
    head->QuestionCount = ntohs(head->QuestionCount);
    head->AnswerCount = ntohs(head->AnswerCount);
    head->NameServerCount = ntohs(head->NameServerCount);
    head->AdditionalCount = ntohs(head->AdditionalCount);
}

static void check_answer(const DNS_RECORDW *record)
{
    CHECK_EQUAL(record->wType, DNS_TYPE_CNAME);
    CHECK_EQUAL(record->dwTtl, 60);
    CHECK(!wcscmp(record->pName, L"www.example"), "%ls", record->pName);
    CHECK(!wcscmp(record->Data.CNAME.pNameHost, L"a.example"), "%ls", record->Data.CNAME.pNameHost);
    CHECK_EQUAL(record->Flags.S.Section, DnsSectionAnswer);
    record = record->pNext;
    CHECK_EQUAL(record->Data.A.IpAddress, htonl(0xC0000207));
    record = record->pNext;
    CHECK_EQUAL(record->Data.MX.wPreference, 10);
    CHECK(!wcscmp(record->Data.MX.pNameExchange, L"m.example"), "%ls", record->Data.MX.pNameExchange);
    record = record->pNext;
    CHECK_EQUAL(record->Data.TXT.dwStringCount, 2);
    CHECK(!wcscmp(record->Data.TXT.pStringArray[1], L"abc"), "%ls", record->Data.TXT.pStringArray[1]);
    CHECK(record->pNext == NULL, "more");
}

static void test_messages(void)
{
    union {
        DNS_MESSAGE_BUFFER message;
        unsigned char bytes[sizeof answer];
    } copy;
    DNS_RECORDW *list = NULL;
    memcpy(copy.bytes, answer, sizeof answer);
    flip_counts(&copy.message.MessageHead);
    CHECK_EQUAL(DnsExtractRecordsFromMessage_W(&copy.message, sizeof answer, (PDNS_RECORD *)&list),
                ERROR_SUCCESS);
    if (list) check_answer(list);
    DNS_RECORDA *narrow =
        (DNS_RECORDA *)DnsRecordSetCopyEx((PDNS_RECORD)list, DnsCharSetUnicode, DnsCharSetUtf8);
    CHECK(narrow && !strcmp(narrow->Data.CNAME.pNameHost, "a.example"), "the copy");
    CHECK(DnsRecordSetCompare((PDNS_RECORD)list, (PDNS_RECORD)narrow, NULL, NULL), "the copy is the same");
    DNS_RECORDW *rest =
        (DNS_RECORDW *)DnsRecordSetCopyEx((PDNS_RECORD)list, DnsCharSetUnicode, DnsCharSetUnicode);
    DnsFree(narrow, DnsFreeRecordList);
    DnsFree(list, DnsFreeRecordList);
    if (rest) check_answer(rest);
    DnsFree(rest, DnsFreeRecordList);
    // Cut anywhere, it is refused.
    for (WORD size = 0; size < sizeof answer; size++)
        CHECK_EQUAL(DnsExtractRecordsFromMessage_W(&copy.message, size, (PDNS_RECORD *)&list),
                    DNS_ERROR_BAD_PACKET);
    // A name that points to itself ends too.
    copy.bytes[12] = 0xC0;
    copy.bytes[13] = 12;
    CHECK_EQUAL(DnsExtractRecordsFromMessage_W(&copy.message, sizeof answer, (PDNS_RECORD *)&list),
                DNS_ERROR_BAD_PACKET);
}

// The copy of a record keeps nothing of the original, however many strings it has.
static void test_many_strings(void)
{
    enum { STRINGS = 300, HEADER = 12, RECORD = 11 };
    static union {
        DNS_MESSAGE_BUFFER message;
        unsigned char bytes[HEADER + RECORD + STRINGS]; // all strings are empty
    } buffer;
    unsigned char *record = buffer.bytes + HEADER;
    DNS_RECORDW *list = NULL;
    buffer.message.MessageHead.AnswerCount = 1;
    record[2] = DNS_TYPE_TEXT;
    record[4] = 1; // the Internet's
    record[9] = STRINGS >> 8;
    record[10] = STRINGS & 0xFF;
    CHECK_EQUAL(DnsExtractRecordsFromMessage_W(&buffer.message, sizeof buffer.bytes, (PDNS_RECORD *)&list),
                ERROR_SUCCESS);
    if (!list) return;
    CHECK_EQUAL(list->Data.TXT.dwStringCount, STRINGS);
    DNS_RECORDA *copy =
        (DNS_RECORDA *)DnsRecordSetCopyEx((PDNS_RECORD)list, DnsCharSetUnicode, DnsCharSetUtf8);
    CHECK(copy && DnsRecordSetCompare((PDNS_RECORD)list, (PDNS_RECORD)copy, NULL, NULL), "not the same");
    const char *last = copy ? copy->Data.TXT.pStringArray[STRINGS - 1] : NULL;
    CHECK(last && last != (const char *)list->Data.TXT.pStringArray[STRINGS - 1], "the original's string");
    DnsFree(list, DnsFreeRecordList);
    CHECK(last && !*last, "gone with the original");
    DnsFree(copy, DnsFreeRecordList);
}

static void test_questions(void)
{
    static const unsigned char labels[] = {3,   'w', 'w', 'w', 7, 'e', 'x', 'a', 'm',
                                           'p', 'l', 'e', 0,   0, 28,  0,   1};
    union {
        DNS_MESSAGE_BUFFER message;
        char bytes[64];
    } buffer;
    DWORD size = 4;
    CHECK(!DnsWriteQuestionToBuffer_W(&buffer.message, &size, (LPWSTR)L"www.example", DNS_TYPE_AAAA, 7, TRUE),
          "small");
    CHECK_EQUAL(size, sizeof(DNS_HEADER) + sizeof labels);
    CHECK(DnsWriteQuestionToBuffer_W(&buffer.message, &size, (LPWSTR)L"www.example", DNS_TYPE_AAAA, 7, TRUE),
          "room");
    CHECK_EQUAL(buffer.message.MessageHead.Xid, 7);
    CHECK_EQUAL(buffer.message.MessageHead.QuestionCount, 1);
    CHECK(!memcmp(buffer.message.MessageBody, labels, sizeof labels), "the question");
    CHECK(!DnsWriteQuestionToBuffer_W(&buffer.message, &size, (LPWSTR)L"a..b", DNS_TYPE_A, 7, TRUE),
          "no name");
}

static void test_config(void)
{
    WCHAR name[256];
    DWORD size = 0;
    CHECK_EQUAL(DnsQueryConfig(DnsConfigHostName_W, 0, NULL, NULL, NULL, NULL), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(DnsQueryConfig(DnsConfigHostName_W, 0, NULL, NULL, NULL, &size), ERROR_SUCCESS);
    CHECK(size >= 2 * sizeof(WCHAR), "%lu", size);
    size = 1;
    CHECK_EQUAL(DnsQueryConfig(DnsConfigHostName_W, 0, NULL, NULL, name, &size), ERROR_MORE_DATA);
    size = sizeof name;
    CHECK_EQUAL(DnsQueryConfig(DnsConfigHostName_W, 0, NULL, NULL, name, &size), ERROR_SUCCESS);
    CHECK_EQUAL(size, (wcslen(name) + 1) * sizeof *name);
}

int main(void)
{
    test_names();
    test_arguments();
    test_local();
    test_messages();
    test_many_strings();
    test_questions();
    test_config();
    return check_summary();
}
