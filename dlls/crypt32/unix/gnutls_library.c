// Loading GnuTLS.
#include "gnutls_library.h"
#ifdef GNUTLS_SONAME
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>

struct gnutls_library tls;

static bool loaded;

static void load(void)
{
    void *library = dlopen(GNUTLS_SONAME, RTLD_NOW | RTLD_LOCAL);
    bool complete = library != NULL;
#define X(name) complete = complete && (tls.name = (__typeof__(tls.name))dlsym(library, #name)) != NULL;
    GNUTLS_FUNCTIONS(X)
#undef X
    if (!complete) fprintf(stderr, "lowland: no TLS and no certificates: %s\n", dlerror());
    loaded = complete;
}

bool gnutls_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
    return loaded;
}
#endif
