// Sockets whose descriptor became another host socket (AcceptEx, DisconnectEx): what watches them follows, on
// the service thread. Who moved one may hold the lock of a file that a watch's callback is waiting for, so it
// can't wait for that callback itself.
#include "socket.h"

static pthread_mutex_t moved_lock = PTHREAD_MUTEX_INITIALIZER; // the innermost
static struct file *moved;                                     // by next_moved; each retained

static struct file *take_one(void)
{
    pthread_mutex_lock(&moved_lock);
    struct file *file = moved;
    if (file != NULL) {
        moved = socket_of(file)->next_moved;
        socket_of(file)->is_moved = false;
    }
    pthread_mutex_unlock(&moved_lock);
    return file;
}

static void follow(void)
{
    struct file *file;
    while ((file = take_one()) != NULL) {
        socket_polls_moved(file);
        socket_events_moved(file);
        file_release(file);
    }
}

void socket_moved(struct file *file)
{
    static struct service_call call = {.run = follow};
    struct socket *socket = socket_of(file);
    pthread_mutex_lock(&moved_lock);
    if (!socket->is_moved) {
        object_retain(&file->object);
        socket->is_moved = true;
        socket->next_moved = moved;
        moved = file;
    }
    pthread_mutex_unlock(&moved_lock);
    service_request(&call);
}
