// Selecting by attributes.
#include "attributes.h"

static DWORD attribute_of(WCHAR letter)
{
    switch (towlower(letter)) {
    case 'd': return FILE_ATTRIBUTE_DIRECTORY;
    case 'r': return FILE_ATTRIBUTE_READONLY;
    case 'h': return FILE_ATTRIBUTE_HIDDEN;
    case 'a': return FILE_ATTRIBUTE_ARCHIVE;
    case 's': return FILE_ATTRIBUTE_SYSTEM;
    case 'i': return FILE_ATTRIBUTE_NOT_CONTENT_INDEXED;
    case 'l': return FILE_ATTRIBUTE_REPARSE_POINT;
    case 'o': return FILE_ATTRIBUTE_OFFLINE;
    default: return 0;
    }
}

bool attributes_read(struct attribute_filter *filter, const WCHAR *list)
{
    *filter = (struct attribute_filter){};
    if (!list) filter->unwanted = FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_SYSTEM;
    for (; list && *list; list++) {
        bool negative = *list == '-';
        DWORD bit = attribute_of(negative ? *++list : *list);
        if (!bit) return false;
        *(negative ? &filter->unwanted : &filter->wanted) |= bit;
    }
    return true;
}

bool attributes_pass(const struct attribute_filter *filter, DWORD attributes)
{
    return (attributes & filter->wanted) == filter->wanted && !(attributes & filter->unwanted);
}
