// DnsQueryEx: a question in the background, which can be taken back.
#include "dns.h"

// What mingw-w64's header lacks, as windns.h documents it.
typedef struct {
    CHAR address[32]; // a SOCKADDR
    DWORD reserved[8];
} DNS_ADDR;

typedef struct {
    DWORD MaxCount, AddrCount, Tag;
    WORD Family, WordReserved;
    DWORD Flags, MatchFlag, Reserved1, Reserved2;
    DNS_ADDR AddrArray[];
} DNS_ADDR_ARRAY;

typedef struct {
    ULONG Version;
    PCWSTR QueryName;
    WORD QueryType;
    ULONG64 QueryOptions;
    DNS_ADDR_ARRAY *pDnsServerList;
    ULONG InterfaceIndex;
    PDNS_QUERY_COMPLETION_ROUTINE pQueryCompletionCallback;
    PVOID pQueryContext;
} DNS_QUERY_REQUEST;
NT_SIZE(DNS_QUERY_REQUEST, 40);

typedef struct {
    CHAR Reserved[32];
} DNS_QUERY_CANCEL;

enum { SERVERS_MAX = 3, DNS_REQUEST_PENDING = 9506 };

// A question under way. Whoever takes it out of the list ends it.
struct request {
    struct request *next;
    ULONG id; // what DNS_QUERY_CANCEL holds
    WCHAR *name;
    WORD type;
    ULONG64 options;
    struct {
        DWORD count;
        IP4_ADDRESS servers[SERVERS_MAX];
    } servers;
    PDNS_QUERY_COMPLETION_ROUTINE routine;
    void *context;
    DNS_QUERY_RESULT *result;
};

static SRWLOCK requests_lock = SRWLOCK_INIT;
static struct request *requests;
static ULONG last_id;

static void enter(struct request *request)
{
    AcquireSRWLockExclusive(&requests_lock);
    request->id = ++last_id;
    request->next = requests;
    requests = request;
    ReleaseSRWLockExclusive(&requests_lock);
}

// False: somebody else has ended it.
static bool take(ULONG id, struct request *taken)
{
    bool found = false;
    AcquireSRWLockExclusive(&requests_lock);
    for (struct request **link = &requests; *link && !found; link = &(*link)->next) {
        if ((*link)->id != id) continue;
        found = true;
        *taken = **link;
        *link = (*link)->next;
        break;
    }
    ReleaseSRWLockExclusive(&requests_lock);
    return found;
}

static void end(const struct request *request, DNS_STATUS status, PDNS_RECORD list)
{
    request->result->QueryStatus = status;
    request->result->QueryOptions = request->options;
    request->result->pQueryRecords = list;
    request->routine(request->context, request->result);
}

static DNS_STATUS ask(struct request *request, PDNS_RECORD *list)
{
    return DnsQuery_W(request->name, request->type, (DWORD)request->options,
                      request->servers.count ? (PIP4_ARRAY)&request->servers : NULL, list, NULL);
}

static void request_free(struct request *request)
{
    dns_free(request->name);
    dns_free(request);
}

static VOID CALLBACK run(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    struct request *request = context, taken;
    PDNS_RECORD list;
    (void)instance;
    DNS_STATUS status = ask(request, &list);
    if (take(request->id, &taken))
        end(&taken, status, list);
    else
        DnsFree(list, DnsFreeRecordList); // nobody wants it any more
    request_free(request);
}

static DNS_STATUS take_servers(struct request *request, const DNS_ADDR_ARRAY *servers)
{
    if (!servers) return ERROR_SUCCESS;
    for (DWORD i = 0; i < servers->AddrCount; i++) {
        SOCKADDR_IN address;
        memcpy(&address, servers->AddrArray[i].address, sizeof address);
        if (address.sin_family != AF_INET) return ERROR_NOT_SUPPORTED;
        if (request->servers.count < SERVERS_MAX)
            request->servers.servers[request->servers.count++] = address.sin_addr.s_addr;
    }
    return ERROR_SUCCESS;
}

static struct request *request_new(const DNS_QUERY_REQUEST *given, DNS_QUERY_RESULT *result)
{
    struct request *request = dns_allocate(sizeof *request);
    ULONG size = (wcslen(given->QueryName) + 1) * sizeof(WCHAR);
    if (!request) return NULL;
    request->name = dns_allocate(size);
    if (!request->name) {
        dns_free(request);
        return NULL;
    }
    memcpy(request->name, given->QueryName, size);
    request->type = given->QueryType;
    request->options = given->QueryOptions;
    request->routine = given->pQueryCompletionCallback;
    request->context = given->pQueryContext;
    request->result = result;
    return request;
}

HOTPATCH DNS_STATUS WINAPI DnsQueryEx(DNS_QUERY_REQUEST *given, PDNS_QUERY_RESULT result,
                                      DNS_QUERY_CANCEL *cancel)
{
    if (!given || !result || given->Version != 1 || result->Version != DNS_QUERY_RESULTS_VERSION1 ||
        !given->QueryName)
        return ERROR_INVALID_PARAMETER;
    struct request *request = request_new(given, result);
    if (!request) return ERROR_NOT_ENOUGH_MEMORY;
    DNS_STATUS status = take_servers(request, given->pDnsServerList);
    result->pQueryRecords = NULL;
    if (status || !request->routine) {
        if (!status) status = ask(request, &result->pQueryRecords);
        result->QueryStatus = status;
        result->QueryOptions = request->options;
        request_free(request);
        return status;
    }
    enter(request);
    if (cancel) memcpy(cancel->Reserved, &request->id, sizeof request->id);
    if (TrySubmitThreadpoolCallback(run, request, NULL)) return DNS_REQUEST_PENDING;
    struct request taken;
    take(request->id, &taken);
    request_free(request);
    return ERROR_NOT_ENOUGH_MEMORY;
}

HOTPATCH DNS_STATUS WINAPI DnsCancelQuery(DNS_QUERY_CANCEL *cancel)
{
    struct request taken;
    ULONG id;
    if (!cancel) return ERROR_INVALID_PARAMETER;
    memcpy(&id, cancel->Reserved, sizeof id);
    if (take(id, &taken)) end(&taken, ERROR_CANCELLED, NULL);
    return ERROR_SUCCESS;
}
