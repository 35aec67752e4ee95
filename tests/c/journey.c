/* A trained model from its file to a Triton model repository and back: every function once, on real input. */
#include "check.h"

int main(int argc, char **argv) {
    CHECK(argc == 3);
    char *digits = join(argv[1], "examples/models/digits/digits.onnx");
    char *samples = join(argv[1], "examples/models/digits/samples.npz");
    char *out = argv[2];
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    char *text = NULL;
    char *plan = NULL;

    WORKS(modelium_pipeline_new("{\"limits\": {\"threads\": 2}}", &pipeline, &error));
    WORKS(modelium_pipeline_formats(pipeline, &text, &error));
    CHECK_CONTAINS(text, "\"onnx\"");
    CHECK_CONTAINS(text, "\"onnxruntime\"");
    modelium_string_free(text);

    WORKS(modelium_pipeline_open(pipeline, digits, NULL, &model, &error));
    WORKS(modelium_model_describe(model, &text, &error));
    CHECK_CONTAINS(text, "\"format\":\"onnx\"");
    modelium_string_free(text);
    WORKS(modelium_pipeline_costs(pipeline, model, NULL, NULL, &text, &error));
    CHECK_CONTAINS(text, "\"macs\":");
    modelium_string_free(text);

    WORKS(modelium_pipeline_plan(pipeline, model, "{\"target\": \"triton\", \"name\": \"digits\"}", samples, NULL, &plan, &text,
                                 &error));
    CHECK_CONTAINS(plan, "\"op\":\"parity\"");
    char *outcome = text;
    WORKS(modelium_plan_explain(outcome, &text, &error));
    CHECK_CONTAINS(text, "parity");
    modelium_string_free(text);
    modelium_string_free(outcome);

    WORKS(modelium_pipeline_run(pipeline, model, plan, out, NULL, NULL, &text, &error));
    CHECK_CONTAINS(text, "\"status\":\"succeeded\"");
    CHECK_CONTAINS(text, "\"isolation\":\"worker\"");
    modelium_string_free(text);
    CHECK(exists(out, "digits/config.pbtxt"));
    CHECK(exists(out, "digits/1/model.onnx"));

    WORKS(modelium_pipeline_lint(pipeline, out, NULL, &text, &error));
    CHECK_TEXT(text, "[]");
    modelium_string_free(text);

    /* the result computes the same as what it was made from */
    char *result = join(out, "digits/1/model.onnx");
    bool passed = false;
    WORKS(modelium_pipeline_compare(pipeline, digits, result, NULL, NULL, &passed, &text, &error));
    CHECK(passed);
    CHECK_CONTAINS(text, "\"passed\":true");
    modelium_string_free(text);

    const char *paths[] = {digits, result};
    char *report;
    WORKS(modelium_pipeline_scan(pipeline, paths, 2, "{\"depth\": \"structure\"}", NULL, &report, &error));
    CHECK_CONTAINS(report, "\"verdict\":\"clean\"");
    WORKS(modelium_scan_to_sarif(report, &text, &error));
    CHECK_CONTAINS(text, "\"version\":\"2.1.0\"");
    modelium_string_free(text);
    WORKS(modelium_pipeline_bill_of_materials(pipeline, paths, 2, report, NULL, &text, &error));
    CHECK_CONTAINS(text, "machine-learning-model");
    modelium_string_free(text);
    modelium_string_free(report);
    WORKS(modelium_pipeline_scan_diff(pipeline, digits, result, NULL, NULL, &text, &error));
    CHECK_CONTAINS(text, "\"does_more\":false");
    modelium_string_free(text);

    /* two versions into a repository without a server, and one of them back */
    char *repository = malloc(strlen(out) + 8);
    CHECK(repository != NULL);
    sprintf(repository, "%s-served", out);
    WORKS(modelium_pipeline_deploy(pipeline, out, repository, NULL, NULL, NULL, NULL, &error));
    WORKS(modelium_pipeline_deploy(pipeline, out, repository, NULL, "{\"keep_versions\": 2}", NULL, &text, &error));
    CHECK_CONTAINS(text, "\"version\":2");
    CHECK(exists(repository, "digits/2/model.onnx"));
    char *second = text;
    WORKS(modelium_pipeline_deployment_health(pipeline, second, NULL, &text, &error));
    CHECK_CONTAINS(text, "it is published; no server was named");
    modelium_string_free(text);
    WORKS(modelium_pipeline_rollback(pipeline, second, NULL, NULL, &text, &error));
    CHECK_CONTAINS(text, "\"version\":1");
    modelium_string_free(text);
    modelium_string_free(second);

    /* nobody listens there */
    CHECK(modelium_pipeline_health(pipeline, "http://127.0.0.1:9", NULL, NULL, &text, NULL) == MODELIUM_STATUS_BACKEND);

    /* handles are independent: the pipeline may go first */
    modelium_pipeline_free(pipeline);
    WORKS(modelium_model_describe(model, &text, &error));
    modelium_string_free(text);
    modelium_model_free(model);
    modelium_string_free(plan);
    free(result);
    free(repository);
    free(digits);
    free(samples);
    return 0;
}
