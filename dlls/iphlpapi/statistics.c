// Counters of the protocols. The host keeps those of RFC 1213 too, in nearly Windows' order.
#include "network.h"

enum { COUNTERS_MAX = 64 };

// The host's counters of a protocol as the structures have them; those it lacks are 0.
static ULONG read_counters(ULONG protocol, ULONG counters[COUNTERS_MAX])
{
    ULONGLONG values[COUNTERS_MAX];
    ULONG count = 0;
    NTSTATUS status = NetworkCounters(protocol, values, sizeof values, &count);
    for (ULONG i = 0; i < COUNTERS_MAX; i++) counters[i] = i < count ? (ULONG)values[i] : 0;
    return status ? RtlNtStatusToDosError(status) : ERROR_SUCCESS;
}

static bool known_family(ULONG family)
{
    return family == AF_INET || family == AF_INET6;
}

// The host counts TCP of both families together, but IP and UDP each for itself.
static ULONG read_family(const void *statistics, ULONG protocol, ULONG family, ULONG counters[COUNTERS_MAX])
{
    enum { OF_IPV6 = 0x100 };
    if (!statistics || !known_family(family)) return ERROR_INVALID_PARAMETER;
    return read_counters(family == AF_INET6 ? OF_IPV6 | protocol : protocol, counters);
}

// How many endpoints the host has of a family.
static ULONG count_endpoints(ULONG protocol, ULONG family)
{
    ULONG count = 0, error;
    table_free(endpoints_read(protocol, family, &count, &error));
    return count;
}

HOTPATCH ULONG WINAPI GetTcpStatisticsEx(PMIB_TCPSTATS statistics, ULONG family)
{
    ULONG counters[COUNTERS_MAX];
    if (!statistics || !known_family(family)) return ERROR_INVALID_PARAMETER;
    ULONG error = read_counters(IPPROTO_TCP, counters);
    if (error) return error;
    // RtoAlgorithm to OutRsts are there in the same order.
    memset(statistics, 0, sizeof *statistics);
    memcpy(statistics, counters, FIELD_OFFSET(MIB_TCPSTATS, dwNumConns));
    statistics->dwRtoAlgorithm = MIB_TCP_RTO_VANJ;
    statistics->dwNumConns = count_endpoints(IPPROTO_TCP, family);
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI GetTcpStatistics(PMIB_TCPSTATS statistics)
{
    return GetTcpStatisticsEx(statistics, AF_INET);
}

HOTPATCH ULONG WINAPI GetUdpStatisticsEx(PMIB_UDPSTATS statistics, ULONG family)
{
    ULONG counters[COUNTERS_MAX];
    ULONG error = read_family(statistics, IPPROTO_UDP, family, counters);
    if (error) return error;
    memcpy(statistics, counters, FIELD_OFFSET(MIB_UDPSTATS, dwNumAddrs));
    statistics->dwNumAddrs = count_endpoints(IPPROTO_UDP, family);
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI GetUdpStatistics(PMIB_UDPSTATS statistics)
{
    return GetUdpStatisticsEx(statistics, AF_INET);
}

HOTPATCH ULONG WINAPI GetIcmpStatistics(PMIB_ICMP statistics)
{
    // The host has a counter of bad checksums in between.
    enum { IN_MSGS, IN_ERRORS, IN_CHECKSUM_ERRORS, IN_REST, KINDS = 11, OUT_MSGS = IN_REST + KINDS };
    ULONG counters[COUNTERS_MAX];
    if (!statistics) return ERROR_INVALID_PARAMETER;
    ULONG error = read_counters(IPPROTO_ICMP, counters);
    if (error) return error;
    MIBICMPSTATS *in = &statistics->stats.icmpInStats, *out = &statistics->stats.icmpOutStats;
    in->dwMsgs = counters[IN_MSGS];
    in->dwErrors = counters[IN_ERRORS];
    memcpy(&in->dwDestUnreachs, &counters[IN_REST], KINDS * sizeof *counters);
    out->dwMsgs = counters[OUT_MSGS];
    out->dwErrors = counters[OUT_MSGS + 1];
    memcpy(&out->dwDestUnreachs, &counters[OUT_MSGS + 2], KINDS * sizeof *counters);
    return ERROR_SUCCESS;
}

// The host counts kinds of messages, which ICMP has by their type's number.
static void spread_types(MIBICMPSTATS_EX *by_type, const MIBICMPSTATS *counters)
{
    static const UCHAR types[] = {3, 11, 12, 4, 5, 8, 0, 13, 14, 17, 18}; // in the order of MIBICMPSTATS
    const DWORD *each = &counters->dwDestUnreachs;
    memset(by_type, 0, sizeof *by_type);
    by_type->dwMsgs = counters->dwMsgs;
    by_type->dwErrors = counters->dwErrors;
    for (unsigned i = 0; i < ARRAYSIZE(types); i++) by_type->rgdwTypeCount[types[i]] = each[i];
}

HOTPATCH ULONG WINAPI GetIcmpStatisticsEx(PMIB_ICMP_EX statistics, ULONG family)
{
    MIB_ICMP counters;
    if (!statistics || !known_family(family)) return ERROR_INVALID_PARAMETER;
    if (family == AF_INET6) return ERROR_NOT_SUPPORTED;
    ULONG error = GetIcmpStatistics(&counters);
    if (error) return error;
    spread_types(&statistics->icmpInStats, &counters.stats.icmpInStats);
    spread_types(&statistics->icmpOutStats, &counters.stats.icmpOutStats);
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI GetIpStatisticsEx(PMIB_IPSTATS statistics, ULONG family)
{
    // The host has no dwRoutingDiscards.
    enum {
        BEFORE = FIELD_OFFSET(MIB_IPSTATS, dwRoutingDiscards),
        AFTER = FIELD_OFFSET(MIB_IPSTATS, dwOutDiscards)
    };
    ULONG counters[COUNTERS_MAX], n = 0;
    ULONG error = read_family(statistics, IPPROTO_IP, family, counters);
    if (error) return error;
    memset(statistics, 0, sizeof *statistics);
    memcpy(statistics, counters, BEFORE);
    memcpy((char *)statistics + AFTER, counters + BEFORE / sizeof *counters,
           FIELD_OFFSET(MIB_IPSTATS, dwNumIf) - AFTER);
    GetNumberOfInterfaces(&statistics->dwNumIf);
    HOST_ADDRESS *addresses = addresses_read(&n, &error);
    for (ULONG i = 0; addresses && i < n; i++) statistics->dwNumAddr += addresses[i].Family == family;
    table_free(addresses);
    HOST_ROUTE *routes = routes_read(&n, &error);
    for (ULONG i = 0; routes && i < n; i++) statistics->dwNumRoutes += routes[i].Family == family;
    table_free(routes);
    return ERROR_SUCCESS;
}

HOTPATCH ULONG WINAPI GetIpStatistics(PMIB_IPSTATS statistics)
{
    return GetIpStatisticsEx(statistics, AF_INET);
}
