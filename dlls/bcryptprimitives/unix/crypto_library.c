// Loading nettle and GMP.
#include "crypto_library.h"
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct crypto_library crypto;

static bool loaded;
static void *nettle;

static void load(void)
{
    nettle = dlopen(NETTLE_SONAME, RTLD_NOW | RTLD_LOCAL);
    void *gmp = nettle ? dlopen(GMP_SONAME, RTLD_NOW | RTLD_LOCAL) : NULL;
    void *hogweed = gmp ? dlopen(HOGWEED_SONAME, RTLD_NOW | RTLD_LOCAL) : NULL;
    bool complete = hogweed != NULL;
// The headers' names are macros for those in the library.
#define NAME_OF(name) #name
#define LOAD(library, name)                                                                                  \
    complete = complete && (crypto.name = (__typeof__(crypto.name))dlsym(library, NAME_OF(name))) != NULL;
#define X(name) LOAD(nettle, name)
    CRYPTO_NETTLE_FUNCTIONS(X)
#undef X
#define X(name) LOAD(hogweed, name)
    CRYPTO_HOGWEED_FUNCTIONS(X)
#undef X
#define X(name) LOAD(gmp, name)
    CRYPTO_GMP_FUNCTIONS(X)
#undef X
    if (!complete) fprintf(stderr, "lowland: no cryptography: %s\n", dlerror());
    loaded = complete;
}

bool crypto_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return loaded;
}

const struct nettle_hash *crypto_hash_named(const char *name)
{
    char symbol[32];
    snprintf(symbol, sizeof symbol, "nettle_%s", name);
    return dlsym(nettle, symbol);
}
