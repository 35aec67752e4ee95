/* Work stops from the callback, and from another thread; nothing is written then. */
#include "check.h"

#include <pthread.h>

struct heard {
    unsigned calls;
    unsigned calls_after_stop;
    int stop_at_export;
    int stopped;
    modelium_context *context;
};

static bool hear(void *user, const char *stage, uint64_t done, uint64_t total) {
    struct heard *heard = user;
    CHECK(total == 0 || done <= total);
    heard->calls += 1;
    heard->calls_after_stop += heard->stopped != 0;
    if (heard->stop_at_export && strcmp(stage, "export") == 0) {
        heard->stopped = 1;
        return false;
    }
    return true;
}

static void *stop(void *context) {
    modelium_context_cancel(context);
    return NULL;
}

/* Cancels from a thread of its own as soon as the work is heard of. */
static bool hear_and_stop_elsewhere(void *user, const char *stage, uint64_t done, uint64_t total) {
    struct heard *heard = user;
    pthread_t thread;
    (void)stage, (void)done, (void)total;
    if (!heard->stopped) {
        heard->stopped = 1;
        CHECK(pthread_create(&thread, NULL, stop, heard->context) == 0);
        CHECK(pthread_join(thread, NULL) == 0);
    }
    return true;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    char *digits = join(argv[1], "examples/models/digits/digits.onnx");
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    modelium_context *context = NULL;
    char *plan = NULL;
    WORKS(modelium_pipeline_new(NULL, &pipeline, &error));

    struct heard whole = {0};
    WORKS(modelium_context_new(hear, &whole, &context, &error));
    WORKS(modelium_pipeline_open(pipeline, digits, context, &model, &error));
    WORKS(modelium_pipeline_plan(pipeline, model, NULL, NULL, context, &plan, NULL, &error));
    CHECK(whole.calls > 0);
    modelium_context_free(context);

    static const char *const OPTIONS[] = {"{\"isolation\": \"in_process\"}", "{\"isolation\": \"worker\"}"};
    for (size_t at = 0; at < 2; at += 1) {
        struct heard stopping = {.stop_at_export = 1};
        WORKS(modelium_context_new(hear, &stopping, &context, &error));
        CHECK(modelium_pipeline_run(pipeline, model, plan, argv[2], OPTIONS[at], context, NULL, NULL) ==
              MODELIUM_STATUS_CANCELLED);
        CHECK(stopping.stopped);
        CHECK(stopping.calls_after_stop == 0);
        CHECK(!exists(argv[2], ""));
        modelium_context_free(context);

        struct heard elsewhere = {0};
        WORKS(modelium_context_new(hear_and_stop_elsewhere, &elsewhere, &context, &error));
        elsewhere.context = context;
        CHECK(modelium_pipeline_run(pipeline, model, plan, argv[2], OPTIONS[at], context, NULL, NULL) ==
              MODELIUM_STATUS_CANCELLED);
        CHECK(!exists(argv[2], ""));
        modelium_context_free(context);
    }

    /* a context that was cancelled stays so */
    WORKS(modelium_context_new(NULL, NULL, &context, &error));
    modelium_context_cancel(context);
    modelium_model *again = NULL;
    CHECK(modelium_pipeline_open(pipeline, digits, context, &again, NULL) == MODELIUM_STATUS_CANCELLED);
    modelium_context_free(context);

    modelium_string_free(plan);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);
    free(digits);
    return 0;
}
