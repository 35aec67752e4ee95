/* The library of ONNX Runtime and the worker, named by options and nowhere else: both processes use them. */
#include "check.h"

static void run(const char *options, const char *digits, const char *out, const char *runtime, modelium_status expected) {
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    modelium_error *error = NULL;
    char *plan = NULL;
    WORKS(modelium_pipeline_new(options, &pipeline, &error));
    WORKS(modelium_pipeline_open(pipeline, digits, NULL, &model, &error));
    WORKS(modelium_pipeline_plan(pipeline, model, NULL, NULL, NULL, &plan, NULL, &error));
    CHECK_CONTAINS(plan, "\"op\":\"parity\"");
    CHECK_CONTAINS(plan, runtime);
    modelium_status status = modelium_pipeline_run(pipeline, model, plan, out, NULL, NULL, NULL, &error);
    if (status != expected) FAIL("status %s: %s", modelium_status_name(status), modelium_error_message(error));
    modelium_error_free(error);
    modelium_string_free(plan);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    char *digits = join(argv[1], "examples/models/digits/digits.onnx");
    const char *library = getenv("ORT_DYLIB_PATH");
    const char *path = getenv("PATH");
    CHECK(library != NULL && path != NULL);
    char *beside = strndup(path, strcspn(path, ":")); /* the Makefile puts the worker's folder first */
    static char options[4096], broken[4096];
    snprintf(options, sizeof options, "{\"onnxruntime\": \"%s\", \"worker\": \"%s/modelium-worker\"}", library, beside);
    snprintf(broken, sizeof broken, "{\"onnxruntime\": \"%s\", \"worker\": \"%s/nowhere\"}", library, beside);

    CHECK(unsetenv("ORT_DYLIB_PATH") == 0 && unsetenv("PATH") == 0);
    run(broken, digits, argv[2], "\"runtime\":\"onnxruntime\"", MODELIUM_STATUS_BACKEND);
    CHECK(!exists(argv[2], ""));
    run(options, digits, argv[2], "\"runtime\":\"onnxruntime\"", MODELIUM_STATUS_OK);

    /* where nobody names a library, the evaluator proves, in the worker too */
    static char own[4096], proven[4096];
    snprintf(own, sizeof own, "{\"worker\": \"%s/modelium-worker\"}", beside);
    snprintf(proven, sizeof proven, "%s-proven", argv[2]);
    run(own, digits, proven, "\"runtime\":\"reference\"", MODELIUM_STATUS_OK);
    CHECK(exists(proven, "digits.onnx"));

    /* a library that is named and not there is an error, not a pipeline without a proof */
    modelium_pipeline *pipeline = NULL;
    CHECK(modelium_pipeline_new("{\"onnxruntime\": \"nowhere.so\"}", &pipeline, NULL) == MODELIUM_STATUS_BACKEND);

    free(beside);
    free(digits);
    return 0;
}
