// ReleaseStgMedium: what data objects hand over.
#include "nt/nt.h"
#include <ole2.h>

// Whoever named itself as the owner frees it, but for a file's name and interfaces, which are the receiver's.
// Bitmaps and metafiles (TYMED_GDI, TYMED_MFPICT, TYMED_ENHMF) are gdi32's, without which nobody has one.
HOTPATCH void WINAPI ReleaseStgMedium(LPSTGMEDIUM medium)
{
    if (!medium) return;
    IUnknown *owner = medium->pUnkForRelease;
    switch (medium->tymed) {
    case TYMED_HGLOBAL:
        if (!owner) GlobalFree(medium->hGlobal);
        break;
    case TYMED_FILE:
        if (!owner) DeleteFileW(medium->lpszFileName);
        CoTaskMemFree(medium->lpszFileName);
        break;
    case TYMED_ISTREAM:
        if (medium->pstm) IStream_Release(medium->pstm);
        break;
    case TYMED_ISTORAGE:
        if (medium->pstg) IStorage_Release(medium->pstg);
        break;
    }
    medium->tymed = TYMED_NULL;
    medium->pUnkForRelease = NULL;
    if (owner) IUnknown_Release(owner);
}
