/* A conversion that shows how far it is, and that Ctrl-C stops: nothing half written stays behind.
 *
 *     progress MODEL FOLDER
 */
#include <inttypes.h>
#include <modelium.h>
#include <signal.h>
#include <stdio.h>

static modelium_context *context;

static void stop(int signal) {
    (void)signal;
    modelium_context_cancel(context); /* allowed in a signal handler, and from any thread */
}

/* Returning false would cancel too. */
static bool show(void *user, const char *stage, uint64_t done, uint64_t total) {
    fprintf(user, "\r%-10s %" PRIu64 " of %-12" PRIu64, stage, done, total);
    return true;
}

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: progress MODEL FOLDER\n");
        return 2;
    }
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    modelium_error *error = NULL;
    char *plan = NULL;

    modelium_status status = modelium_context_new(show, stderr, &context, &error);
    signal(SIGINT, stop);
    if (!status) status = modelium_pipeline_new(NULL, &pipeline, &error);
    if (!status) status = modelium_pipeline_open(pipeline, argv[1], context, &model, &error);
    if (!status) status = modelium_pipeline_plan(pipeline, model, NULL, NULL, context, &plan, NULL, &error);
    if (!status) status = modelium_pipeline_run(pipeline, model, plan, argv[2], NULL, context, NULL, &error);
    signal(SIGINT, SIG_DFL);
    fputc('\n', stderr);

    if (status == MODELIUM_STATUS_CANCELLED) {
        fprintf(stderr, "progress: stopped; %s was not written\n", argv[2]);
    } else if (status) {
        fprintf(stderr, "progress: %s\n", modelium_error_message(error));
    }
    modelium_string_free(plan);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);
    modelium_context_free(context);
    modelium_error_free(error);
    return status ? 1 : 0;
}
