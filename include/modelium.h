/* modelium: from a stored model to a served one.
 *
 * This file is generated from modelium-capi; do not edit it. modelium.hpp is the same for C++17.
 *
 * Conventions
 *
 * - Functions that can fail return a modelium_status. On success the out-parameters are written. On failure they stay as
 *   they were, and *error, if error is not NULL, points to a new modelium_error, for the caller to free. On success *error
 *   stays as it was too, so set it to NULL before the first call. What *error pointed to before is not freed.
 * - Any pointer may be NULL without harm: a NULL that makes no sense is MODELIUM_STATUS_INVALID_ARGUMENT. Where NULL has
 *   a meaning, the function says so. Pointers that are not NULL must be valid, and no two out-parameters the same.
 * - Strings are UTF-8 and end with a NUL. Those passed in are read during the call only. Those passed out as char * belong
 *   to the caller and are freed with modelium_string_free; const char * belongs to the handle that it came from.
 * - Documents are JSON, the same in every language; their schemas lie in schemas/ of the repository.
 * - Handles are opaque and freed once, by the function of their type. They are independent of each other: a handle may
 *   be freed while others that were made with it live on.
 * - Every function may be called from any thread, and handles may be shared by threads, but for freeing: that must be the
 *   last use. Work is done on the caller's thread and on threads that end before the call returns.
 * - A defect of the library comes back as MODELIUM_STATUS_INTERNAL; it never ends the process.
 */

#ifndef MODELIUM_H
#define MODELIUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The version of this header. A program that was built with another one than `modelium_abi_version` returns must not
// call any further function. It changes when a function goes or changes, not when one comes.
#define MODELIUM_ABI_VERSION 1

// What became of a call. Further codes may come; treat those that you do not know as a failure.
typedef enum {
  // It worked; out-parameters are written.
  MODELIUM_STATUS_OK = 0,
  // The operating system refused: not found, no permission, disk full.
  MODELIUM_STATUS_IO,
  // The bytes are not what their format says they must be.
  MODELIUM_STATUS_MALFORMED,
  // Well formed, and beyond what this version can do.
  MODELIUM_STATUS_UNSUPPORTED,
  // A cap was reached: of the limits, or of a step of a plan.
  MODELIUM_STATUS_LIMIT_EXCEEDED,
  // Going on could run or reach something that was not meant to.
  MODELIUM_STATUS_UNSAFE_CONTENT,
  // The caller asked for something that makes no sense: NULL, text that is not UTF-8, JSON with a wrong field.
  MODELIUM_STATUS_INVALID_ARGUMENT,
  // No plan leads from this model to what is wanted.
  MODELIUM_STATUS_NO_ROUTE,
  // Two models that must compute the same do not.
  MODELIUM_STATUS_MISMATCH,
  // A backend failed: a runtime, a server, a worker.
  MODELIUM_STATUS_BACKEND,
  // The caller cancelled.
  MODELIUM_STATUS_CANCELLED,
  // A defect of modelium itself.
  MODELIUM_STATUS_INTERNAL,
} modelium_status;

// A cancel switch and an ear for progress, for one piece of work: one call, or several in a row. A context that was
// cancelled stays so. Free it with `modelium_context_free`, after the calls that it was given to have returned.
typedef struct modelium_context modelium_context;

// Why a call failed: status, one line, and the facts as JSON. Free it with `modelium_error_free`.
typedef struct modelium_error modelium_error;

// Where a review puts what it found. It lives until the review returns.
typedef struct modelium_findings modelium_findings;

// A model that was opened and described. Its files stay mapped while it lives. Free it with `modelium_model_free`.
typedef struct modelium_model modelium_model;

// What there is to work with: formats, runtimes, validators, limits. Make one and use it for all models, from any number
// of threads. Free it with `modelium_pipeline_free`.
typedef struct modelium_pipeline modelium_pipeline;

// Hears how far a call is; returning false cancels it.
//
// `stage` is a stable name such as `open`, `import`, `export` or `parity`, and lives until the function returns; `done`
// and `total` count bytes, nodes or samples, `total` is 0 when unknown. Called often and perhaps from other threads than
// the caller's, one call at a time; must return quickly, and must not throw or jump out.
typedef bool (*modelium_progress)(void *user, const char *stage, uint64_t done, uint64_t total);

// Reviews a plan before it runs; it can refuse more than the library does, never less.
//
// `plan` and `model` are documents (`schemas/conversion_plan.json`, `schemas/model_descriptor.json`). What is wrong goes
// to `modelium_findings_add`; a finding of severity `error` or `danger` refuses the plan. All three live until the
// function returns. Returning false says that the review could not be done, which refuses the plan too. May be called
// from any thread that runs a plan, and must not throw or jump out.
typedef bool (*modelium_review)(void *user, const char *plan, const char *model, modelium_findings *findings);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

// The version of the header that the library was built with: compare it with `MODELIUM_ABI_VERSION`.
uint32_t modelium_abi_version(void);

// The version of the library, such as `"0.1.0"`. It lives as long as the library; do not free it.
const char *modelium_version(void);

// The stable name of a status, as JSON documents spell it: `"ok"`, `"io"`, `"malformed"`, …; `"unknown"` for a number
// that is none. It lives as long as the library; do not free it.
const char *modelium_status_name(int32_t status);

// The status that the failed call returned; `MODELIUM_STATUS_OK` for NULL.
modelium_status modelium_error_status(const modelium_error *error);

// One line: what was found, what was expected, where. Empty for NULL. It lives as long as the error; do not free it.
const char *modelium_error_message(const modelium_error *error);

// The facts as JSON: kind, message, location, and notes that tell what to do next. `schemas/error_report.json` is the
// schema. NULL for NULL. It lives as long as the error; do not free it.
const char *modelium_error_report(const modelium_error *error);

// Frees an error; NULL is fine.
void modelium_error_free(modelium_error *error);

// Frees a string that a function of this library gave; NULL is fine.
void modelium_string_free(char *string);

// Makes a context. `progress` may be NULL; `user` is handed to it as it is, and must live as long as the context.
modelium_status modelium_context_new(modelium_progress progress,
                                     void *user,
                                     modelium_context **context,
                                     modelium_error **error);

// Asks the calls that were given this context to stop; they return `MODELIUM_STATUS_CANCELLED` soon after. May be called
// from any thread and from a signal handler. NULL is fine.
void modelium_context_cancel(const modelium_context *context);

// Frees a context; NULL is fine.
void modelium_context_free(modelium_context *context);

// Makes a pipeline. `options` is a document, or NULL for the defaults:
//
// - `"onnxruntime"`: the path of ONNX Runtime's shared library, which proves that results compute the same; by default
//   the one that the environment variable `ORT_DYLIB_PATH` names. A process can load one. Where neither names one, this
//   library's own evaluator takes its place: slower, and for the operators of the specification alone.
// - `"worker"`: the path of the worker program, in which steps run; by default `modelium-worker`, looked for beside this
//   process's program and on the path.
// - `"limits"`: caps on what an input may make this process do.
// - `"policy"`: what plans may ask for.
//
// `schemas/pipeline_options.json` lists all fields.
modelium_status modelium_pipeline_new(const char *options,
                                      modelium_pipeline **pipeline,
                                      modelium_error **error);

// Frees a pipeline; NULL is fine.
void modelium_pipeline_free(modelium_pipeline *pipeline);

// The formats, passes, runtimes and targets that the pipeline knows, as a document (`schemas/known.json`).
modelium_status modelium_pipeline_formats(const modelium_pipeline *pipeline, char **known, modelium_error **error);

// Opens a model file or folder and describes it. Weights are not read, and nothing of it is executed.
modelium_status modelium_pipeline_open(const modelium_pipeline *pipeline,
                                       const char *path,
                                       const modelium_context *context,
                                       modelium_model **model,
                                       modelium_error **error);

// What one run costs when the symbolic dimensions are these numbers (`schemas/costs.json`): multiply-accumulates, and the
// most bytes that values between nodes take at one time. `bindings` is a document such as `{"batch": 8}`, or NULL.
modelium_status modelium_pipeline_costs(const modelium_pipeline *pipeline,
                                        const modelium_model *model,
                                        const char *bindings,
                                        const modelium_context *context,
                                        char **costs,
                                        modelium_error **error);

// Plans the way to what is wanted. The model's files are read once, to bind the plan to their content; nothing runs.
//
// `requirements` is a document (`schemas/requirements.json`), or NULL for "the same model as files, proven equal".
// `samples` is the path of an `.npz` with inputs of your own for the proof, or NULL. `plan` receives the plan
// (`schemas/conversion_plan.json`), for `modelium_pipeline_run`; `outcome`, if it is not NULL, the plan with its
// alternatives, what was rejected and why (`schemas/plan_outcome.json`), for `modelium_plan_explain`.
//
// `MODELIUM_STATUS_NO_ROUTE` if nothing leads there; the notes of the error say what was looked at.
modelium_status modelium_pipeline_plan(const modelium_pipeline *pipeline,
                                       const modelium_model *model,
                                       const char *requirements,
                                       const char *samples,
                                       const modelium_context *context,
                                       char **plan,
                                       char **outcome,
                                       modelium_error **error);

// Validates a plan and runs it on the model that it was made for. `out` is a folder that appears only when everything is
// done and in parity.
//
// `options` is a document (`schemas/run_options.json`), or NULL for the defaults: steps run in a worker process, and
// `out` must not exist. `execution` receives the record of what ran (`schemas/execution.json`); it may be NULL.
modelium_status modelium_pipeline_run(const modelium_pipeline *pipeline,
                                      const modelium_model *model,
                                      const char *plan,
                                      const char *out,
                                      const char *options,
                                      const modelium_context *context,
                                      char **execution,
                                      modelium_error **error);

// Runs two models on the same inputs and says how far their outputs are apart.
//
// `options` is a document (`schemas/compare_options.json`), or NULL. `passed`, if it is not NULL, receives whether every
// output lies within the tolerance; `report`, if it is not NULL, the figures (`schemas/parity_report.json`). Outputs that
// differ are a result, not an error.
modelium_status modelium_pipeline_compare(const modelium_pipeline *pipeline,
                                          const char *original,
                                          const char *result,
                                          const char *options,
                                          const modelium_context *context,
                                          bool *passed,
                                          char **report,
                                          modelium_error **error);

// Runs two ONNX models on the same input; where an output differs, finds the first node that does, by bisection.
//
// `options` is as for `modelium_pipeline_compare`. `passed`, if it is not NULL, receives whether every output lies within
// the tolerance; `report`, if it is not NULL, the outputs and the node (`schemas/layer_report.json`).
modelium_status modelium_pipeline_compare_layers(const modelium_pipeline *pipeline,
                                                 const char *original,
                                                 const char *result,
                                                 const char *options,
                                                 const modelium_context *context,
                                                 bool *passed,
                                                 char **report,
                                                 modelium_error **error);

// All that analysis found out (`schemas/model_descriptor.json`): format, inputs, outputs, operators, parameters, costs,
// findings.
modelium_status modelium_model_describe(const modelium_model *model, char **descriptor, modelium_error **error);

// Frees a model; NULL is fine.
void modelium_model_free(modelium_model *model);

// What would be done, what it should take, what was rejected and why, as text for people. `outcome` is the document that
// `modelium_pipeline_plan` gave.
modelium_status modelium_plan_explain(const char *outcome,
                                      char **explanation,
                                      modelium_error **error);

// Makes the model at `path` smaller, so that it computes the same, and writes it as ONNX to the file `out`, which appears
// only when it is complete. `options` is a document (`schemas/simplify_options.json`), or NULL: standard operators alone,
// no growth, and `out` must not exist.
//
// `simplified`, if it is not NULL, receives what was done (`schemas/simplified.json`): nodes and bytes before and after,
// and every rewrite.
modelium_status modelium_pipeline_simplify(const modelium_pipeline *pipeline,
                                           const char *path,
                                           const char *out,
                                           const char *options,
                                           const modelium_context *context,
                                           char **simplified,
                                           modelium_error **error);

// Whether the model at `path` is what the ONNX specification demands; with `full`, types and shapes are held against it
// too. Weights are not read.
//
// `valid`, if it is not NULL, receives the answer; `report`, if it is not NULL, the reason (`schemas/check_report.json`).
// A model that is not valid is a result, not an error.
modelium_status modelium_pipeline_check(const modelium_pipeline *pipeline,
                                        const char *path,
                                        bool full,
                                        const modelium_context *context,
                                        bool *valid,
                                        char **report,
                                        modelium_error **error);

// The types of all values between, symbolic dimensions as expressions. `bindings` is an object of numbers for symbols, or
// NULL. If `out` is not NULL, the model is written there with them; the file must not exist.
//
// `report` receives the types (`schemas/infer_report.json`).
modelium_status modelium_pipeline_infer(const modelium_pipeline *pipeline,
                                        const char *path,
                                        const char *out,
                                        const char *bindings,
                                        const modelium_context *context,
                                        char **report,
                                        modelium_error **error);

// Writes the model at `path` in another version of the standard operator set, newer or older, to the file `out`, which must
// not exist. It computes the same; where a node has no equivalent, `MODELIUM_STATUS_UNSUPPORTED`, and nothing is written.
//
// `upgraded`, if it is not NULL, receives what had to change (`schemas/upgraded.json`).
modelium_status modelium_pipeline_upgrade(const modelium_pipeline *pipeline,
                                          const char *path,
                                          const char *out,
                                          uint64_t opset,
                                          const modelium_context *context,
                                          char **upgraded,
                                          modelium_error **error);

// Looks for what must not be in models; nothing is executed. `paths` holds `count` strings, each a file, or a folder with
// all that is below it. `options` is a document (`schemas/scan_options.json`), or NULL: contents are searched, nothing is
// digested, no policy.
//
// `report` receives a verdict for each file (`schemas/scan_report.json`): `clean`, `undetermined`, never to be taken for
// clean, `suspicious` or `malicious`; and the gravest of them.
modelium_status modelium_pipeline_scan(const modelium_pipeline *pipeline,
                                       const char *const *paths,
                                       size_t count,
                                       const char *options,
                                       const modelium_context *context,
                                       char **report,
                                       modelium_error **error);

// What the model at `result` does that the one at `original` does not: an update that acts. `options` is as for
// `modelium_pipeline_scan`. `diff` receives the differences (`schemas/scan_diff.json`).
modelium_status modelium_pipeline_scan_diff(const modelium_pipeline *pipeline,
                                            const char *original,
                                            const char *result,
                                            const char *options,
                                            const modelium_context *context,
                                            char **diff,
                                            modelium_error **error);

// A report of `modelium_pipeline_scan` as SARIF 2.1.0, which code hosts read.
modelium_status modelium_scan_to_sarif(const char *report, char **sarif, modelium_error **error);

// The machine-learning bill of materials of what was scanned, as CycloneDX 1.6: models with their cards, files, licences,
// libraries, and findings as vulnerabilities. `paths` are those that `report` was made from.
modelium_status modelium_pipeline_bill_of_materials(const modelium_pipeline *pipeline,
                                                    const char *const *paths,
                                                    size_t count,
                                                    const char *report,
                                                    const modelium_context *context,
                                                    char **bom,
                                                    modelium_error **error);

// Takes the tensors out of a checkpoint without running it, and writes them as safetensors to the file `out`, which must
// not exist and appears only when it is complete. Names and tied weights are kept.
//
// `MODELIUM_STATUS_UNSAFE_CONTENT` if the checkpoint does not scan clean; the message names the call. `extracted`, if it
// is not NULL, receives what was taken out (`schemas/extracted.json`).
modelium_status modelium_pipeline_extract_tensors(const modelium_pipeline *pipeline,
                                                  const char *path,
                                                  const char *out,
                                                  const modelium_context *context,
                                                  char **extracted,
                                                  modelium_error **error);

// Has every plan that this pipeline runs from now on reviewed by a function too. `user` is handed to it as it is, and
// must live as long as the pipeline.
modelium_status modelium_pipeline_add_validator(modelium_pipeline *pipeline,
                                                modelium_review review,
                                                void *user,
                                                modelium_error **error);

// Adds what a review found: a document such as `{"code": "site.too_large", "severity": "error", "message": "…"}`
// (`schemas/finding.json`). One that is not understood refuses the plan.
modelium_status modelium_findings_add(modelium_findings *findings, const char *finding, modelium_error **error);

// Every disagreement between the configs of a Triton model repository and its models, with line and remedy, as an array
// of findings (`schemas/findings.json`). Nothing is changed.
modelium_status modelium_pipeline_lint(const modelium_pipeline *pipeline,
                                       const char *repository,
                                       const modelium_context *context,
                                       char **findings,
                                       modelium_error **error);

// Publishes the model of a model repository, such as `modelium_pipeline_run` writes, into another as its next version.
//
// `server` is the URL of a server that is to load it, or NULL; the call then returns when the version is ready. `options`
// is a document (`schemas/deploy_options.json`), or NULL. `deployment`, if it is not NULL, receives what was published
// (`schemas/deployment.json`).
modelium_status modelium_pipeline_deploy(const modelium_pipeline *pipeline,
                                         const char *folder,
                                         const char *repository,
                                         const char *server,
                                         const char *options,
                                         const modelium_context *context,
                                         char **deployment,
                                         modelium_error **error);

// Takes a deployment back, so that the version before it is served again. `deployment` is the document that
// `modelium_pipeline_deploy` gave; it names the server. `options` is as there. `now`, if it is not NULL, receives what is
// served.
modelium_status modelium_pipeline_rollback(const modelium_pipeline *pipeline,
                                           const char *deployment,
                                           const char *options,
                                           const modelium_context *context,
                                           char **now,
                                           modelium_error **error);

// How a deployment is now, as a document (`schemas/health.json`): what the server says that it names. `deployment` is the
// document that `modelium_pipeline_deploy` gave.
modelium_status modelium_pipeline_deployment_health(const modelium_pipeline *pipeline,
                                                    const char *deployment,
                                                    const modelium_context *context,
                                                    char **health,
                                                    modelium_error **error);

// How a server is, per model and version, as a document (`schemas/health.json`); where something is not ready, why.
// `model` restricts the answer to one; NULL asks for all.
modelium_status modelium_pipeline_health(const modelium_pipeline *pipeline,
                                         const char *server,
                                         const char *model,
                                         const modelium_context *context,
                                         char **health,
                                         modelium_error **error);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* MODELIUM_H */
