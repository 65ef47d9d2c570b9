// Loading LMDB.
#include "registry_lmdb.h"
#include <dlfcn.h>
#include <stdio.h>

struct lmdb lmdb;

bool lmdb_load(void)
{
    void *library = dlopen(LMDB_SONAME, RTLD_NOW | RTLD_LOCAL);
    bool complete = library != NULL;
#define X(name)                                                                                              \
    complete = complete && (lmdb.name = (__typeof__(lmdb.name))dlsym(library, "mdb_" #name)) != NULL;
    LMDB_FUNCTIONS(X)
#undef X
    if (!complete) fprintf(stderr, "lowland: no registry: %s\n", dlerror());
    return complete;
}
