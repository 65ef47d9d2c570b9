// ID lists: items one after the other, each with its length in front, and a length of 0 at the end.
#include "nt/nt.h"
#include <shlobj.h>
#include <stdbool.h>

#define END_SIZE sizeof(USHORT)

static LPITEMIDLIST next_item(LPCITEMIDLIST list)
{
    return (LPITEMIDLIST)((BYTE *)list + list->mkid.cb);
}

HOTPATCH LPITEMIDLIST WINAPI ILGetNext(LPCITEMIDLIST list)
{
    return list && list->mkid.cb ? next_item(list) : NULL;
}

HOTPATCH UINT WINAPI ILGetSize(LPCITEMIDLIST list)
{
    if (!list) return 0;
    LPCITEMIDLIST at = list;
    while (at->mkid.cb) at = next_item(at);
    return (UINT)((const BYTE *)at - (const BYTE *)list) + END_SIZE;
}

HOTPATCH LPITEMIDLIST WINAPI ILFindLastID(LPCITEMIDLIST list)
{
    LPCITEMIDLIST last = list;
    if (!list) return NULL;
    for (; list->mkid.cb; list = next_item(list)) last = list;
    return (LPITEMIDLIST)last;
}

HOTPATCH BOOL WINAPI ILRemoveLastID(LPITEMIDLIST list)
{
    if (!list || !list->mkid.cb) return FALSE;
    ILFindLastID(list)->mkid.cb = 0;
    return TRUE;
}

// The items of both, of which only so many bytes are taken.
static LPITEMIDLIST join(const void *first, UINT first_size, const void *second, UINT second_size)
{
    BYTE *list = CoTaskMemAlloc(first_size + second_size + END_SIZE);
    if (!list) return NULL;
    memcpy(list, first, first_size);
    memcpy(list + first_size, second, second_size);
    memset(list + first_size + second_size, 0, END_SIZE);
    return (LPITEMIDLIST)list;
}

static UINT items_size(LPCITEMIDLIST list)
{
    return list ? ILGetSize(list) - END_SIZE : 0;
}

HOTPATCH LPITEMIDLIST WINAPI ILClone(LPCITEMIDLIST list)
{
    return list ? join(list, items_size(list), NULL, 0) : NULL;
}

HOTPATCH LPITEMIDLIST WINAPI ILCloneFirst(LPCITEMIDLIST list)
{
    return list ? join(list, list->mkid.cb, NULL, 0) : NULL;
}

HOTPATCH LPITEMIDLIST WINAPI ILCombine(LPCITEMIDLIST first, LPCITEMIDLIST second)
{
    return first || second ? join(first, items_size(first), second, items_size(second)) : NULL;
}

HOTPATCH void WINAPI ILFree(LPITEMIDLIST list)
{
    CoTaskMemFree(list);
}

// The old list is freed.
HOTPATCH LPITEMIDLIST WINAPI ILAppendID(LPITEMIDLIST list, LPCSHITEMID item, BOOL append)
{
    if (!item) return NULL;
    UINT size = items_size(list);
    LPITEMIDLIST joined = append ? join(list, size, item, item->cb) : join(item, item->cb, list, size);
    if (joined) ILFree(list);
    return joined;
}

// Items are the same if their bytes are; ours hold names in the form that the file system has.
HOTPATCH BOOL WINAPI ILIsEqual(LPCITEMIDLIST left, LPCITEMIDLIST right)
{
    if (!left || !right) return left == right;
    UINT size = ILGetSize(left);
    return size == ILGetSize(right) && !memcmp(left, right, size);
}

// What follows `parent` in `child`; NULL: it does not begin so.
HOTPATCH LPITEMIDLIST WINAPI ILFindChild(LPITEMIDLIST parent, LPCITEMIDLIST child)
{
    if (!parent || !child) return NULL;
    UINT size = items_size(parent);
    if (size >= ILGetSize(child) || memcmp(parent, child, size)) return NULL;
    return (LPITEMIDLIST)((BYTE *)child + size);
}

HOTPATCH BOOL WINAPI ILIsParent(LPCITEMIDLIST parent, LPCITEMIDLIST child, BOOL immediate)
{
    LPCITEMIDLIST rest = ILFindChild((LPITEMIDLIST)parent, child);
    if (!rest || !rest->mkid.cb) return FALSE;
    return !immediate || !next_item(rest)->mkid.cb;
}

HOTPATCH HRESULT WINAPI SHGetMalloc(LPMALLOC *result)
{
    return CoGetMalloc(MEMCTX_TASK, result);
}

HOTPATCH LPVOID WINAPI SHAlloc(SIZE_T size)
{
    return CoTaskMemAlloc(size);
}

HOTPATCH void WINAPI SHFree(LPVOID memory)
{
    CoTaskMemFree(memory);
}
