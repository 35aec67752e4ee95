/* What a model is: format, inputs, outputs, operators, weights, costs. Nothing of it is executed.
 *
 *     inspect MODEL
 */
#include <modelium.h>
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: inspect MODEL\n");
        return 2;
    }
    modelium_pipeline *pipeline = NULL;
    modelium_model *model = NULL;
    modelium_error *error = NULL;
    char *descriptor = NULL;

    modelium_status status = modelium_pipeline_new(NULL, &pipeline, &error);
    if (!status) status = modelium_pipeline_open(pipeline, argv[1], NULL, &model, &error);
    if (!status) status = modelium_model_describe(model, &descriptor, &error);

    if (status) {
        fprintf(stderr, "inspect: %s\n", modelium_error_message(error));
    } else {
        puts(descriptor); /* JSON, as schemas/model_descriptor.json says */
    }
    modelium_string_free(descriptor);
    modelium_model_free(model);
    modelium_pipeline_free(pipeline);
    modelium_error_free(error);
    return status ? 1 : 0;
}
