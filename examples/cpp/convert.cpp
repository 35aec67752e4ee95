// From a stored model to a Triton model repository, with the plan in words before anything runs.
//
//     convert MODEL FOLDER
#include <iostream>
#include <modelium.hpp>

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: convert MODEL FOLDER\n";
        return 2;
    }
    try {
        modelium::Pipeline pipeline;
        modelium::Model model = pipeline.open(argv[1]);
        modelium::Plan plan = pipeline.plan(model, R"({"target": "triton"})");
        std::cout << plan.explain() << "\n";
        pipeline.run(model, plan, argv[2]);
        std::cout << "findings of lint: " << pipeline.lint(argv[2]) << "\n";
    } catch (const modelium::Error &error) {
        std::cerr << "convert: " << error.what() << "\n" << error.report() << "\n";
        return 1;
    }
}
