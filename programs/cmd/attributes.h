// Which files a list like "hd-r" selects (/A of DIR and DEL).
#ifndef CMD_ATTRIBUTES_H
#define CMD_ATTRIBUTES_H
#include "text.h"

struct attribute_filter {
    DWORD wanted, unwanted;
};

// Without a list (NULL): all but hidden and system files. False for a letter that is none.
bool attributes_read(struct attribute_filter *filter, const WCHAR *list);
bool attributes_pass(const struct attribute_filter *filter, DWORD attributes);

#endif
