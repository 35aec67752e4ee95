/* A panic inside the library that ships comes back as an error, through real C frames. */
#include "check.h"

/* exported for this test, and not in the header */
modelium_status modelium_test_panic(modelium_error **error);

int main(void) {
    modelium_error *error = NULL;
    CHECK(modelium_test_panic(&error) == MODELIUM_STATUS_INTERNAL);
    CHECK(modelium_error_status(error) == MODELIUM_STATUS_INTERNAL);
    CHECK_TEXT(modelium_error_message(error), "panic: asked to");
    CHECK_CONTAINS(modelium_error_report(error), "\"kind\":\"internal\"");
    modelium_error_free(error);
    CHECK(modelium_test_panic(NULL) == MODELIUM_STATUS_INTERNAL);
    return 0;
}
