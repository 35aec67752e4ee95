/* Files that mean harm: one clear error each, no crash, and no byte read outside of them. */
#include "check.h"

#include <dirent.h>

/* Opens every file of the folder; counts those that were refused. */
static unsigned open_all(modelium_pipeline *pipeline, const char *folder) {
    unsigned refused = 0;
    DIR *listing = opendir(folder);
    CHECK(listing != NULL);
    for (struct dirent *item = readdir(listing); item != NULL; item = readdir(listing)) {
        if (strstr(item->d_name, ".onnx") == NULL) continue;
        char *path = join(folder, item->d_name);
        modelium_model *model = NULL;
        modelium_error *error = NULL;
        modelium_status status = modelium_pipeline_open(pipeline, path, NULL, &model, &error);
        if (status != MODELIUM_STATUS_OK) {
            refused += 1;
            CHECK(status != MODELIUM_STATUS_INTERNAL);
            CHECK(model == NULL);
            CHECK(strchr(modelium_error_message(error), '\n') == NULL);
            CHECK_CONTAINS(modelium_error_message(error), folder);
        }
        modelium_model_free(model);
        modelium_error_free(error);
        free(path);
    }
    closedir(listing);
    return refused;
}

/* Cuts the model at every length up to `most` in steps, and opens what is left. */
static void open_truncated(modelium_pipeline *pipeline, const char *whole, const char *cut, size_t step) {
    FILE *file = fopen(whole, "rb");
    CHECK(file != NULL);
    static char bytes[1 << 20];
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    CHECK(length > 0 && length < sizeof bytes);
    for (size_t left = 0; left < length; left += step) {
        file = fopen(cut, "wb");
        CHECK(file != NULL && fwrite(bytes, 1, left, file) == left && fclose(file) == 0);
        modelium_model *model = NULL;
        modelium_status status = modelium_pipeline_open(pipeline, cut, NULL, &model, NULL);
        CHECK(status != MODELIUM_STATUS_INTERNAL);
        CHECK((status == MODELIUM_STATUS_OK) == (model != NULL));
        modelium_model_free(model);
    }
}

int main(int argc, char **argv) {
    CHECK(argc == 3);
    modelium_pipeline *pipeline = NULL;
    WORKS(modelium_pipeline_new(NULL, &pipeline, &error));

    char *folder = join(argv[1], "tests/hostile/onnx");
    CHECK(open_all(pipeline, folder) > 10);

    char *digits = join(argv[1], "examples/models/digits/digits.onnx");
    char *cut = malloc(strlen(argv[2]) + 6);
    CHECK(cut != NULL);
    sprintf(cut, "%s.onnx", argv[2]);
    open_truncated(pipeline, digits, cut, 997);

    modelium_pipeline_free(pipeline);
    free(folder);
    free(digits);
    free(cut);
    return 0;
}
