// modelium for C++17: the functions of modelium.h with handles that free themselves, strings that need no freeing, and
// exceptions that carry what went wrong. Header only; link with libmodelium.
//
//     modelium::Pipeline pipeline;
//     modelium::Model model = pipeline.open("resnet50.onnx");
//     modelium::Plan plan = pipeline.plan(model, R"({"target": "triton"})");
//     std::cout << plan.explain();
//     pipeline.run(model, plan, "build");
//
// Rich data is JSON, the same documents in every language; their schemas lie in schemas/ of the repository. Strings are
// UTF-8. Objects move and do not copy; their const functions may be called from any thread.
#ifndef MODELIUM_HPP
#define MODELIUM_HPP

#include "modelium.h"

#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace modelium {

/// What a call throws when it fails.
class Error : public std::runtime_error {
  public:
    Error(modelium_status status, const std::string &message, std::string report)
        : std::runtime_error(message), status_(status), report_(std::move(report)) {}

    /// What sort of failure it is.
    modelium_status status() const noexcept { return status_; }

    /// The same as documents spell it: "io", "malformed", …
    const char *kind() const noexcept { return modelium_status_name(status_); }

    /// The facts as JSON: kind, message, location, and notes that tell what to do next.
    const std::string &report() const noexcept { return report_; }

  private:
    modelium_status status_;
    std::string report_;
};

namespace detail {

struct Free {
    void operator()(modelium_pipeline *pipeline) const noexcept { modelium_pipeline_free(pipeline); }
    void operator()(modelium_model *model) const noexcept { modelium_model_free(model); }
    void operator()(modelium_context *context) const noexcept { modelium_context_free(context); }
    void operator()(modelium_error *error) const noexcept { modelium_error_free(error); }
    void operator()(char *string) const noexcept { modelium_string_free(string); }
};

template <class T> using Handle = std::unique_ptr<T, Free>;

/// Where a call leaves what it gives; freed unless it is taken.
template <class T> struct Given {
    T *pointer = nullptr;

    Given() = default;
    Given(const Given &) = delete;
    Given &operator=(const Given &) = delete;
    ~Given() { Free()(pointer); }

    Handle<T> take() noexcept { return Handle<T>(std::exchange(pointer, nullptr)); }
};

/// Makes a call that may fail: its last argument is where the error goes.
template <class Call> void check(Call &&call) {
    Given<modelium_error> error;
    const modelium_status status = call(&error.pointer);
    if (status != MODELIUM_STATUS_OK) {
        const char *report = modelium_error_report(error.pointer);
        throw Error(status, modelium_error_message(error.pointer), report == nullptr ? "{}" : report);
    }
}

/// Makes a call that gives a string.
template <class Call> std::string text(Call &&call) {
    Given<char> given;
    check([&](modelium_error **error) { return call(&given.pointer, error); });
    return given.pointer;
}

inline const char *or_null(const std::string &text) noexcept { return text.empty() ? nullptr : text.c_str(); }

/// The strings as C takes them; one more than there are, so that data() is not NULL for no strings.
inline std::vector<const char *> pointers(const std::vector<std::string> &strings) {
    std::vector<const char *> pointers;
    pointers.reserve(strings.size() + 1);
    for (const std::string &string : strings) {
        pointers.push_back(string.c_str());
    }
    pointers.push_back(nullptr);
    return pointers;
}

} // namespace detail

/// The version of the library that is linked.
inline std::string version() { return modelium_version(); }

/// Hears how far a call is; returning false cancels it. Called often and perhaps from other threads, one call at a time.
/// What it throws comes back from the call that it was listening to.
using Progress = std::function<bool(std::string_view stage, std::uint64_t done, std::uint64_t total)>;

/// An ear for progress and a cancel switch, for one call or several in a row.
class Context {
  public:
    explicit Context(Progress progress = nullptr) : ear_(std::make_unique<Ear>()) {
        const bool listens = static_cast<bool>(progress);
        ear_->progress = std::move(progress);
        detail::Given<modelium_context> made;
        detail::check([&](modelium_error **error) {
            return modelium_context_new(listens ? &hear : nullptr, ear_.get(), &made.pointer, error);
        });
        handle_ = made.take();
    }

    /// Stops the calls that were given this context, from any thread; they throw an Error of status
    /// MODELIUM_STATUS_CANCELLED.
    void cancel() const noexcept { modelium_context_cancel(handle_.get()); }

  private:
    friend class Pipeline;

    struct Ear {
        Progress progress;
        std::mutex lock;
        std::exception_ptr thrown;
    };

    static bool hear(void *user, const char *stage, std::uint64_t done, std::uint64_t total) noexcept {
        Ear &ear = *static_cast<Ear *>(user);
        try {
            return ear.progress(stage, done, total);
        } catch (...) {
            const std::lock_guard<std::mutex> guard(ear.lock);
            ear.thrown = std::current_exception();
            return false;
        }
    }

    void rethrow() const {
        std::exception_ptr thrown;
        {
            const std::lock_guard<std::mutex> guard(ear_->lock);
            thrown = std::exchange(ear_->thrown, nullptr);
        }
        if (thrown != nullptr) {
            std::rethrow_exception(thrown);
        }
    }

    std::unique_ptr<Ear> ear_;
    detail::Handle<modelium_context> handle_;
};

/// A model that was opened and described.
class Model {
  public:
    /// All that analysis found out, as JSON (schemas/model_descriptor.json).
    std::string describe() const {
        return detail::text([&](char **out, modelium_error **error) {
            return modelium_model_describe(handle_.get(), out, error);
        });
    }

  private:
    friend class Pipeline;
    explicit Model(detail::Handle<modelium_model> handle) : handle_(std::move(handle)) {}

    detail::Handle<modelium_model> handle_;
};

/// A typed recipe; nothing ran yet.
struct Plan {
    /// The plan, as JSON (schemas/conversion_plan.json).
    std::string document;
    /// The plan with its alternatives, what was rejected and why, as JSON (schemas/plan_outcome.json).
    std::string outcome;

    /// What would be done, what it should take, and what was rejected, as text for people.
    std::string explain() const {
        return detail::text([&](char **out, modelium_error **error) {
            return modelium_plan_explain(outcome.c_str(), out, error);
        });
    }
};

/// How far two models' outputs are apart.
struct Parity {
    /// Every output of every sample lies within the tolerance.
    bool passed;
    /// The figures, as JSON (schemas/parity_report.json).
    std::string report;
};

/// Reviews a plan before it runs and returns findings as JSON (schemas/finding.json); one of severity "error" or "danger"
/// refuses the plan. What it throws comes back from Pipeline::run.
using Review = std::function<std::vector<std::string>(const std::string &plan, const std::string &model)>;

/// What there is to work with. Make one and use it for all models, from any number of threads.
class Pipeline {
  public:
    /// A pipeline with the given options: a JSON document, or nothing for the defaults; see modelium_pipeline_new.
    explicit Pipeline(const std::string &options = {}) {
        if (modelium_abi_version() != MODELIUM_ABI_VERSION) {
            throw std::runtime_error("libmodelium is of another version than the header that this program was built with");
        }
        detail::Given<modelium_pipeline> made;
        detail::check([&](modelium_error **error) {
            return modelium_pipeline_new(detail::or_null(options), &made.pointer, error);
        });
        handle_ = made.take();
    }

    /// Has every plan that runs from now on reviewed by this function too. Not to be called while another thread uses the
    /// pipeline.
    void add_validator(Review review) {
        reviews_.push_back(std::make_unique<Review>(std::move(review)));
        detail::check([&](modelium_error **error) {
            return modelium_pipeline_add_validator(handle_.get(), &hear_review, reviews_.back().get(), error);
        });
    }

    /// The formats, passes, runtimes and targets that are known, as JSON (schemas/known.json).
    std::string formats() const {
        return detail::text([&](char **out, modelium_error **error) {
            return modelium_pipeline_formats(handle_.get(), out, error);
        });
    }

    /// Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed.
    Model open(const std::string &path, const Context &context = Context()) const {
        detail::Given<modelium_model> opened;
        listen(context, [&](modelium_error **error) {
            return modelium_pipeline_open(handle_.get(), path.c_str(), context.handle_.get(), &opened.pointer, error);
        });
        return Model(opened.take());
    }

    /// What one run costs when the symbolic dimensions are these numbers, as JSON (schemas/costs.json). `bindings` is JSON
    /// such as {"batch": 8}.
    std::string costs(const Model &model, const std::string &bindings = {}, const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_costs(handle_.get(), model.handle_.get(), detail::or_null(bindings),
                                           context.handle_.get(), out, error);
        });
    }

    /// Plans the way to what is wanted; nothing runs. `requirements` is JSON (schemas/requirements.json), `samples` the
    /// path of an .npz with inputs of your own for the proof.
    Plan plan(const Model &model, const std::string &requirements = {}, const std::string &samples = {},
              const Context &context = Context()) const {
        detail::Given<char> document, outcome;
        listen(context, [&](modelium_error **error) {
            return modelium_pipeline_plan(handle_.get(), model.handle_.get(), detail::or_null(requirements),
                                          detail::or_null(samples), context.handle_.get(), &document.pointer,
                                          &outcome.pointer, error);
        });
        return Plan{document.pointer, outcome.pointer};
    }

    /// Validates a plan and runs it; `out` is a folder that appears only when everything is done and in parity. `options` is
    /// JSON (schemas/run_options.json). Returns the record of what ran, as JSON (schemas/execution.json).
    std::string run(const Model &model, const Plan &plan, const std::string &out, const std::string &options = {},
                    const Context &context = Context()) const {
        return listen_text(context, [&](char **record, modelium_error **error) {
            return modelium_pipeline_run(handle_.get(), model.handle_.get(), plan.document.c_str(), out.c_str(),
                                         detail::or_null(options), context.handle_.get(), record, error);
        });
    }

    /// Runs two models on the same inputs. Outputs that differ are a result, not an error. `options` is JSON
    /// (schemas/compare_options.json).
    Parity compare(const std::string &original, const std::string &result, const std::string &options = {},
                   const Context &context = Context()) const {
        bool passed = false;
        std::string report = listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_compare(handle_.get(), original.c_str(), result.c_str(), detail::or_null(options),
                                             context.handle_.get(), &passed, out, error);
        });
        return Parity{passed, std::move(report)};
    }

    /// Looks for what must not be in models; nothing is executed. `options` is JSON (schemas/scan_options.json) or empty.
    /// Returns JSON (schemas/scan_report.json).
    std::string scan(const std::vector<std::string> &paths, const std::string &options = std::string(),
                     const Context &context = Context()) const {
        const std::vector<const char *> pointers = detail::pointers(paths);
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_scan(handle_.get(), pointers.data(), paths.size(), detail::or_null(options),
                                          context.handle_.get(), out, error);
        });
    }

    /// What `result` does that `original` does not, as JSON (schemas/scan_diff.json).
    std::string scan_diff(const std::string &original, const std::string &result,
                          const std::string &options = std::string(), const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_scan_diff(handle_.get(), original.c_str(), result.c_str(), detail::or_null(options),
                                               context.handle_.get(), out, error);
        });
    }

    /// Takes the tensors out of a checkpoint without running it, into a safetensors file that must not exist. Returns JSON
    /// (schemas/extracted.json).
    std::string extract_tensors(const std::string &path, const std::string &out, const Context &context = Context()) const {
        return listen_text(context, [&](char **given, modelium_error **error) {
            return modelium_pipeline_extract_tensors(handle_.get(), path.c_str(), out.c_str(), context.handle_.get(), given,
                                                     error);
        });
    }

    /// Makes a model smaller, so that it computes the same, and writes it as ONNX to `out`. Returns JSON
    /// (schemas/simplified.json).
    std::string simplify(const std::string &path, const std::string &out, const std::string &options = std::string(),
                         const Context &context = Context()) const {
        return listen_text(context, [&](char **done, modelium_error **error) {
            return modelium_pipeline_simplify(handle_.get(), path.c_str(), out.c_str(), detail::or_null(options),
                                              context.handle_.get(), done, error);
        });
    }

    /// Whether a model is what the ONNX specification demands, as JSON (schemas/check_report.json).
    std::string check(const std::string &path, bool full = true, const Context &context = Context()) const {
        return listen_text(context, [&](char **report, modelium_error **error) {
            return modelium_pipeline_check(handle_.get(), path.c_str(), full, context.handle_.get(), nullptr, report,
                                           error);
        });
    }

    /// The types of all values between, as JSON (schemas/infer_report.json); with `out`, written there too.
    std::string infer(const std::string &path, const std::string &out = std::string(),
                      const std::string &bindings = std::string(), const Context &context = Context()) const {
        return listen_text(context, [&](char **report, modelium_error **error) {
            return modelium_pipeline_infer(handle_.get(), path.c_str(), detail::or_null(out), detail::or_null(bindings),
                                           context.handle_.get(), report, error);
        });
    }

    /// Writes a model in another version of the standard operator set. Returns JSON (schemas/upgraded.json).
    std::string upgrade(const std::string &path, const std::string &out, std::uint64_t opset,
                        const Context &context = Context()) const {
        return listen_text(context, [&](char **done, modelium_error **error) {
            return modelium_pipeline_upgrade(handle_.get(), path.c_str(), out.c_str(), opset, context.handle_.get(), done,
                                             error);
        });
    }

    /// The outputs that differ, and the first node that does, as JSON (schemas/layer_report.json).
    std::string compare_layers(const std::string &original, const std::string &result,
                               const std::string &options = std::string(), const Context &context = Context()) const {
        return listen_text(context, [&](char **report, modelium_error **error) {
            return modelium_pipeline_compare_layers(handle_.get(), original.c_str(), result.c_str(),
                                                    detail::or_null(options), context.handle_.get(), nullptr, report,
                                                    error);
        });
    }

    /// A report of `scan` as SARIF 2.1.0.
    static std::string to_sarif(const std::string &report) {
        return detail::text([&](char **out, modelium_error **error) {
            return modelium_scan_to_sarif(report.c_str(), out, error);
        });
    }

    /// The bill of materials of what was scanned, as CycloneDX 1.6; `report` is what `scan` returned for these paths.
    std::string bill_of_materials(const std::vector<std::string> &paths, const std::string &report,
                                  const Context &context = Context()) const {
        const std::vector<const char *> pointers = detail::pointers(paths);
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_bill_of_materials(handle_.get(), pointers.data(), paths.size(), report.c_str(),
                                                       context.handle_.get(), out, error);
        });
    }

    /// Every disagreement between a Triton model repository's configs and its models, as JSON
    /// (schemas/findings.json).
    std::string lint(const std::string &repository, const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_lint(handle_.get(), repository.c_str(), context.handle_.get(), out, error);
        });
    }

    /// Publishes the model of a model repository, such as run() writes, into another as its next version. `server` is the
    /// URL of a server that is to load it; `options` is JSON (schemas/deploy_options.json). Returns what was published, as
    /// JSON (schemas/deployment.json).
    std::string deploy(const std::string &folder, const std::string &repository, const std::string &server = {},
                       const std::string &options = {}, const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_deploy(handle_.get(), folder.c_str(), repository.c_str(), detail::or_null(server),
                                            detail::or_null(options), context.handle_.get(), out, error);
        });
    }

    /// Takes a deployment back, so that the version before it is served again. `deployment` is what deploy() returned.
    /// Returns what is served, as JSON.
    std::string rollback(const std::string &deployment, const std::string &options = {},
                         const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_rollback(handle_.get(), deployment.c_str(), detail::or_null(options),
                                              context.handle_.get(), out, error);
        });
    }

    /// How a deployment is now, as JSON (schemas/health.json): what the server says that it names.
    std::string deployment_health(const std::string &deployment, const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_deployment_health(handle_.get(), deployment.c_str(), context.handle_.get(), out, error);
        });
    }

    /// How a server is, per model and version, as JSON (schemas/health.json). No model asks for all.
    std::string health(const std::string &server, const std::string &model = {}, const Context &context = Context()) const {
        return listen_text(context, [&](char **out, modelium_error **error) {
            return modelium_pipeline_health(handle_.get(), server.c_str(), detail::or_null(model), context.handle_.get(),
                                            out, error);
        });
    }

  private:
    /// What a review threw, for the call on this thread to throw again.
    static std::exception_ptr &thrown_by_review() {
        thread_local std::exception_ptr thrown;
        return thrown;
    }

    static bool hear_review(void *user, const char *plan, const char *model, modelium_findings *findings) noexcept {
        try {
            const Review &review = *static_cast<const Review *>(user);
            for (const std::string &finding : review(plan, model)) {
                detail::check([&](modelium_error **error) {
                    return modelium_findings_add(findings, finding.c_str(), error);
                });
            }
            return true;
        } catch (...) {
            thrown_by_review() = std::current_exception();
            return false;
        }
    }

    /// Makes a call; what a callback threw meanwhile goes before the error that it led to.
    template <class Call> static void listen(const Context &context, Call &&call) {
        try {
            detail::check(std::forward<Call>(call));
        } catch (const Error &) {
            rethrow(context);
            throw;
        }
        rethrow(context);
    }

    static void rethrow(const Context &context) {
        context.rethrow();
        if (const std::exception_ptr thrown = std::exchange(thrown_by_review(), nullptr)) {
            std::rethrow_exception(thrown);
        }
    }

    template <class Call> static std::string listen_text(const Context &context, Call &&call) {
        detail::Given<char> given;
        listen(context, [&](modelium_error **error) { return call(&given.pointer, error); });
        return given.pointer;
    }

    // the functions outlive the pipeline that calls them
    std::vector<std::unique_ptr<Review>> reviews_;
    detail::Handle<modelium_pipeline> handle_;
};

} // namespace modelium

#endif
