/* One pipeline and one model, used by many threads at once. */
#include "check.h"

#include <pthread.h>

struct shared {
    modelium_pipeline *pipeline;
    modelium_model *model;
    const char *path;
};

static void *work(void *argument) {
    struct shared *shared = argument;
    for (unsigned round = 0; round < 20; round += 1) {
        modelium_model *own = NULL;
        char *here = NULL;
        char *there = NULL;
        WORKS(modelium_pipeline_open(shared->pipeline, shared->path, NULL, &own, &error));
        WORKS(modelium_model_describe(own, &here, &error));
        WORKS(modelium_model_describe(shared->model, &there, &error));
        CHECK_TEXT(here, there);
        modelium_string_free(here);
        modelium_string_free(there);
        modelium_model_free(own);
    }
    return NULL;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    char *digits = join(argv[1], "examples/models/digits/digits.onnx");
    struct shared shared = {.path = digits};
    WORKS(modelium_pipeline_new(NULL, &shared.pipeline, &error));
    WORKS(modelium_pipeline_open(shared.pipeline, digits, NULL, &shared.model, &error));

    pthread_t threads[8];
    for (size_t at = 0; at < 8; at += 1) CHECK(pthread_create(&threads[at], NULL, work, &shared) == 0);
    for (size_t at = 0; at < 8; at += 1) CHECK(pthread_join(threads[at], NULL) == 0);

    modelium_model_free(shared.model);
    modelium_pipeline_free(shared.pipeline);
    free(digits);
    return 0;
}
