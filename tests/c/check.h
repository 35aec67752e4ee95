/* What the test programs share: a check that names its line, and the end of the program. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition)                                                                 \
    do {                                                                                 \
        if (!(condition)) {                                                              \
            fprintf(stderr, "%s:%d: does not hold: %s\n", __FILE__, __LINE__, #condition); \
            exit(1);                                                                     \
        }                                                                                \
    } while (0)

#define CHECK_TEXT(found, expected)                                                                        \
    do {                                                                                                   \
        const char *found_text = (found);                                                                  \
        if (found_text == NULL || strcmp(found_text, (expected)) != 0) {                                   \
            fprintf(stderr, "%s:%d: found '%s', expected '%s'\n", __FILE__, __LINE__,                      \
                    found_text != NULL ? found_text : "NULL", (expected));                                 \
            exit(1);                                                                                       \
        }                                                                                                  \
    } while (0)

#define CHECK_CONTAINS(found, part)                                                                        \
    do {                                                                                                   \
        const char *found_text = (found);                                                                  \
        if (found_text == NULL || strstr(found_text, (part)) == NULL) {                                    \
            fprintf(stderr, "%s:%d: no '%s' in '%s'\n", __FILE__, __LINE__, (part),                        \
                    found_text != NULL ? found_text : "NULL");                                             \
            exit(1);                                                                                       \
        }                                                                                                  \
    } while (0)

#endif
