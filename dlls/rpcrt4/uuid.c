// UUIDs: making, comparing and hashing them.
#include "nt/nt.h"
#include <rpc.h>
#include <stdbool.h>
#include <stdint.h>

BOOL WINAPI ProcessPrng(BYTE *to, SIZE_T size); // bcryptprimitives'

HOTPATCH RPC_STATUS WINAPI UuidCreate(UUID *uuid)
{
    ProcessPrng((BYTE *)uuid, sizeof(*uuid));
    uuid->Data3 = (uuid->Data3 & 0x0FFF) | 0x4000; // version 4: random
    uuid->Data4[0] = (uuid->Data4[0] & 0x3F) | 0x80;
    return RPC_S_OK;
}

// 100 ns units since 15 October 1582; never the same twice in a process.
static uint64_t next_time(void)
{
    static LONG64 last;
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    LONG64 time = (LONG64)((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime), seen = last;
    for (;;) {
        LONG64 next = time > seen ? time : seen + 1, found = InterlockedCompareExchange64(&last, next, seen);
        if (found == seen) return (uint64_t)next + 0x00146BF33E42C000; // from 1582 to 1601, FILETIME's start
        seen = found;
    }
}

// Version 1, by time. The node is a random one, marked as no network adapter's address (RFC 4122, 4.5): good
// on this computer only, which the result says.
HOTPATCH RPC_STATUS WINAPI UuidCreateSequential(UUID *uuid)
{
    static SRWLOCK lock = SRWLOCK_INIT;
    static BYTE node[8]; // the clock's sequence, too
    AcquireSRWLockExclusive(&lock);
    if (!node[0]) {
        ProcessPrng(node, sizeof(node));
        node[0] = (node[0] & 0x3F) | 0x80;
        node[2] |= 1;
    }
    memcpy(uuid->Data4, node, sizeof(node));
    ReleaseSRWLockExclusive(&lock);
    uint64_t time = next_time();
    uuid->Data1 = (uint32_t)time;
    uuid->Data2 = (uint16_t)(time >> 32);
    uuid->Data3 = (uint16_t)((time >> 48 & 0x0FFF) | 0x1000);
    return RPC_S_UUID_LOCAL_ONLY;
}

HOTPATCH RPC_STATUS WINAPI UuidCreateNil(UUID *uuid)
{
    memset(uuid, 0, sizeof(*uuid));
    return RPC_S_OK;
}

static int order(uint32_t left, uint32_t right)
{
    return left == right ? 0 : left < right ? -1 : 1;
}

// NULL is the nil UUID.
HOTPATCH int WINAPI UuidCompare(UUID *left, UUID *right, RPC_STATUS *status)
{
    UUID nil = {0};
    *status = RPC_S_OK;
    if (!left) left = &nil;
    if (!right) right = &nil;
    int result = order(left->Data1, right->Data1);
    if (!result) result = order(left->Data2, right->Data2);
    if (!result) result = order(left->Data3, right->Data3);
    for (int i = 0; i < 8 && !result; i++) result = order(left->Data4[i], right->Data4[i]);
    return result;
}

HOTPATCH int WINAPI UuidEqual(UUID *left, UUID *right, RPC_STATUS *status)
{
    return !UuidCompare(left, right, status);
}

HOTPATCH int WINAPI UuidIsNil(UUID *uuid, RPC_STATUS *status)
{
    return UuidEqual(uuid, NULL, status);
}

// The check sum that DCE's UUIDs are hashed with (The Open Group, C309, appendix A).
HOTPATCH unsigned short WINAPI UuidHash(UUID *uuid, RPC_STATUS *status)
{
    UUID nil = {0};
    const BYTE *bytes = (const BYTE *)(uuid ? uuid : &nil);
    SHORT sum = 0, total = 0;
    *status = RPC_S_OK;
    for (size_t i = 0; i < sizeof(nil); i++) {
        sum = (SHORT)(sum + bytes[i]);
        total = (SHORT)(total + sum);
    }
    int x = -total % 255, y = (total - sum) % 255;
    if (x < 0) x += 255;
    if (y < 0) y += 255;
    return (unsigned short)(y << 8 | x);
}
