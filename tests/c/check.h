/* What the test programs share: checks that name their line, and calls that must work. */
#ifndef CHECK_H
#define CHECK_H

#include <modelium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FAIL(...)                                     \
    do {                                              \
        fprintf(stderr, "%s:%d: ", __FILE__, __LINE__); \
        fprintf(stderr, __VA_ARGS__);                 \
        fputc('\n', stderr);                          \
        exit(1);                                      \
    } while (0)

#define CHECK(condition)                                \
    do {                                                \
        if (!(condition)) FAIL("does not hold: %s", #condition); \
    } while (0)

#define CHECK_TEXT(found, expected)                                                              \
    do {                                                                                         \
        const char *found_text = (found);                                                        \
        if (found_text == NULL) FAIL("found NULL, expected '%s'", (expected));                   \
        if (strcmp(found_text, (expected)) != 0) FAIL("found '%s', expected '%s'", found_text, (expected)); \
    } while (0)

#define CHECK_CONTAINS(found, part)                                                              \
    do {                                                                                         \
        const char *found_text = (found);                                                        \
        if (found_text == NULL) FAIL("found NULL, expected '%s' in it", (part));                 \
        if (strstr(found_text, (part)) == NULL) FAIL("no '%s' in '%s'", (part), found_text);      \
    } while (0)

/* A call that must work; its last argument is &error. */
#define WORKS(call)                                                                              \
    do {                                                                                         \
        modelium_error *error = NULL;                                                            \
        modelium_status status = (call);                                                         \
        if (status != MODELIUM_STATUS_OK)                                                        \
            FAIL("%s: %s: %s", #call, modelium_status_name(status), modelium_error_message(error)); \
        CHECK(error == NULL);                                                                    \
    } while (0)

/* A call that must fail with this status and this line. */
#define FAILS(call, expected, line)                                                              \
    do {                                                                                         \
        modelium_error *error = NULL;                                                            \
        modelium_status status = (call);                                                         \
        if (status != (expected))                                                                \
            FAIL("%s: found status %s: %s", #call, modelium_status_name(status), modelium_error_message(error)); \
        CHECK(modelium_error_status(error) == (expected));                                       \
        CHECK_TEXT(modelium_error_message(error), (line));                                       \
        modelium_error_free(error);                                                              \
    } while (0)

static inline char *join(const char *folder, const char *name) {
    size_t length = strlen(folder) + strlen(name) + 2;
    char *path = malloc(length);
    CHECK(path != NULL);
    snprintf(path, length, "%s/%s", folder, name);
    return path;
}

static inline int exists(const char *folder, const char *name) {
    char *path = join(folder, name);
    FILE *file = fopen(path, "rb");
    free(path);
    if (file == NULL) return 0;
    fclose(file);
    return 1;
}

#endif
