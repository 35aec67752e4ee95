//! The one explicit list of the formats that come with the library.

use std::sync::Arc;

use crate::formats::{Analyzer, Exporter, Importer, Inspector, TensorReader};

/// Of two that are equally sure of an artifact the later one wins: bundles stand last.
#[rustfmt::skip] // one on each line
pub(crate) fn analyzers() -> Vec<Arc<dyn Analyzer>> {
    vec![
        Arc::new(super::onnx::OnnxAnalyzer),
        Arc::new(super::pickle::PickleAnalyzer),
        Arc::new(super::joblib::JoblibAnalyzer),
        Arc::new(super::numpy::NumpyAnalyzer),
        Arc::new(super::safetensors::SafetensorsAnalyzer),
        Arc::new(super::gguf::GgufAnalyzer),
        Arc::new(super::keras::KerasAnalyzer),
        Arc::new(super::keras::KerasH5Analyzer),
        Arc::new(super::flax::FlaxAnalyzer),
        Arc::new(super::orbax::OrbaxAnalyzer),
        Arc::new(super::tensorflow::GraphDefAnalyzer),
        Arc::new(super::tensorflow::MetaGraphAnalyzer),
        Arc::new(super::tensorflow::CheckpointAnalyzer),
        Arc::new(super::tensorflow::SavedModelAnalyzer),
        Arc::new(super::torch::TorchAnalyzer),
        Arc::new(super::torch::TorchScriptAnalyzer),
        Arc::new(super::torch::ExportedProgramAnalyzer),
        Arc::new(super::torch::TapeAnalyzer),
        Arc::new(super::torch::DistributedAnalyzer),
        Arc::new(super::tflite::TfliteAnalyzer),
        Arc::new(super::mnn::MnnAnalyzer),
        Arc::new(super::mxnet::MxnetAnalyzer),
        Arc::new(super::ncnn::NcnnAnalyzer),
        Arc::new(super::openvino::OpenvinoAnalyzer),
        Arc::new(super::paddle::PaddleAnalyzer),
        Arc::new(super::pmml::PmmlAnalyzer),
        Arc::new(super::tensorrt::TensorrtAnalyzer),
        Arc::new(super::tfjs::TfjsAnalyzer),
        Arc::new(super::coreml::CoremlAnalyzer),
        Arc::new(super::xgboost::XgboostAnalyzer),
        Arc::new(super::lightgbm::LightgbmAnalyzer),
        Arc::new(super::catboost::CatboostAnalyzer),
        Arc::new(super::skops::SkopsAnalyzer),
        Arc::new(super::hugging_face::HuggingFaceAnalyzer),
        Arc::new(super::torchserve::TorchserveAnalyzer),
        Arc::new(super::nemo::NemoAnalyzer),
        Arc::new(super::mlflow::MlflowAnalyzer),
        Arc::new(super::bentoml::BentomlAnalyzer),
        Arc::new(super::triton_repository::TritonRepositoryAnalyzer),
        Arc::new(super::oci::OciAnalyzer),
    ]
}

/// All that are certain of some bytes are asked; of those that could be right, one after the other.
#[rustfmt::skip] // one on each line
pub(crate) fn inspectors() -> Vec<Arc<dyn Inspector>> {
    vec![
        Arc::new(super::onnx::OnnxInspector),
        Arc::new(super::numpy::NumpyInspector),
        Arc::new(super::numpy::NpzInspector),
        Arc::new(super::joblib::JoblibInspector),
        Arc::new(super::pickle::PickleInspector),
        Arc::new(super::onnx::OnnxDataInspector),
        Arc::new(super::safetensors::SafetensorsInspector),
        Arc::new(super::gguf::GgufInspector),
        Arc::new(super::keras::KerasInspector),
        Arc::new(super::keras::KerasH5Inspector),
        Arc::new(super::keras::KerasConfigInspector),
        Arc::new(super::flax::FlaxInspector),
        Arc::new(super::orbax::ZarrInspector),
        Arc::new(super::orbax::OrbaxInspector),
        Arc::new(super::tensorflow::SavedModelInspector),
        Arc::new(super::tensorflow::MetaGraphInspector),
        Arc::new(super::tensorflow::GraphDefInspector),
        Arc::new(super::tensorflow::CheckpointInspector),
        Arc::new(super::torch::TorchInspector::CHECKPOINT),
        Arc::new(super::torch::TorchInspector::SCRIPT),
        Arc::new(super::torch::TorchInspector::PROGRAM),
        Arc::new(super::torch::TapeInspector),
        Arc::new(super::torch::DistributedInspector),
        Arc::new(super::tflite::TfliteInspector),
        Arc::new(super::mnn::MnnInspector),
        Arc::new(super::mxnet::MxnetInspector),
        Arc::new(super::ncnn::NcnnInspector),
        Arc::new(super::openvino::OpenvinoInspector),
        Arc::new(super::paddle::PaddleInspector),
        Arc::new(super::pmml::PmmlInspector),
        Arc::new(super::tensorrt::TensorrtInspector),
        Arc::new(super::tfjs::TfjsInspector),
        Arc::new(super::coreml::CoremlInspector),
        Arc::new(super::xgboost::XgboostInspector),
        Arc::new(super::lightgbm::LightgbmInspector),
        Arc::new(super::catboost::CatboostInspector),
        Arc::new(super::skops::SkopsInspector),
        Arc::new(super::hugging_face::HuggingFaceInspector),
        Arc::new(super::hugging_face::SentencePieceInspector),
        Arc::new(super::torchserve::TorchserveInspector),
        Arc::new(super::nemo::NemoInspector),
        Arc::new(super::mlflow::MlflowInspector),
        Arc::new(super::bentoml::BentomlInspector),
        Arc::new(super::triton_repository::TritonRepositoryInspector),
        Arc::new(super::oci::OciInspector),
        // what takes bytes that no format has taken: containers first, text and media last
        Arc::new(super::archive::ZipShapeInspector),
        Arc::new(super::archive::TarShapeInspector),
        Arc::new(super::archive::ZipInspector),
        Arc::new(super::archive::TarInspector),
        Arc::new(super::archive::SevenZipInspector),
        Arc::new(super::executable::ExecutableInspector),
        Arc::new(super::archive::StreamInspector),
        Arc::new(super::text::MediaInspector),
        Arc::new(super::python::PythonInspector),
        Arc::new(super::yaml::YamlInspector),
        Arc::new(super::text::TextInspector),
    ]
}

/// What reads tensors out of checkpoints.
#[rustfmt::skip] // one on each line
pub(crate) fn tensor_readers() -> Vec<Arc<dyn TensorReader>> {
    vec![
        Arc::new(super::torch::TorchTensors),
    ]
}

/// What reads models as graphs.
#[rustfmt::skip] // one on each line
pub(crate) fn importers() -> Vec<Arc<dyn Importer>> {
    vec![
        Arc::new(super::onnx::OnnxImporter),
    ]
}

/// What writes models.
#[rustfmt::skip] // one on each line
pub(crate) fn exporters() -> Vec<Arc<dyn Exporter>> {
    vec![
        Arc::new(super::onnx::OnnxExporter),
    ]
}
