/* The library that is linked is the one that the header describes. */
#include "check.h"

int main(void) {
    CHECK(modelium_abi_version() == MODELIUM_ABI_VERSION);
    CHECK_TEXT(modelium_version(), VERSION);
    CHECK_TEXT(modelium_status_name(MODELIUM_STATUS_OK), "ok");
    CHECK_TEXT(modelium_status_name(MODELIUM_STATUS_LIMIT_EXCEEDED), "limit_exceeded");
    CHECK_TEXT(modelium_status_name(-1), "unknown");
    return 0;
}
