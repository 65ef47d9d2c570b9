// Monikers: what all kinds of them share. A kind is a table of what it does differently; moniker.c has the
// interface.
#ifndef OLE32_MONIKER_H
#define OLE32_MONIKER_H

#include "nt/nt.h"
#include <ole2.h>
#include <stdbool.h>
#include <stddef.h>

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

struct moniker {
    IMoniker head;
    IROTData comparison;
    LONG references;
    const struct moniker_kind *kind;
    // Each kind has some of these.
    WCHAR *text;      // an item's name, a file's path, what follows a class
    WCHAR *delimiter; // an item's; NULL: none
    CLSID class;
    DWORD count;      // how many monikers an anti moniker takes away; parts of a composite one
    IUnknown *object; // a pointer moniker's
    IMoniker **parts; // a composite one's, from the left
};

// What a kind does; NULL: what moniker.c does for those that have nothing of their own.
struct moniker_kind {
    const CLSID *id;
    DWORD number;       // MKSYS_...
    bool has_data;      // IROTData
    bool needs_context; // Reduce fails without one
    HRESULT (*load)(struct moniker *self, IStream *stream);
    HRESULT (*save)(struct moniker *self, IStream *stream);
    ULONG (*save_size)(const struct moniker *self);
    HRESULT (*bind)(struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id, void **result);
    HRESULT(*bind_storage)
    (struct moniker *self, IBindCtx *context, IMoniker *left, REFIID id, void **result);
    HRESULT(*compose)
    (struct moniker *self, struct moniker *right, IMoniker **result); // S_FALSE: not by itself
    bool (*equal)(struct moniker *self, struct moniker *other);       // of the same kind
    DWORD (*hash)(struct moniker *self);
    HRESULT (*is_running)(struct moniker *self, IBindCtx *context, IMoniker *left, IMoniker *newly);
    HRESULT (*time)(struct moniker *self, IBindCtx *context, IMoniker *left, FILETIME *time);
    HRESULT (*inverse)(struct moniker *self, IMoniker **result);
    HRESULT (*prefix)(struct moniker *self, IMoniker *other, IMoniker **result);
    HRESULT (*name)(struct moniker *self, IBindCtx *context, WCHAR **result);
    HRESULT(*parse)
    (struct moniker *self, IBindCtx *context, IMoniker *left, WCHAR *text, ULONG *eaten, IMoniker **result);
    // Behind the class, `room` bytes; *size: what it takes.
    HRESULT (*data)(struct moniker *self, BYTE *buffer, ULONG room, ULONG *size);
};

// A new one with one reference, NULL: no memory.
struct moniker *moniker_new(const struct moniker_kind *kind);
// One of ours, of a kind; NULL: another.
struct moniker *moniker_of(IMoniker *moniker, const struct moniker_kind *kind);

// The classes of the kinds. (class_factory.c)
extern const CLSID CLSID_FileMoniker, CLSID_ItemMoniker, CLSID_AntiMoniker, CLSID_PointerMoniker,
    CLSID_CompositeMoniker, CLSID_ClassMoniker;

// ---- helpers of kinds ----

static inline bool same_id(REFIID left, REFIID right)
{
    return !memcmp(left, right, sizeof(GUID));
}

// Hands a moniker out, with a reference of its own.
static inline void give(IMoniker *moniker, IMoniker **result)
{
    *result = moniker;
    IMoniker_AddRef(moniker);
}

// By CoTaskMemAlloc; NULL: no memory.
WCHAR *copy_text(const WCHAR *text);
// The texts one behind another.
WCHAR *join_text(const WCHAR *first, const WCHAR *second);
// The hash of a text without regard to case.
DWORD hash_text(const WCHAR *text);
// Two texts in capitals, with a NUL behind both, as data for IROTData.
HRESULT text_data(const WCHAR *first, const WCHAR *second, BYTE *buffer, ULONG room, ULONG *size);
// Reads or writes all of it. STG_E_READFAULT.
HRESULT stream_read(IStream *stream, void *bytes, ULONG size);
HRESULT stream_write(IStream *stream, const void *bytes, ULONG size);
// What the context's running object table knows: S_OK or S_FALSE; the object; the time of its last change.
HRESULT rot_is_running(IBindCtx *context, IMoniker *moniker);
HRESULT rot_object(IBindCtx *context, IMoniker *moniker, IUnknown **object);
HRESULT rot_time(IBindCtx *context, IMoniker *moniker, FILETIME *time);
// The inverse of most kinds is an anti moniker.
HRESULT inverse_is_anti(struct moniker *self, IMoniker **result);

extern const struct moniker_kind anti_kind, item_kind, file_kind, class_kind, pointer_kind, composite_kind;

// An anti moniker that takes `count` monikers away.
HRESULT make_anti(DWORD count, IMoniker **result);
// An IEnumMoniker of the monikers, of which it keeps references.
HRESULT make_moniker_enum(IMoniker *const *monikers, ULONG count, IEnumMoniker **result);

#endif
