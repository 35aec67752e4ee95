/* From a stored model to a Triton model repository, with the proof that it computes the same.
 *
 *     convert MODEL FOLDER
 */
#include <modelium.h>
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 3) {
        fprintf(stderr, "usage: convert MODEL FOLDER\n");
        return 2;
    }
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    modelium_error *error = NULL;
    char *plan = NULL;

    modelium_status status = modelium_pipeline_new(NULL, &pipeline, &error);
    if (!status) status = modelium_pipeline_open(pipeline, argv[1], NULL, &model, &error);
    if (!status) status = modelium_pipeline_plan(pipeline, model, "{\"target\": \"triton\"}", NULL, NULL, &plan, NULL, &error);
    if (!status) status = modelium_pipeline_run(pipeline, model, plan, argv[2], NULL, NULL, NULL, &error);

    if (status) fprintf(stderr, "convert: %s\n", modelium_error_message(error));
    modelium_string_free(plan);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);
    modelium_error_free(error);
    return status ? 1 : 0;
}
