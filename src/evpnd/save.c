/*
 * save - the running configuration into its file.
 *
 * The text goes to a new file in the same directory, which takes the old one's place only
 * when all of it is on the disk: a reader, or a machine that loses power, sees the old file
 * or the new one.
 */
#include "save.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "conf/text.h"

static void
put_file(const char *s, void *arg)
{
	fputs(s, arg);
}

/* The whole text on the disk; 0 or -errno. */
static int
write_text(const struct conf *c, int fd)
{
	FILE *f = fdopen(fd, "w");
	int err = 0;

	if (f == NULL) {
		err = -errno;
		close(fd);
		return err;
	}
	conf_write(c, true, put_file, f);
	if (fflush(f) != 0 || ferror(f) || fsync(fd) != 0)
		err = errno != 0 ? -errno : -EIO;
	if (fclose(f) != 0 && err == 0)
		err = -errno;
	return err;
}

/*
 * Mode and owner of the file that is replaced. An owner or a group we may not give stays
 * ours, and nobody else then reads what its group could.
 */
static int
like_old(int fd, const char *path, bool *out_kept)
{
	struct stat old, new;
	mode_t mode;

	*out_kept = true;
	if (stat(path, &old) != 0)
		return fchmod(fd, 0600) != 0 ? -errno : 0;
	if (fchown(fd, old.st_uid, old.st_gid) != 0 &&
	    fchown(fd, (uid_t)-1, old.st_gid) != 0 && errno != EPERM)
		return -errno;
	if (fstat(fd, &new) != 0)
		return -errno;
	*out_kept = new.st_uid == old.st_uid &&new.st_gid == old.st_gid;
	mode = old.st_mode & 07777;
	if (new.st_gid != old.st_gid)
		mode &= (mode_t)~S_IRWXG;
	return fchmod(fd, mode) != 0 ? -errno : 0;
}

static void
sync_directory(const char *path)
{
	char *copy = xstrdup(path);
	int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0) {
		fsync(fd);
		close(fd);
	}
	free(copy);
}

static int
replace(const struct conf *c, const char *path, char *temp, bool *out_kept)
{
	int fd = mkostemp(temp, O_CLOEXEC), err;

	if (fd < 0)
		return -errno;
	err = like_old(fd, path, out_kept);
	if (err == 0)
		err = write_text(c, fd);
	else
		close(fd);
	if (err == 0 && rename(temp, path) != 0)
		err = -errno;
	if (err != 0)
		unlink(temp);
	else
		sync_directory(path);
	return err;
}

bool
save_conf(const struct conf *c, const char *path, char *msg, size_t len)
{
	char *real = realpath(path, NULL); /* a link stays a link */
	const char *target = real != NULL ? real : path;
	char *temp = xasprintf("%s.XXXXXX", target);
	bool kept = true;
	int err = replace(c, target, temp, &kept);

	if (err != 0)
		snprintf(msg, len, "%% Can't write %s: %s; the file is as it was",
		    target, strerror(-err));
	else
		snprintf(msg, len, "Configuration saved to %s%s\n[OK]", target,
		    kept ? "" : "; its owner could not be kept");
	free(temp);
	free(real);
	return err == 0;
}
