// Files of chunks: what an HMMIO is.
#ifndef LOWLAND_WINMM_MMIO_H
#define LOWLAND_WINMM_MMIO_H

#include "multimedia.h"

// As the program sees it through mmioGetInfo: lBufOffset is where the buffer begins in the file, pchNext the
// position, up to pchEndRead the buffer has contents. A file in memory is all buffer; an unbuffered one has
// cchBuffer 0.
struct mmio {
    MMIOINFO info;
    HANDLE file;     // INVALID_HANDLE_VALUE: in memory
    bool own_buffer; // on the process's heap
};

static inline struct mmio *mmio_of(HMMIO handle)
{
    return (struct mmio *)handle;
}

static inline LONG mmio_position(const struct mmio *mmio)
{
    return mmio->info.lBufOffset + (LONG)(mmio->info.pchNext - mmio->info.pchBuffer);
}

#endif
