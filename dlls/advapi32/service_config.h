// Parts of the configuration of services that creating and changing share.
#ifndef LOWLAND_ADVAPI32_SERVICE_CONFIG_H
#define LOWLAND_ADVAPI32_SERVICE_CONFIG_H

#include "service.h"

// Sets what a service depends on: a list of texts, groups with a plus sign in front. NULL: no change.
DWORD service_set_dependencies(HKEY key, const WCHAR *list);
// A list of texts as UTF-16 on the process heap; NULL for NULL or without memory.
WCHAR *service_wide_list(const char *list);
// Sets one text. NULL: no change; empty: the value goes.
DWORD service_set_string(HKEY key, const WCHAR *value, DWORD type, const WCHAR *text);

#endif
