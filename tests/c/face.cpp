// The C++ face: handles that free themselves, exceptions both ways, and the same journey.
#include "modelium.hpp"

#include <cstdlib>
#include <iostream>
#include <string>
#include <type_traits>

#define CHECK(condition)                                                                        \
    do {                                                                                        \
        if (!(condition)) {                                                                     \
            std::cerr << __FILE__ << ":" << __LINE__ << ": does not hold: " #condition << "\n"; \
            std::exit(1);                                                                       \
        }                                                                                       \
    } while (0)

static_assert(!std::is_copy_constructible_v<modelium::Pipeline> && std::is_move_constructible_v<modelium::Pipeline>);
static_assert(!std::is_copy_constructible_v<modelium::Model> && std::is_nothrow_move_constructible_v<modelium::Model>);
static_assert(!std::is_copy_constructible_v<modelium::Context> && std::is_move_assignable_v<modelium::Context>);

struct Interrupted {
    int at;
};

int main(int argc, char **argv) {
    CHECK(argc == 3);
    const std::string digits = std::string(argv[1]) + "/examples/models/digits/digits.onnx", out = argv[2];
    modelium::Pipeline pipeline;

    try {
        pipeline.open("nowhere.onnx");
        CHECK(!"an exception");
    } catch (const modelium::Error &error) {
        CHECK(error.status() == MODELIUM_STATUS_IO);
        CHECK(error.kind() == std::string("io"));
        CHECK(error.what() == std::string("no such file or folder; check the path (nowhere.onnx)"));
        CHECK(error.report().find("\"file\":\"nowhere.onnx\"") != std::string::npos);
    }

    // handles move
    modelium::Model first = pipeline.open(digits);
    const modelium::Model model = std::move(first);
    CHECK(model.describe().find("\"format\":\"onnx\"") != std::string::npos);
    CHECK(pipeline.costs(model).find("\"macs\":") != std::string::npos);

    const modelium::Plan plan = pipeline.plan(model, R"({"target": "triton", "name": "digits"})");
    CHECK(plan.explain().find("parity") != std::string::npos);

    // what a callback throws comes back as it was
    const std::string here = R"({"isolation": "in_process"})";
    try {
        pipeline.run(model, plan, out, here,
                     modelium::Context([](std::string_view, std::uint64_t, std::uint64_t) -> bool { throw Interrupted{7}; }));
        CHECK(!"an exception");
    } catch (const Interrupted &interrupted) {
        CHECK(interrupted.at == 7);
    }
    try {
        modelium::Pipeline strict;
        strict.add_validator([](const std::string &, const std::string &) -> std::vector<std::string> { throw Interrupted{8}; });
        modelium::Pipeline moved = std::move(strict);
        moved.run(model, plan, out, here);
        CHECK(!"an exception");
    } catch (const Interrupted &interrupted) {
        CHECK(interrupted.at == 8);
    }

    // cancelled before it began
    const modelium::Context context;
    context.cancel();
    try {
        pipeline.open(digits, context);
        CHECK(!"an exception");
    } catch (const modelium::Error &error) {
        CHECK(error.status() == MODELIUM_STATUS_CANCELLED);
    }

    std::uint64_t calls = 0;
    const std::string record = pipeline.run(model, plan, out, here,
                                            modelium::Context([&](std::string_view stage, std::uint64_t, std::uint64_t) {
                                                calls += 1;
                                                return !stage.empty();
                                            }));
    CHECK(calls > 0);
    CHECK(record.find("\"status\":\"succeeded\"") != std::string::npos);
    CHECK(pipeline.lint(out) == "[]");
    const modelium::Parity parity = pipeline.compare(digits, out + "/digits/1/model.onnx");
    CHECK(parity.passed && !parity.report.empty());
    CHECK(pipeline.scan({}).find("\"files\":[]") != std::string::npos);
    CHECK(pipeline.scan({digits}).find("\"verdict\":\"clean\"") != std::string::npos);

    const std::string deployment = pipeline.deploy(out, out + "-served");
    CHECK(deployment.find("\"version\":1") != std::string::npos);
    CHECK(pipeline.formats().find("\"onnx\"") != std::string::npos);
    CHECK(!modelium::version().empty());
}
