/* What must not be in a model, as SARIF for a code host. Nothing of it is executed.
 *
 *     scan PATH
 */
#include <modelium.h>
#include <stdio.h>

int main(int argc, char **argv) {
    if (argc != 2) {
        fprintf(stderr, "usage: scan PATH\n");
        return 2;
    }
    modelium_pipeline *pipeline = NULL;
    modelium_error *error = NULL;
    char *report = NULL;
    char *sarif = NULL;
    const char *paths[] = {argv[1]};

    modelium_status status = modelium_pipeline_new(NULL, &pipeline, &error);
    if (!status) status = modelium_pipeline_scan(pipeline, paths, 1, NULL, NULL, &report, &error);
    if (!status) status = modelium_scan_to_sarif(report, &sarif, &error);

    if (status) {
        fprintf(stderr, "scan: %s\n", modelium_error_message(error));
    } else {
        puts(sarif);
    }
    modelium_string_free(sarif);
    modelium_string_free(report);
    modelium_pipeline_free(pipeline);
    modelium_error_free(error);
    return status ? 1 : 0;
}
