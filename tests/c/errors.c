/* What an error says, and that nothing is written and nothing leaks where a call fails. */
#include "check.h"

int main(int argc, char **argv) {
    CHECK(argc == 3);
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    char *text = NULL;
    WORKS(modelium_pipeline_new(NULL, &pipeline, &error));

    FAILS(modelium_pipeline_open(pipeline, "nowhere.onnx", NULL, &model, &error), MODELIUM_STATUS_IO,
          "no such file or folder; check the path (nowhere.onnx)");
    FAILS(modelium_pipeline_open(pipeline, NULL, NULL, &model, &error), MODELIUM_STATUS_INVALID_ARGUMENT,
          "the argument 'path' is NULL");
    FAILS(modelium_pipeline_open(pipeline, "\xff", NULL, &model, &error), MODELIUM_STATUS_INVALID_ARGUMENT,
          "the argument 'path' is not UTF-8 from its byte 0 on");
    FAILS(modelium_pipeline_open(NULL, "a.onnx", NULL, &model, &error), MODELIUM_STATUS_INVALID_ARGUMENT,
          "the argument 'pipeline' is NULL");
    CHECK(model == NULL);

    /* the facts are data too */
    modelium_error *error = NULL;
    CHECK(modelium_pipeline_open(pipeline, "nowhere.onnx", NULL, &model, &error) == MODELIUM_STATUS_IO);
    CHECK_CONTAINS(modelium_error_report(error), "\"kind\":\"io\"");
    CHECK_CONTAINS(modelium_error_report(error), "\"location\":{\"file\":\"nowhere.onnx\"}");
    modelium_error_free(error);

    char *digits = join(argv[1], "examples/models/digits/digits.onnx");
    WORKS(modelium_pipeline_open(pipeline, digits, NULL, &model, &error));
    FAILS(modelium_pipeline_plan(pipeline, model, "{\"target\": \"moon\"}", NULL, NULL, &text, NULL, &error),
          MODELIUM_STATUS_INVALID_ARGUMENT,
          "the argument 'requirements' is not understood: unknown variant `moon`, expected `files` or `triton` at line 1 "
          "column 17");
    CHECK(modelium_pipeline_run(pipeline, model, "{}", argv[2], NULL, NULL, &text, NULL) == MODELIUM_STATUS_MALFORMED);
    CHECK(text == NULL);
    CHECK(!exists(argv[2], ""));

    modelium_model_free(model);
    modelium_pipeline_free(pipeline);

    /* what the options of a pipeline allow holds */
    WORKS(modelium_pipeline_new("{\"limits\": {\"nodes\": 3}}", &pipeline, &error));
    error = NULL;
    CHECK(modelium_pipeline_open(pipeline, digits, NULL, &model, &error) == MODELIUM_STATUS_LIMIT_EXCEEDED);
    CHECK_CONTAINS(modelium_error_message(error), "more than 3 nodes");
    modelium_error_free(error);
    modelium_pipeline_free(pipeline);

    WORKS(modelium_pipeline_new("{\"policy\": {\"max_memory_bytes\": 1000}}", &pipeline, &error));
    WORKS(modelium_pipeline_open(pipeline, digits, NULL, &model, &error));
    WORKS(modelium_pipeline_plan(pipeline, model, NULL, NULL, NULL, &text, NULL, &error));
    CHECK(modelium_pipeline_run(pipeline, model, text, argv[2], NULL, NULL, NULL, NULL) == MODELIUM_STATUS_LIMIT_EXCEEDED);
    CHECK(!exists(argv[2], ""));
    modelium_string_free(text);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);

    free(digits);
    return 0;
}
