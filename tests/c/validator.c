/* A function of the caller's reviews plans: it can refuse one, and a review that goes wrong refuses it too. */
#include "check.h"

struct rule {
    const char *says;
    bool able;
    unsigned reviews;
};

static bool review(void *user, const char *plan, const char *model, modelium_findings *findings) {
    struct rule *rule = user;
    rule->reviews += 1;
    CHECK_CONTAINS(plan, "\"steps\":[");
    CHECK_CONTAINS(model, "\"format\":\"onnx\"");
    if (rule->says != NULL) modelium_findings_add(findings, rule->says, NULL);
    return rule->able;
}

/* Runs a plan under a rule; returns the status, with the error's report in `report`. */
static modelium_status run(const char *model_path, const char *out, struct rule *rule, char *report, size_t size) {
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    modelium_error *error = NULL;
    char *plan = NULL;
    WORKS(modelium_pipeline_new(NULL, &pipeline, &error));
    WORKS(modelium_pipeline_add_validator(pipeline, review, rule, &error));
    WORKS(modelium_pipeline_open(pipeline, model_path, NULL, &model, &error));
    WORKS(modelium_pipeline_plan(pipeline, model, NULL, NULL, NULL, &plan, NULL, &error));
    modelium_status status =
        modelium_pipeline_run(pipeline, model, plan, out, "{\"isolation\": \"in_process\"}", NULL, NULL, &error);
    snprintf(report, size, "%s", error != NULL ? modelium_error_report(error) : "");
    modelium_error_free(error);
    modelium_string_free(plan);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);
    CHECK(rule->reviews == 1);
    return status;
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    static char report[4096];
    char *digits = join(argv[1], "examples/models/digits/digits.onnx");

    struct rule refuses = {"{\"code\": \"site.rule\", \"severity\": \"error\", \"message\": \"not on a Friday\"}", true, 0};
    CHECK(run(digits, argv[2], &refuses, report, sizeof report) != MODELIUM_STATUS_OK);
    CHECK_CONTAINS(report, "not on a Friday");

    struct rule unable = {NULL, false, 0};
    CHECK(run(digits, argv[2], &unable, report, sizeof report) != MODELIUM_STATUS_OK);
    CHECK_CONTAINS(report, "could not review the plan");

    struct rule babbles = {"not a finding", true, 0};
    CHECK(run(digits, argv[2], &babbles, report, sizeof report) != MODELIUM_STATUS_OK);
    CHECK_CONTAINS(report, "something else than a finding");
    CHECK(!exists(argv[2], ""));

    struct rule notes = {"{\"code\": \"site.note\", \"severity\": \"note\", \"message\": \"fine\"}", true, 0};
    CHECK(run(digits, argv[2], &notes, report, sizeof report) == MODELIUM_STATUS_OK);
    free(digits);
    return 0;
}
