//! Every message and enum that a `config.pbtxt` can hold.
//!
//! Written by `tests/generate/triton_fields.py` from tritonclient 2.73.0; edit that, not this.

use super::Kind::{Bool, Double, Enum, Float, Int32, Int64, Map, Message, String, Uint32, Uint64};
use super::{many, one, EnumSpec, MessageSpec};

pub(super) static MESSAGES: &[MessageSpec] = &[
    MessageSpec { name: "BatchInput", fields: &[
        one(1, "kind", Enum("BatchInput.Kind")),
        many(2, "target_name", String),
        one(3, "data_type", Enum("DataType")),
        many(4, "source_input", String),
    ] },
    MessageSpec { name: "BatchOutput", fields: &[
        many(1, "target_name", String),
        one(2, "kind", Enum("BatchOutput.Kind")),
        many(3, "source_input", String),
    ] },
    MessageSpec { name: "ModelConfig", fields: &[
        one(1, "name", String),
        one(2, "platform", String),
        one(17, "backend", String),
        one(25, "runtime", String),
        one(3, "version_policy", Message("ModelVersionPolicy")),
        one(4, "max_batch_size", Int32),
        many(5, "input", Message("ModelInput")),
        many(6, "output", Message("ModelOutput")),
        many(20, "batch_input", Message("BatchInput")),
        many(21, "batch_output", Message("BatchOutput")),
        one(12, "optimization", Message("ModelOptimizationPolicy")),
        one(11, "dynamic_batching", Message("ModelDynamicBatching")).of("scheduling_choice"),
        one(13, "sequence_batching", Message("ModelSequenceBatching")).of("scheduling_choice"),
        one(15, "ensemble_scheduling", Message("ModelEnsembling")).of("scheduling_choice"),
        many(7, "instance_group", Message("ModelInstanceGroup")),
        one(8, "default_model_filename", String),
        many(9, "cc_model_filenames", Map("ModelConfig.CcModelFilenamesEntry")),
        many(10, "metric_tags", Map("ModelConfig.MetricTagsEntry")),
        many(14, "parameters", Map("ModelConfig.ParametersEntry")),
        many(16, "model_warmup", Message("ModelWarmup")),
        one(18, "model_operations", Message("ModelOperations")),
        one(19, "model_transaction_policy", Message("ModelTransactionPolicy")),
        one(23, "model_repository_agents", Message("ModelRepositoryAgents")),
        one(24, "response_cache", Message("ModelResponseCache")),
        one(26, "model_metrics", Message("ModelMetrics")),
    ] },
    MessageSpec { name: "ModelConfig.CcModelFilenamesEntry", fields: &[
        one(1, "key", String),
        one(2, "value", String),
    ] },
    MessageSpec { name: "ModelConfig.MetricTagsEntry", fields: &[
        one(1, "key", String),
        one(2, "value", String),
    ] },
    MessageSpec { name: "ModelConfig.ParametersEntry", fields: &[
        one(1, "key", String),
        one(2, "value", Message("ModelParameter")),
    ] },
    MessageSpec { name: "ModelDynamicBatching", fields: &[
        many(1, "preferred_batch_size", Int32),
        one(2, "max_queue_delay_microseconds", Uint64),
        one(3, "preserve_ordering", Bool),
        one(4, "priority_levels", Uint64),
        one(5, "default_priority_level", Uint64),
        one(6, "default_queue_policy", Message("ModelQueuePolicy")),
        many(7, "priority_queue_policy", Map("ModelDynamicBatching.PriorityQueuePolicyEntry")),
    ] },
    MessageSpec { name: "ModelDynamicBatching.PriorityQueuePolicyEntry", fields: &[
        one(1, "key", Uint64),
        one(2, "value", Message("ModelQueuePolicy")),
    ] },
    MessageSpec { name: "ModelEnsembling", fields: &[
        many(1, "step", Message("ModelEnsembling.Step")),
        one(2, "max_inflight_requests", Uint32),
    ] },
    MessageSpec { name: "ModelEnsembling.Step", fields: &[
        one(1, "model_name", String),
        one(2, "model_version", Int64),
        many(3, "input_map", Map("ModelEnsembling.Step.InputMapEntry")),
        many(4, "output_map", Map("ModelEnsembling.Step.OutputMapEntry")),
        one(5, "model_namespace", String),
    ] },
    MessageSpec { name: "ModelEnsembling.Step.InputMapEntry", fields: &[
        one(1, "key", String),
        one(2, "value", String),
    ] },
    MessageSpec { name: "ModelEnsembling.Step.OutputMapEntry", fields: &[
        one(1, "key", String),
        one(2, "value", String),
    ] },
    MessageSpec { name: "ModelInput", fields: &[
        one(1, "name", String),
        one(2, "data_type", Enum("DataType")),
        one(3, "format", Enum("ModelInput.Format")),
        many(4, "dims", Int64),
        one(5, "reshape", Message("ModelTensorReshape")),
        one(6, "is_shape_tensor", Bool),
        one(7, "allow_ragged_batch", Bool),
        one(8, "optional", Bool),
        one(9, "is_non_linear_format_io", Bool),
    ] },
    MessageSpec { name: "ModelInstanceGroup", fields: &[
        one(1, "name", String),
        one(4, "kind", Enum("ModelInstanceGroup.Kind")),
        one(2, "count", Int32),
        one(6, "rate_limiter", Message("ModelRateLimiter")),
        many(3, "gpus", Int32),
        many(8, "secondary_devices", Message("ModelInstanceGroup.SecondaryDevice")),
        many(5, "profile", String),
        one(7, "passive", Bool),
        one(9, "host_policy", String),
    ] },
    MessageSpec { name: "ModelInstanceGroup.SecondaryDevice", fields: &[
        one(1, "kind", Enum("ModelInstanceGroup.SecondaryDevice.SecondaryDeviceKind")),
        one(2, "device_id", Int64),
    ] },
    MessageSpec { name: "ModelMetrics", fields: &[
        many(1, "metric_control", Message("ModelMetrics.MetricControl")),
    ] },
    MessageSpec { name: "ModelMetrics.MetricControl", fields: &[
        one(1, "metric_identifier", Message("ModelMetrics.MetricControl.MetricIdentifier")),
        one(2, "histogram_options", Message("ModelMetrics.MetricControl.HistogramOptions")).of("metric_options"),
    ] },
    MessageSpec { name: "ModelMetrics.MetricControl.HistogramOptions", fields: &[
        many(1, "buckets", Double),
    ] },
    MessageSpec { name: "ModelMetrics.MetricControl.MetricIdentifier", fields: &[
        one(1, "family", String),
    ] },
    MessageSpec { name: "ModelOperations", fields: &[
        many(1, "op_library_filename", String),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy", fields: &[
        one(1, "graph", Message("ModelOptimizationPolicy.Graph")),
        one(2, "priority", Enum("ModelOptimizationPolicy.ModelPriority")),
        one(3, "cuda", Message("ModelOptimizationPolicy.Cuda")),
        one(4, "execution_accelerators", Message("ModelOptimizationPolicy.ExecutionAccelerators")),
        one(5, "input_pinned_memory", Message("ModelOptimizationPolicy.PinnedMemoryBuffer")),
        one(6, "output_pinned_memory", Message("ModelOptimizationPolicy.PinnedMemoryBuffer")),
        one(7, "gather_kernel_buffer_threshold", Uint32),
        one(8, "eager_batching", Bool),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Cuda", fields: &[
        one(1, "graphs", Bool),
        one(2, "busy_wait_events", Bool),
        many(3, "graph_spec", Message("ModelOptimizationPolicy.Cuda.GraphSpec")),
        one(4, "output_copy_stream", Bool),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Cuda.GraphSpec", fields: &[
        one(1, "batch_size", Int32),
        many(2, "input", Map("ModelOptimizationPolicy.Cuda.GraphSpec.InputEntry")),
        one(3, "graph_lower_bound", Message("ModelOptimizationPolicy.Cuda.GraphSpec.LowerBound")),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Cuda.GraphSpec.InputEntry", fields: &[
        one(1, "key", String),
        one(2, "value", Message("ModelOptimizationPolicy.Cuda.GraphSpec.Shape")),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Cuda.GraphSpec.LowerBound", fields: &[
        one(1, "batch_size", Int32),
        many(2, "input", Map("ModelOptimizationPolicy.Cuda.GraphSpec.LowerBound.InputEntry")),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Cuda.GraphSpec.LowerBound.InputEntry", fields: &[
        one(1, "key", String),
        one(2, "value", Message("ModelOptimizationPolicy.Cuda.GraphSpec.Shape")),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Cuda.GraphSpec.Shape", fields: &[
        many(1, "dim", Int64),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.ExecutionAccelerators", fields: &[
        many(1, "gpu_execution_accelerator", Message("ModelOptimizationPolicy.ExecutionAccelerators.Accelerator")),
        many(2, "cpu_execution_accelerator", Message("ModelOptimizationPolicy.ExecutionAccelerators.Accelerator")),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.ExecutionAccelerators.Accelerator", fields: &[
        one(1, "name", String),
        many(2, "parameters", Map("ModelOptimizationPolicy.ExecutionAccelerators.Accelerator.ParametersEntry")),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.ExecutionAccelerators.Accelerator.ParametersEntry", fields: &[
        one(1, "key", String),
        one(2, "value", String),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.Graph", fields: &[
        one(1, "level", Int32),
    ] },
    MessageSpec { name: "ModelOptimizationPolicy.PinnedMemoryBuffer", fields: &[
        one(1, "enable", Bool),
    ] },
    MessageSpec { name: "ModelOutput", fields: &[
        one(1, "name", String),
        one(2, "data_type", Enum("DataType")),
        many(3, "dims", Int64),
        one(5, "reshape", Message("ModelTensorReshape")),
        one(4, "label_filename", String),
        one(6, "is_shape_tensor", Bool),
        one(7, "is_non_linear_format_io", Bool),
    ] },
    MessageSpec { name: "ModelParameter", fields: &[
        one(1, "string_value", String),
    ] },
    MessageSpec { name: "ModelQueuePolicy", fields: &[
        one(1, "timeout_action", Enum("ModelQueuePolicy.TimeoutAction")),
        one(2, "default_timeout_microseconds", Uint64),
        one(3, "allow_timeout_override", Bool),
        one(4, "max_queue_size", Uint32),
    ] },
    MessageSpec { name: "ModelRateLimiter", fields: &[
        many(1, "resources", Message("ModelRateLimiter.Resource")),
        one(2, "priority", Uint32),
    ] },
    MessageSpec { name: "ModelRateLimiter.Resource", fields: &[
        one(1, "name", String),
        one(2, "global", Bool),
        one(3, "count", Uint32),
    ] },
    MessageSpec { name: "ModelRepositoryAgents", fields: &[
        many(1, "agents", Message("ModelRepositoryAgents.Agent")),
    ] },
    MessageSpec { name: "ModelRepositoryAgents.Agent", fields: &[
        one(1, "name", String),
        many(2, "parameters", Map("ModelRepositoryAgents.Agent.ParametersEntry")),
    ] },
    MessageSpec { name: "ModelRepositoryAgents.Agent.ParametersEntry", fields: &[
        one(1, "key", String),
        one(2, "value", String),
    ] },
    MessageSpec { name: "ModelResponseCache", fields: &[
        one(1, "enable", Bool),
    ] },
    MessageSpec { name: "ModelSequenceBatching", fields: &[
        one(3, "direct", Message("ModelSequenceBatching.StrategyDirect")).of("strategy_choice"),
        one(4, "oldest", Message("ModelSequenceBatching.StrategyOldest")).of("strategy_choice"),
        one(1, "max_sequence_idle_microseconds", Uint64),
        many(2, "control_input", Message("ModelSequenceBatching.ControlInput")),
        many(5, "state", Message("ModelSequenceBatching.State")),
        one(6, "iterative_sequence", Bool),
    ] },
    MessageSpec { name: "ModelSequenceBatching.Control", fields: &[
        one(1, "kind", Enum("ModelSequenceBatching.Control.Kind")),
        many(2, "int32_false_true", Int32),
        many(3, "fp32_false_true", Float),
        many(5, "bool_false_true", Bool),
        one(4, "data_type", Enum("DataType")),
    ] },
    MessageSpec { name: "ModelSequenceBatching.ControlInput", fields: &[
        one(1, "name", String),
        many(2, "control", Message("ModelSequenceBatching.Control")),
    ] },
    MessageSpec { name: "ModelSequenceBatching.InitialState", fields: &[
        one(1, "data_type", Enum("DataType")),
        many(2, "dims", Int64),
        one(3, "zero_data", Bool).of("state_data"),
        one(4, "data_file", String).of("state_data"),
        one(5, "name", String),
    ] },
    MessageSpec { name: "ModelSequenceBatching.State", fields: &[
        one(1, "input_name", String),
        one(2, "output_name", String),
        one(3, "data_type", Enum("DataType")),
        many(4, "dims", Int64),
        many(5, "initial_state", Message("ModelSequenceBatching.InitialState")),
        one(6, "use_same_buffer_for_input_output", Bool),
        one(7, "use_growable_memory", Bool),
    ] },
    MessageSpec { name: "ModelSequenceBatching.StrategyDirect", fields: &[
        one(1, "max_queue_delay_microseconds", Uint64),
        one(2, "minimum_slot_utilization", Float),
    ] },
    MessageSpec { name: "ModelSequenceBatching.StrategyOldest", fields: &[
        one(1, "max_candidate_sequences", Int32),
        many(2, "preferred_batch_size", Int32),
        one(3, "max_queue_delay_microseconds", Uint64),
        one(4, "preserve_ordering", Bool),
    ] },
    MessageSpec { name: "ModelTensorReshape", fields: &[
        many(1, "shape", Int64),
    ] },
    MessageSpec { name: "ModelTransactionPolicy", fields: &[
        one(1, "decoupled", Bool),
    ] },
    MessageSpec { name: "ModelVersionPolicy", fields: &[
        one(1, "latest", Message("ModelVersionPolicy.Latest")).of("policy_choice"),
        one(2, "all", Message("ModelVersionPolicy.All")).of("policy_choice"),
        one(3, "specific", Message("ModelVersionPolicy.Specific")).of("policy_choice"),
    ] },
    MessageSpec { name: "ModelVersionPolicy.All", fields: &[
    ] },
    MessageSpec { name: "ModelVersionPolicy.Latest", fields: &[
        one(1, "num_versions", Uint32),
    ] },
    MessageSpec { name: "ModelVersionPolicy.Specific", fields: &[
        many(1, "versions", Int64),
    ] },
    MessageSpec { name: "ModelWarmup", fields: &[
        one(1, "name", String),
        one(2, "batch_size", Uint32),
        many(3, "inputs", Map("ModelWarmup.InputsEntry")),
        one(4, "count", Uint32),
    ] },
    MessageSpec { name: "ModelWarmup.Input", fields: &[
        one(1, "data_type", Enum("DataType")),
        many(2, "dims", Int64),
        one(3, "zero_data", Bool).of("input_data_type"),
        one(4, "random_data", Bool).of("input_data_type"),
        one(5, "input_data_file", String).of("input_data_type"),
    ] },
    MessageSpec { name: "ModelWarmup.InputsEntry", fields: &[
        one(1, "key", String),
        one(2, "value", Message("ModelWarmup.Input")),
    ] },
];

pub(super) static ENUMS: &[EnumSpec] = &[
    EnumSpec { name: "BatchInput.Kind", values: &[
        ("BATCH_ELEMENT_COUNT", 0),
        ("BATCH_ACCUMULATED_ELEMENT_COUNT", 1),
        ("BATCH_ACCUMULATED_ELEMENT_COUNT_WITH_ZERO", 2),
        ("BATCH_MAX_ELEMENT_COUNT_AS_SHAPE", 3),
        ("BATCH_ITEM_SHAPE", 4),
        ("BATCH_ITEM_SHAPE_FLATTEN", 5),
    ] },
    EnumSpec { name: "BatchOutput.Kind", values: &[
        ("BATCH_SCATTER_WITH_INPUT_SHAPE", 0),
    ] },
    EnumSpec { name: "DataType", values: &[
        ("TYPE_INVALID", 0),
        ("TYPE_BOOL", 1),
        ("TYPE_UINT8", 2),
        ("TYPE_UINT16", 3),
        ("TYPE_UINT32", 4),
        ("TYPE_UINT64", 5),
        ("TYPE_INT8", 6),
        ("TYPE_INT16", 7),
        ("TYPE_INT32", 8),
        ("TYPE_INT64", 9),
        ("TYPE_FP16", 10),
        ("TYPE_FP32", 11),
        ("TYPE_FP64", 12),
        ("TYPE_STRING", 13),
        ("TYPE_BF16", 14),
    ] },
    EnumSpec { name: "ModelInput.Format", values: &[
        ("FORMAT_NONE", 0),
        ("FORMAT_NHWC", 1),
        ("FORMAT_NCHW", 2),
    ] },
    EnumSpec { name: "ModelInstanceGroup.Kind", values: &[
        ("KIND_AUTO", 0),
        ("KIND_GPU", 1),
        ("KIND_CPU", 2),
        ("KIND_MODEL", 3),
    ] },
    EnumSpec { name: "ModelInstanceGroup.SecondaryDevice.SecondaryDeviceKind", values: &[
        ("KIND_NVDLA", 0),
    ] },
    EnumSpec { name: "ModelOptimizationPolicy.ModelPriority", values: &[
        ("PRIORITY_DEFAULT", 0),
        ("PRIORITY_MAX", 1),
        ("PRIORITY_MIN", 2),
    ] },
    EnumSpec { name: "ModelQueuePolicy.TimeoutAction", values: &[
        ("REJECT", 0),
        ("DELAY", 1),
    ] },
    EnumSpec { name: "ModelSequenceBatching.Control.Kind", values: &[
        ("CONTROL_SEQUENCE_START", 0),
        ("CONTROL_SEQUENCE_READY", 1),
        ("CONTROL_SEQUENCE_END", 2),
        ("CONTROL_SEQUENCE_CORRID", 3),
    ] },
];
