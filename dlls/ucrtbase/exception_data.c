/* The parts of std::exception and type_info that lie in this DLL; their classes are the program's own. */
#include "ucrtbase.h"
#include "dlls/msvcrt/cxx.h"

struct exception_data { /* of std::exception */
    char *text;
    bool owns_text;
};
struct type_data { /* of type_info */
    char *name;    /* made when it is first asked for */
    char mangled[];
};
struct name_node { /* the names made for one module, which frees them at its end */
    SLIST_ENTRY link;
    char name[];
};

void EXPORT __std_exception_copy(const struct exception_data *from, struct exception_data *to)
{
    if (!from->owns_text || !from->text) {
        to->text = from->text;
        to->owns_text = false;
        return;
    }
    to->text = _strdup(from->text);
    to->owns_text = to->text != NULL;
}

void EXPORT __std_exception_destroy(struct exception_data *data)
{
    if (data->owns_text) free(data->text);
    data->text = NULL;
    data->owns_text = false;
}

int EXPORT __std_type_info_compare(const struct type_data *a, const struct type_data *b)
{
    return a == b ? 0 : strcmp(a->mangled + 1, b->mangled + 1);
}

/* FNV-1a over the decorated name behind its dot. */
size_t EXPORT __std_type_info_hash(const struct type_data *type)
{
    size_t hash = 2166136261u;

    for (const char *p = type->mangled + 1; *p; p++) hash = (hash ^ (unsigned char)*p) * 16777619u;
    return hash;
}

/* NULL without memory. */
const char *EXPORT __std_type_info_name(struct type_data *type, SLIST_HEADER *names)
{
    struct name_node *node;
    char *text;

    if (type->name) return type->name;
    text = undecorate_type(type->mangled);
    if (!text) return NULL;
    node = malloc(sizeof(*node) + strlen(text) + 1);
    if (node) strcpy(node->name, text);
    free(text);
    if (!node) return NULL;
    if (InterlockedCompareExchangePointer((void **)&type->name, node->name, NULL))
        free(node);
    else
        InterlockedPushEntrySList(names, &node->link);
    return type->name;
}

void EXPORT __std_type_info_destroy_list(SLIST_HEADER *names)
{
    SLIST_ENTRY *entry = InterlockedFlushSList(names);

    while (entry) {
        SLIST_ENTRY *next = entry->Next;
        free(entry);
        entry = next;
    }
}
