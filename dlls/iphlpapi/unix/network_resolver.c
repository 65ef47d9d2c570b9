// The host's name servers and domain (resolv.conf(5)).
#include "iphlpapi_host.h"
#include "netlink.h"
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

static void add_server(HOST_RESOLVER32 *resolver, const char *text)
{
    char plain[64];
    HOST_SERVER32 server = {.Family = 0};
    uint8_t address[16] = {0};
    snprintf(plain, sizeof plain, "%.*s", (int)strcspn(text, "%"), text); // without a scope
    if (inet_pton(AF_INET, plain, address) == 1)
        server.Family = AF_INET;
    else if (inet_pton(AF_INET6, plain, address) == 1)
        server.Family = network_family(AF_INET6);
    else
        return;
    memcpy(server.Address, address, sizeof address);
    if (resolver->Count < sizeof resolver->Servers / sizeof *resolver->Servers)
        resolver->Servers[resolver->Count++] = server;
}

NTSTATUS NetworkResolver(HOST_RESOLVER32 *resolver)
{
    char line[512], word[256];
    FILE *file = fopen("/etc/resolv.conf", "re");
    if (file == NULL) return STATUS_SUCCESS;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "nameserver %255s", word) == 1)
            add_server(resolver, word);
        else if (sscanf(line, "domain %255s", word) == 1 || sscanf(line, "search %255s", word) == 1)
            memcpy(resolver->Domain, word, strlen(word) + 1);
    }
    fclose(file);
    return STATUS_SUCCESS;
}
