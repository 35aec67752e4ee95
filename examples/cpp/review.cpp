// A rule of one's own: plans whose result nobody proved do not run here.
//
//     review MODEL FOLDER
#include <iostream>
#include <modelium.hpp>

int main(int argc, char **argv) {
    if (argc != 3) {
        std::cerr << "usage: review MODEL FOLDER\n";
        return 2;
    }
    try {
        modelium::Pipeline pipeline;
        pipeline.add_validator([](const std::string &plan, const std::string &) -> std::vector<std::string> {
            // a program that has a JSON library would look at steps[].operation.op
            if (plan.find(R"("op":"parity")") != std::string::npos) {
                return {};
            }
            return {R"({"code": "site.unproven", "severity": "error", "message": "results are proven here"})"};
        });
        modelium::Model model = pipeline.open(argv[1]);
        modelium::Plan plan = pipeline.plan(model, R"({"constraints": {"allow_unproven": true}})");
        pipeline.run(model, plan, argv[2]);
        std::cout << "proven and written to " << argv[2] << "\n";
    } catch (const modelium::Error &error) {
        std::cerr << "review: " << error.what() << "\n" << error.report() << "\n";
        return 1;
    }
}
