// Files by their number: a search for an inode around the handle that came with it.
#include "file_by_id.h"
#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

// The name that a directory has for an inode; false when there is none. Closes fd.
static bool find_entry(int fd, uint64_t id, char name[NAME_MAX + 1])
{
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    bool found = false;
    if (list == NULL && fd >= 0) close(fd);
    for (struct dirent *entry; list != NULL && !found && (entry = readdir(list)) != NULL;) {
        found = entry->d_ino == id && strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
        if (found) strcpy(name, entry->d_name);
    }
    if (list != NULL) closedir(list);
    return found;
}

// A descriptor to read the directory that a file lies in.
static int open_parent(const struct file *file)
{
    char host[PATH_MAX];
    if (!path_of_fd(file->fd, host)) return -1;
    strrchr(host, '/')[1] = '\0';
    return open(host, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

// Makes *path that of a directory's entry.
static bool found_in(struct path *path, const struct file *root, const char *name)
{
    char host[PATH_MAX];
    if (!path_of_fd(root->fd, host)) return false;
    size_t n = root->kind == FILE_KIND_DIRECTORY ? strlen(host) : (size_t)(strrchr(host, '/') - host);
    if (n + 1 + strlen(name) >= sizeof path->host) return false;
    path->base = AT_FDCWD;
    memcpy(path->host, host, n);
    path->host[n] = '/';
    strcpy(path->host + n + 1, name);
    path->length = strlen(path->host);
    return true;
}

static NTSTATUS find_by_id(struct file *root, uint64_t id, struct path *path)
{
    struct stat st;
    char name[NAME_MAX + 1];
    if (root->fd < 0 || fstat(root->fd, &st) != 0) return STATUS_INVALID_PARAMETER;
    NTSTATUS status = path_parse_open(path, root->fd, NULL, 0);
    if (!NT_SUCCESS(status) || st.st_ino == id) return status;
    int fd = root->kind == FILE_KIND_DIRECTORY ? openat(root->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
                                               : open_parent(root);
    return find_entry(fd, id, name) && found_in(path, root, name) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}

NTSTATUS file_parse_id(const OBJECT_ATTRIBUTES32 *attributes, struct path *path, struct file **root)
{
    UNICODE_STRING32 string;
    uint64_t id[2] = {0}; // the longer form's second half is 0 here
    if (!guest_read(&string, attributes->ObjectName, sizeof string)) return STATUS_ACCESS_VIOLATION;
    if (string.Length != sizeof id[0] && string.Length != sizeof id) return STATUS_INVALID_PARAMETER;
    if (!guest_read(id, string.Buffer, string.Length)) return STATUS_ACCESS_VIOLATION;
    NTSTATUS status = file_resolve(attributes->RootDirectory, 0, root);
    if (!NT_SUCCESS(status)) return status;
    status = id[1] == 0 ? find_by_id(*root, id[0], path) : STATUS_INVALID_PARAMETER;
    if (NT_SUCCESS(status)) return status;
    file_release(*root);
    *root = NULL;
    return status;
}
