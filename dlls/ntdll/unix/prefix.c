// The prefix: found or made at start-up. It is made beside its place and renamed, so that several processes
// may do so at once; what exists is only ever added to.
#include "prefix.h"
#include "loader/data_dir.h"
#include "loader/fail.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PREFIX_LAYOUT = 1 }; // counts up when the directories below change

static char path[PATH_MAX];
static char user[64];
static int drives = -1;

static const char *const directories[] = {
    "drives",
    "drives/c",
    "drives/c/windows",
    "drives/c/windows/system32",
    "drives/c/windows/system32/drivers",
    "drives/c/windows/system32/drivers/etc",
    "drives/c/windows/temp",
    "drives/c/windows/fonts",
    "drives/c/windows/inf",
    "drives/c/windows/winsxs",
    "drives/c/Program Files",
    "drives/c/Program Files/Common Files",
    "drives/c/Program Files (x86)",
    "drives/c/Program Files (x86)/Common Files",
    "drives/c/ProgramData",
    "drives/c/ProgramData/Microsoft",
    "drives/c/ProgramData/Microsoft/Windows",
    "drives/c/ProgramData/Microsoft/Windows/Start Menu",
    "drives/c/ProgramData/Microsoft/Windows/Start Menu/Programs",
    "drives/c/ProgramData/Microsoft/Windows/Start Menu/Programs/Startup",
    "drives/c/ProgramData/Microsoft/Windows/Templates",
    "drives/c/users",
    "drives/c/users/Public",
    "drives/c/users/Public/Documents",
    "drives/c/users/Public/Desktop",
    "drives/c/users/Public/Music",
    "drives/c/users/Public/Pictures",
    "drives/c/users/Public/Videos",
    // the user's, in place of %
    "drives/c/users/%",
    "drives/c/users/%/AppData",
    "drives/c/users/%/AppData/Local",
    "drives/c/users/%/AppData/Local/Microsoft",
    "drives/c/users/%/AppData/Local/Microsoft/Windows",
    "drives/c/users/%/AppData/Local/Microsoft/Windows/History",
    "drives/c/users/%/AppData/Local/Microsoft/Windows/INetCache",
    "drives/c/users/%/AppData/Local/Microsoft/Windows/INetCookies",
    "drives/c/users/%/AppData/Local/Temp",
    "drives/c/users/%/AppData/LocalLow",
    "drives/c/users/%/AppData/Roaming",
    "drives/c/users/%/AppData/Roaming/Microsoft",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Network Shortcuts",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Printer Shortcuts",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Recent",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/SendTo",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Start Menu",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Start Menu/Programs",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Start Menu/Programs/Startup",
    "drives/c/users/%/AppData/Roaming/Microsoft/Windows/Templates",
    "drives/c/users/%/Desktop",
    "drives/c/users/%/Documents",
    "drives/c/users/%/Downloads",
    "drives/c/users/%/Favorites",
    "drives/c/users/%/Music",
    "drives/c/users/%/Pictures",
    "drives/c/users/%/Saved Games",
    "drives/c/users/%/Videos",
};

const char *prefix_path(void)
{
    return path;
}

int prefix_drives(void)
{
    return drives;
}

const char *prefix_user(void)
{
    return user;
}

static void find_user(void)
{
    const char *name = getenv("USER");
    if (name == NULL || name[0] == '\0') name = getenv("LOGNAME");
    if (name == NULL || name[0] == '\0') {
        struct passwd *entry = getpwuid(getuid());
        name = entry != NULL ? entry->pw_name : "user";
    }
    snprintf(user, sizeof user, "%s", name);
    for (char *p = user; *p != '\0'; p++)
        if ((unsigned char)*p < 32 || strchr("/\\:*?\"<>|%", *p) != NULL) *p = '_';
    if (strcmp(user, ".") == 0 || strcmp(user, "..") == 0) user[0] = '_';
}

// Where the prefix should be. False when the environment says nothing usable.
static bool find_place(void)
{
    const char *chosen = getenv("LOWLAND_PREFIX"), *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    char relative[PATH_MAX];
    int length;
    if (chosen != NULL && chosen[0] != '\0') {
        length = snprintf(relative, sizeof relative, "%s", chosen);
    } else if (data != NULL && data[0] == '/') {
        length = snprintf(relative, sizeof relative, "%s/lowland", data);
    } else {
        if (home == NULL || home[0] != '/') {
            struct passwd *entry = getpwuid(getuid());
            home = entry != NULL ? entry->pw_dir : NULL;
        }
        if (home == NULL || home[0] != '/') return false;
        length = snprintf(relative, sizeof relative, "%s/.local/share/lowland", home);
    }
    if (length < 0 || length >= (int)sizeof relative) return false;

    char here[PATH_MAX];
    if (relative[0] == '/') {
        strcpy(path, relative);
    } else {
        if (getcwd(here, sizeof here) == NULL) return false;
        length = snprintf(path, sizeof path, "%s/%s", here, relative);
        if (length < 0 || length >= (int)sizeof path) return false;
    }
    for (size_t n = strlen(path); n > 1 && path[n - 1] == '/'; n--) path[n - 1] = '\0';
    return true;
}

// mkdir -p for the directories above place.
static bool make_parents(const char *place)
{
    char copy[PATH_MAX];
    snprintf(copy, sizeof copy, "%s", place);
    for (char *slash = strchr(copy + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST && errno != EISDIR && access(copy, F_OK) != 0)
            return false;
        *slash = '/';
    }
    return true;
}

// What the marker file says when the prefix fits this installation: the layout, who we are and where our DLLs
// lie, and when that directory last changed.
static size_t marker_text(char *text, size_t size)
{
    struct stat st = {0};
    stat(data_dir(), &st);
    int length = snprintf(text, size, "lowland prefix %d\nuser %s\ndata %s\nchanged %lld.%09ld\n",
                          PREFIX_LAYOUT, user, data_dir(), (long long)st.st_mtim.tv_sec, st.st_mtim.tv_nsec);
    return length > 0 && (size_t)length < size ? (size_t)length : 0;
}

static bool marker_fits(int directory)
{
    char want[PATH_MAX + 256], have[PATH_MAX + 256];
    size_t length = marker_text(want, sizeof want);
    int fd = openat(directory, "version", O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    ssize_t got = read(fd, have, sizeof have);
    close(fd);
    return got >= 0 && (size_t)got == length && memcmp(want, have, length) == 0;
}

static bool write_marker(int directory)
{
    char text[PATH_MAX + 256], temporary[32];
    size_t length = marker_text(text, sizeof text);
    snprintf(temporary, sizeof temporary, "version.%d", (int)getpid());
    int fd = openat(directory, temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return false;
    bool written = write(fd, text, length) == (ssize_t)length;
    close(fd);
    if (written && renameat(directory, temporary, directory, "version") == 0) return true;
    unlinkat(directory, temporary, 0);
    return false;
}

// Makes name in directory a symlink to target unless something of the program's own stands there.
static bool place_symlink(int directory, const char *name, const char *target)
{
    if (symlinkat(target, directory, name) == 0) return true;
    if (errno != EEXIST) return false;
    char old[PATH_MAX], temporary[NAME_MAX + 32];
    ssize_t length = readlinkat(directory, name, old, sizeof old - 1);
    if (length < 0) return errno == EINVAL; // no symlink: a program installed its own
    old[length] = '\0';
    if (strcmp(old, target) == 0) return true;
    snprintf(temporary, sizeof temporary, ".%.200s.%d", name, (int)getpid());
    unlinkat(directory, temporary, 0);
    if (symlinkat(target, directory, temporary) != 0) return false;
    if (renameat(directory, temporary, directory, name) == 0) return true;
    unlinkat(directory, temporary, 0);
    return false;
}

// Removes what earlier installations left: links that lead nowhere.
static void remove_dangling(int directory)
{
    DIR *list = fdopendir(openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (list == NULL) return;
    struct stat st;
    for (struct dirent *entry; (entry = readdir(list)) != NULL;)
        if (entry->d_type == DT_LNK && fstatat(directory, entry->d_name, &st, 0) != 0 && errno == ENOENT)
            unlinkat(directory, entry->d_name, 0);
    closedir(list);
}

// system32 gets a symlink to each of our files.
static bool fill_system32(int prefix)
{
    int system32 = openat(prefix, "drives/c/windows/system32", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (system32 < 0) return false;
    bool done = true;
    DIR *list = opendir(data_dir());
    char target[PATH_MAX + NAME_MAX + 2];
    for (struct dirent *entry; list != NULL && (entry = readdir(list)) != NULL;) {
        if (entry->d_name[0] == '.' || entry->d_type == DT_DIR) continue;
        snprintf(target, sizeof target, "%s/%s", data_dir(), entry->d_name);
        done = place_symlink(system32, entry->d_name, target) && done;
    }
    if (list != NULL) closedir(list);
    remove_dangling(system32);
    close(system32);
    return done;
}

// regedit.exe lies in Windows' own folder too, where programs look for it.
static bool fill_windows(int prefix)
{
    int windows = openat(prefix, "drives/c/windows", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (windows < 0) return false;
    char target[PATH_MAX + NAME_MAX + 2];
    snprintf(target, sizeof target, "%s/regedit.exe", data_dir());
    bool done = place_symlink(windows, "regedit.exe", target);
    close(windows);
    return done;
}

// Makes or completes the prefix in an open directory. The marker comes last: without it, the next start does
// this again.
static bool fill(int prefix)
{
    char name[PATH_MAX];
    for (size_t i = 0; i < sizeof directories / sizeof directories[0]; i++) {
        const char *percent = strchr(directories[i], '%');
        if (percent != NULL)
            snprintf(name, sizeof name, "%.*s%s%s", (int)(percent - directories[i]), directories[i], user,
                     percent + 1);
        else
            strcpy(name, directories[i]);
        if (mkdirat(prefix, name, 0777) != 0 && errno != EEXIST) return false;
    }
    if (symlinkat("/", prefix, "drives/z") != 0 && errno != EEXIST) return false;
    // The system directory of 32-bit programs under the name that they know from a 64-bit Windows.
    if (symlinkat("system32", prefix, "drives/c/windows/SysWOW64") != 0 && errno != EEXIST) return false;
    return fill_system32(prefix) && fill_windows(prefix) && write_marker(prefix);
}

static int remove_entry(const char *name, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    remove(name);
    return 0;
}

static void remove_tree(const char *name)
{
    nftw(name, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

static int open_directory(const char *name)
{
    return open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

// Makes the whole prefix beside its place, then moves it there. -1 with errno.
static int create(void)
{
    char beside[PATH_MAX];
    if (!make_parents(path)) return -1;
    int length = snprintf(beside, sizeof beside, "%s.new-XXXXXX", path);
    if (length < 0 || length >= (int)sizeof beside) return -1;
    if (mkdtemp(beside) == NULL) return -1;
    mode_t mask = umask(0);
    umask(mask);
    chmod(beside, 0777 & ~mask); // mkdtemp's 0700 is not what the user's umask says
    int fd = open_directory(beside);
    bool filled = fd >= 0 && fill(fd);
    int error = errno;
    // An empty directory in the way is replaced; any other means that somebody was faster.
    if (filled && (rename(beside, path) == 0)) return fd;
    if (filled) error = errno;
    if (fd >= 0) close(fd);
    remove_tree(beside);
    errno = error;
    return filled && (error == EEXIST || error == ENOTEMPTY) ? open_directory(path) : -1;
}

static void remove_temporary(void)
{
    remove_tree(path);
}

static const char *temporary_root(void)
{
    const char *root = getenv("TMPDIR");
    return root != NULL && root[0] == '/' ? root : "/tmp";
}

// Removes temporary prefixes whose process was killed before it could.
static void remove_stale(const char *root)
{
    DIR *list = opendir(root);
    if (list == NULL) return;
    for (struct dirent *entry; (entry = readdir(list)) != NULL;) {
        int pid;
        char name[PATH_MAX];
        struct stat st;
        if (sscanf(entry->d_name, "lowland-prefix-%d-", &pid) != 1 || pid <= 0) continue;
        if (kill(pid, 0) == 0 || errno != ESRCH) continue;
        snprintf(name, sizeof name, "%.3000s/%s", root, entry->d_name);
        if (lstat(name, &st) == 0 && S_ISDIR(st.st_mode) && st.st_uid == geteuid()) remove_tree(name);
    }
    closedir(list);
}

static int create_temporary(void)
{
    const char *root = temporary_root();
    remove_stale(root);
    snprintf(path, sizeof path, "%.3000s/lowland-prefix-%d-XXXXXX", root, (int)getpid());
    if (mkdtemp(path) == NULL) return -1;
    at_process_end(remove_temporary);
    setenv("LOWLAND_PREFIX", path, 1); // the processes that this one starts share it
    int fd = open_directory(path);
    if (fd < 0 || !fill(fd)) return -1;
    return fd;
}

bool prefix_open(void)
{
    find_user();
    int prefix = -1;
    if (find_place()) {
        prefix = open_directory(path);
        if (prefix < 0 && errno == ENOENT) prefix = create();
    }
    // Someone else's installation, an older layout, a fresh empty directory: complete it in place. A prefix
    // that can't be written but has its drives is used as it is.
    if (prefix >= 0 && !marker_fits(prefix) && !fill(prefix) &&
        faccessat(prefix, "drives/c/windows/system32", F_OK, 0) != 0) {
        close(prefix);
        prefix = -1;
    }
    if (prefix < 0) prefix = create_temporary();
    if (prefix >= 0) {
        drives = openat(prefix, "drives", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        close(prefix);
    }
    if (drives >= 0) return true;
    fprintf(stderr, "lowland: %s: %s\n", path, strerror(errno));
    return false;
}
