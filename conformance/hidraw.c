/*
 * Lets programs on libfido2 find one security key that is a unix socket: preload it, and name the socket in
 * ROAMKEY_HIDRAW. Where they look for hidraw devices (udev), open one and ask what it is (ioctl), they find ours; frames
 * go to the socket behind their length, 16 bits, big-endian.
 *
 *     cc -shared -fPIC -o hidraw.so hidraw.c && LD_PRELOAD=./hidraw.so ROAMKEY_HIDRAW=/path/to/socket fido2-token -L
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/hidraw.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define DEVICE "/dev/hidraw99"
#define FRAME 64
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static const unsigned char descriptor[] = {
    0x06, 0xd0, 0xf1, 0x09, 0x01, 0xa1, 0x01, 0x09, 0x20, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40,
    0x81, 0x02, 0x09, 0x21, 0x15, 0x00, 0x26, 0xff, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xc0};
static char ours[1024];

static int is_ours(int fd) { return fd >= 0 && fd < (int)sizeof ours && ours[fd]; }

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = va_arg(rest, mode_t);
    va_end(rest);
    const char *name = getenv("ROAMKEY_HIDRAW");
    if (name == NULL || strcmp(path, DEVICE) != 0)
        return NEXT(open)(path, flags, mode);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    strncpy(address.sun_path, name, sizeof address.sun_path - 1);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= (int)sizeof ours || connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        close(fd);
        errno = ENXIO;
        return -1;
    }
    ours[fd] = 1;
    return fd;
}

int close(int fd)
{
    if (is_ours(fd))
        ours[fd] = 0;
    return NEXT(close)(fd);
}

int fstat(int fd, struct stat *status)
{
    int result = NEXT(fstat)(fd, status);
    if (is_ours(fd))
        status->st_mode = S_IFCHR | 0600;
    return result;
}

int flock(int fd, int operation) { return is_ours(fd) ? 0 : NEXT(flock)(fd, operation); }

int ioctl(int fd, unsigned long request, ...)
{
    va_list rest;
    va_start(rest, request);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    if (!is_ours(fd))
        return NEXT(ioctl)(fd, request, argument);
    if (request == HIDIOCGRDESCSIZE)
        *(int *)argument = sizeof descriptor;
    else if (request == HIDIOCGRDESC)
        memcpy(((struct hidraw_report_descriptor *)argument)->value, descriptor, sizeof descriptor);
    else
        return errno = ENOTTY, -1;
    return 0;
}

/* A report's number, always 0, stands before what is written, and not before what is read. */
ssize_t write(int fd, const void *bytes, size_t length)
{
    if (!is_ours(fd))
        return NEXT(write)(fd, bytes, length);
    unsigned char frame[2 + FRAME] = {0, FRAME};
    if (length != FRAME + 1)
        return errno = EINVAL, -1;
    memcpy(frame + 2, (const char *)bytes + 1, FRAME);
    return send(fd, frame, sizeof frame, MSG_NOSIGNAL) == sizeof frame ? (ssize_t)length : -1;
}

ssize_t read(int fd, void *bytes, size_t length)
{
    if (!is_ours(fd))
        return NEXT(read)(fd, bytes, length);
    unsigned char frame[2 + FRAME];
    if (length < FRAME || recv(fd, frame, sizeof frame, MSG_WAITALL) != sizeof frame)
        return errno = EIO, -1;
    memcpy(bytes, frame + 2, FRAME);
    return FRAME;
}

/* All of udev that libfido2 asks: one device, its own parent. */
static char one;
void *udev_new(void) { return &one; }
void *udev_unref(void *udev) { return (void)udev, NULL; }
void *udev_enumerate_new(void *udev) { return udev; }
void *udev_enumerate_unref(void *list) { return (void)list, NULL; }
int udev_enumerate_add_match_subsystem(void *list, const char *name) { return (void)list, (void)name, 0; }
int udev_enumerate_scan_devices(void *list) { return (void)list, 0; }
void *udev_enumerate_get_list_entry(void *list) { return list; }
void *udev_list_entry_get_next(void *entry) { return (void)entry, NULL; }
const char *udev_list_entry_get_name(void *entry) { return (void)entry, DEVICE; }
void *udev_device_new_from_syspath(void *udev, const char *path) { return (void)path, udev; }
void *udev_device_unref(void *device) { return (void)device, NULL; }
const char *udev_device_get_devnode(void *device) { return (void)device, DEVICE; }
const char *udev_device_get_sysnum(void *device) { return (void)device, "99"; }
void *udev_device_get_parent_with_subsystem_devtype(void *device, const char *subsystem, const char *type)
{
    return (void)subsystem, (void)type, device;
}
const char *udev_device_get_sysattr_value(void *device, const char *name)
{
    (void)device;
    return strcmp(name, "uevent") == 0 ? "HID_ID=0003:00001209:00000001\nHID_NAME=Roamkey\n" : "Roamkey";
}
