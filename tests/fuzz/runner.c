/*
 * runner - stands in for libFuzzer: feeds a fuzz target the files of its corpus, and every
 * file cut short at every length, so that make check covers decoders without clang.
 *
 * Folders or files come as arguments; without any, the folder is tests/fuzz/corpus/NAME
 * below $srcdir for the program f_NAME. A target fails by crashing.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FILE_MAX (1 << 20)
#define CUT_MAX 4096 /* larger files are fed whole only */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* An allocation of its own for each, so that a sanitizer sees reads past the end. */
static void
feed(const uint8_t *data, size_t size)
{
	uint8_t *copy = malloc(size > 0 ? size : 1);

	if (copy == NULL)
		abort();
	if (size > 0)
		memcpy(copy, data, size);
	LLVMFuzzerTestOneInput(copy, size);
	free(copy);
}

static unsigned
run_file(const char *path)
{
	static uint8_t buf[FILE_MAX];
	FILE *f = fopen(path, "rb");
	size_t n;

	if (f == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	n = fread(buf, 1, sizeof(buf), f);
	fclose(f);
	if (n <= CUT_MAX) {
		for (size_t len = 0; len < n; len++)
			feed(buf, len);
	}
	feed(buf, n);
	return 1;
}

static unsigned
run_folder(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *e;
	unsigned n = 0;

	if (dir == NULL) {
		perror(path);
		exit(EXIT_FAILURE);
	}
	while ((e = readdir(dir)) != NULL) {
		char file[4096];

		if (e->d_name[0] == '.')
			continue;
		snprintf(file, sizeof(file), "%s/%s", path, e->d_name);
		n += run_file(file);
	}
	closedir(dir);
	return n;
}

static unsigned
run(const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return run_folder(path);
	return run_file(path);
}

int
main(int argc, char **argv)
{
	const char *srcdir = getenv("srcdir");
	const char *name = strrchr(argv[0], '/');
	char path[4096];
	unsigned n = 0;

	for (int i = 1; i < argc; i++)
		n += run(argv[i]);
	if (argc < 2) {
		name = name != NULL ? name + 1 : argv[0];
		snprintf(path, sizeof(path), "%s/tests/fuzz/corpus/%s",
		    srcdir != NULL ? srcdir : ".",
		    strncmp(name, "f_", 2) == 0 ? name + 2 : name);
		n = run(path);
	}
	printf("%u files\n", n);
	return n > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
