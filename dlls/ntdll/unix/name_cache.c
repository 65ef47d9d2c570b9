// Case-insensitive lookup: directories asked about twice are kept as hash tables that inotify keeps true.
#include "name_cache.h"
#include "host_name.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

enum {
    DIRECTORIES_MAX = 32, // remembered at once; the least recently used one goes
    SEEN_MAX = 16,        // directories scanned lately without being remembered
    GONE = UINT32_MAX,    // offset of an entry that was removed
};

struct entry {
    uint32_t hash;
    uint32_t name; // offset in names, or GONE
    uint32_t next; // in the bucket, index + 1
};

struct directory {
    dev_t device;
    ino_t inode;
    int watch; // inotify's number; 0: slot unused
    uint64_t used;
    struct entry *entries;
    uint32_t entries_n, entries_max, gone;
    uint32_t *buckets;
    uint32_t buckets_n; // a power of two
    char *names;
    uint32_t names_n, names_max;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct directory directories[DIRECTORIES_MAX];
static struct {
    dev_t device;
    ino_t inode;
} seen[SEEN_MAX];
static uint32_t seen_next;
static uint64_t clock_now;
static int inotify = -1;

static void forget(struct directory *directory)
{
    if (directory->watch != 0) inotify_rm_watch(inotify, directory->watch);
    free(directory->entries);
    free(directory->buckets);
    free(directory->names);
    memset(directory, 0, sizeof *directory);
}

static uint32_t hash_host_name(const char *name)
{
    uint16_t units[NAME_MAX];
    size_t length = host_name_to_utf16(units, NAME_MAX, name, strlen(name));
    return host_name_hash(units, length < NAME_MAX ? length : NAME_MAX);
}

// Makes room for one more in an array that doubles.
static bool reserve(void *array, uint32_t *max, uint32_t n, size_t size)
{
    if (n <= *max) return true;
    uint32_t larger = *max != 0 ? *max : 64;
    while (larger < n) larger *= 2;
    void *moved = realloc(*(void **)array, larger * size);
    if (moved == NULL) return false;
    *(void **)array = moved;
    *max = larger;
    return true;
}

static void link_entry(struct directory *directory, uint32_t index)
{
    uint32_t *bucket = &directory->buckets[directory->entries[index].hash & (directory->buckets_n - 1)];
    directory->entries[index].next = *bucket;
    *bucket = index + 1;
}

static bool rehash(struct directory *directory)
{
    uint32_t n = directory->buckets_n != 0 ? directory->buckets_n * 2 : 64;
    uint32_t *buckets = calloc(n, sizeof *buckets);
    if (buckets == NULL) return false;
    free(directory->buckets);
    directory->buckets = buckets;
    directory->buckets_n = n;
    for (uint32_t i = 0; i < directory->entries_n; i++)
        if (directory->entries[i].name != GONE) link_entry(directory, i);
    return true;
}

static struct entry *find_exact(struct directory *directory, const char *name, uint32_t hash)
{
    if (directory->buckets_n == 0) return NULL;
    for (uint32_t i = directory->buckets[hash & (directory->buckets_n - 1)]; i != 0;) {
        struct entry *entry = &directory->entries[i - 1];
        if (entry->hash == hash && entry->name != GONE && strcmp(directory->names + entry->name, name) == 0)
            return entry;
        i = entry->next;
    }
    return NULL;
}

static bool add(struct directory *directory, const char *name)
{
    uint32_t length = strlen(name) + 1, hash = hash_host_name(name);
    if (find_exact(directory, name, hash) != NULL) return true;
    if (!reserve(&directory->entries, &directory->entries_max, directory->entries_n + 1,
                 sizeof(struct entry)) ||
        !reserve(&directory->names, &directory->names_max, directory->names_n + length, 1) ||
        (directory->entries_n >= directory->buckets_n && !rehash(directory)))
        return false;
    directory->entries[directory->entries_n] = (struct entry){hash, directory->names_n, 0};
    memcpy(directory->names + directory->names_n, name, length);
    directory->names_n += length;
    link_entry(directory, directory->entries_n++);
    return true;
}

static void take_away(struct directory *directory, const char *name)
{
    struct entry *entry = find_exact(directory, name, hash_host_name(name));
    if (entry == NULL) return;
    entry->name = GONE;
    directory->gone++;
}

// Applies what inotify reports. After it the tables are as the directories were when it was called.
static void catch_up(void)
{
    char buffer[8192] __attribute__((aligned(8)));
    for (ssize_t n; inotify >= 0 && (n = read(inotify, buffer, sizeof buffer)) > 0;) {
        for (char *p = buffer; p < buffer + n;) {
            struct inotify_event *event = (struct inotify_event *)p;
            p += sizeof *event + event->len;
            if (event->mask & IN_Q_OVERFLOW) {
                for (int i = 0; i < DIRECTORIES_MAX; i++) forget(&directories[i]);
                continue;
            }
            struct directory *directory = NULL;
            for (int i = 0; i < DIRECTORIES_MAX && directory == NULL; i++)
                if (directories[i].watch == event->wd) directory = &directories[i];
            if (directory == NULL) continue;
            bool whole = true;
            if (event->mask & (IN_CREATE | IN_MOVED_TO))
                whole = add(directory, event->name);
            else if (event->mask & (IN_DELETE | IN_MOVED_FROM))
                take_away(directory, event->name);
            if (event->mask & IN_IGNORED) {
                directory->watch = 0; // the directory is gone, and its watch with it
                whole = false;
            }
            // A table that is mostly holes is read anew when it is wanted again.
            if (!whole || (directory->gone > 1024 && directory->gone > directory->entries_n / 2))
                forget(directory);
        }
    }
}

// Whether changes by others can be missed: what other machines do never shows in inotify.
static bool remote(int fd)
{
    struct statfs fs;
    if (fstatfs(fd, &fs) != 0) return true;
    switch ((uint32_t)fs.f_type) {
    case 0x6969:     // NFS
    case 0xFF534D42: // CIFS
    case 0xFE534D42: // SMB2
    case 0x517B:     // SMB
    case 0x01021997: // 9P
    case 0x65735546: // FUSE
    case 0x5346414F: // AFS
    case 0x00C36400: // Ceph
    case 0x9FA0:     // proc
    case 0x62656572: // sysfs
        return true;
    }
    return false;
}

// Whether the directory was scanned lately; notes that it is now.
static bool seen_before(const struct stat *st)
{
    for (int i = 0; i < SEEN_MAX; i++)
        if (seen[i].device == st->st_dev && seen[i].inode == st->st_ino) return true;
    seen[seen_next].device = st->st_dev;
    seen[seen_next].inode = st->st_ino;
    seen_next = (seen_next + 1) % SEEN_MAX;
    return false;
}

// Reads a directory into a slot, watched from before the first entry is read.
static struct directory *remember(int fd, const struct stat *st)
{
    if (inotify < 0) inotify = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (inotify < 0) return NULL;
    struct directory *slot = &directories[0];
    for (int i = 0; i < DIRECTORIES_MAX; i++)
        if (directories[i].watch == 0 || (slot->watch != 0 && directories[i].used < slot->used))
            slot = &directories[i];
    forget(slot);

    char self[32];
    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    int watch =
        inotify_add_watch(inotify, self, IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_ONLYDIR);
    if (watch < 0) return NULL;
    slot->watch = watch;
    slot->device = st->st_dev;
    slot->inode = st->st_ino;
    DIR *list = fdopendir(dup(fd));
    bool whole = list != NULL;
    for (struct dirent *entry; whole && (entry = readdir(list)) != NULL;) whole = add(slot, entry->d_name);
    if (list != NULL) closedir(list);
    if (whole) return slot;
    forget(slot);
    return NULL;
}

// How well a host name fits the wanted one.
enum fit { FITS_NOT, FITS_SHORT, FITS_FOLDED, FITS_EXACTLY };

static enum fit fit_of(const char *candidate, const uint16_t *name, size_t length, bool maybe_short)
{
    uint16_t units[NAME_MAX], generated[SHORT_NAME_MAX];
    size_t n = host_name_to_utf16(units, NAME_MAX, candidate, strlen(candidate));
    if (n > NAME_MAX) return FITS_NOT;
    if (host_name_equal(units, n, name, length))
        return memcmp(units, name, n * sizeof *name) == 0 ? FITS_EXACTLY : FITS_FOLDED;
    if (!maybe_short) return FITS_NOT;
    size_t short_length = short_name_generate(generated, units, n);
    return short_length != 0 && host_name_equal(generated, short_length, name, length) ? FITS_SHORT
                                                                                       : FITS_NOT;
}

static bool find_remembered(struct directory *directory, const uint16_t *name, size_t length,
                            bool maybe_short, char found[NAME_MAX + 1])
{
    directory->used = ++clock_now;
    if (directory->buckets_n == 0) return false;
    uint32_t hash = host_name_hash(name, length);
    const char *best = NULL;
    enum fit best_fit = FITS_NOT;
    // Newer entries come first in a bucket: of equals, the oldest wins.
    for (uint32_t i = directory->buckets[hash & (directory->buckets_n - 1)]; i != 0;) {
        const struct entry *entry = &directory->entries[i - 1];
        i = entry->next;
        if (entry->hash != hash || entry->name == GONE) continue;
        enum fit fit = fit_of(directory->names + entry->name, name, length, false);
        if (fit == FITS_NOT || fit < best_fit) continue;
        best = directory->names + entry->name;
        best_fit = fit;
    }
    for (uint32_t i = 0; best == NULL && maybe_short && i < directory->entries_n; i++)
        if (directory->entries[i].name != GONE &&
            fit_of(directory->names + directory->entries[i].name, name, length, true) != FITS_NOT)
            best = directory->names + directory->entries[i].name;
    if (best == NULL) return false;
    strcpy(found, best);
    return true;
}

static bool find_by_reading(int fd, const uint16_t *name, size_t length, bool maybe_short,
                            char found[NAME_MAX + 1])
{
    DIR *list = fdopendir(fd);
    if (list == NULL) {
        close(fd);
        return false;
    }
    enum fit best_fit = FITS_NOT;
    for (struct dirent *entry; best_fit != FITS_EXACTLY && (entry = readdir(list)) != NULL;) {
        enum fit fit = fit_of(entry->d_name, name, length, maybe_short);
        if (fit <= best_fit) continue;
        strcpy(found, entry->d_name);
        best_fit = fit;
    }
    closedir(list);
    return best_fit != FITS_NOT;
}

enum name_result name_cache_find(int base, const char *path, const uint16_t *name, size_t length,
                                 char found[NAME_MAX + 1])
{
    bool maybe_short = false;
    for (size_t i = 0; i < length && length <= SHORT_NAME_MAX; i++) maybe_short |= name[i] == '~';

    struct stat st;
    if (fstatat(base, path, &st, 0) != 0 || !S_ISDIR(st.st_mode)) return NAME_NO_DIRECTORY;
    pthread_mutex_lock(&lock);
    catch_up();
    struct directory *directory = NULL;
    for (int i = 0; i < DIRECTORIES_MAX && directory == NULL; i++)
        if (directories[i].watch != 0 && directories[i].inode == st.st_ino &&
            directories[i].device == st.st_dev)
            directory = &directories[i];
    int fd = -1;
    if (directory == NULL) {
        fd = openat(base, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd >= 0 && seen_before(&st) && !remote(fd)) directory = remember(fd, &st);
    }
    bool hit = false;
    if (directory != NULL) hit = find_remembered(directory, name, length, maybe_short, found);
    pthread_mutex_unlock(&lock);

    if (directory != NULL && fd >= 0) close(fd);
    if (directory == NULL && fd >= 0) hit = find_by_reading(fd, name, length, maybe_short, found);
    return hit ? NAME_FOUND : NAME_MISSING;
}
