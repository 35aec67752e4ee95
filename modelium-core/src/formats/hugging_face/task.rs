//! What a model is for: by the tag of its card, by the end of its architecture's name, by its family.

use crate::descriptor::Task;

/// Tags of the hub.
const TAGS: &[(&[&str], Task)] = &[
    (
        &[
            "text-generation",
            "text-classification",
            "token-classification",
            "fill-mask",
            "question-answering",
            "summarization",
            "translation",
            "text2text-generation",
            "feature-extraction",
            "sentence-similarity",
            "zero-shot-classification",
            "table-question-answering",
            "text-ranking",
            "conversational",
        ],
        Task::Text,
    ),
    (
        &[
            "image-classification",
            "object-detection",
            "image-segmentation",
            "depth-estimation",
            "image-to-image",
            "unconditional-image-generation",
            "video-classification",
            "zero-shot-image-classification",
            "mask-generation",
            "zero-shot-object-detection",
            "image-feature-extraction",
            "keypoint-detection",
            "image-to-3d",
        ],
        Task::Vision,
    ),
    (
        &[
            "automatic-speech-recognition",
            "audio-classification",
            "text-to-speech",
            "text-to-audio",
            "audio-to-audio",
            "voice-activity-detection",
        ],
        Task::Audio,
    ),
    (
        &[
            "image-text-to-text",
            "visual-question-answering",
            "document-question-answering",
            "image-to-text",
            "text-to-image",
            "text-to-video",
            "video-text-to-text",
            "any-to-any",
            "audio-text-to-text",
            "image-to-video",
            "visual-document-retrieval",
            "text-to-3d",
        ],
        Task::Multimodal,
    ),
    (&["tabular-classification", "tabular-regression"], Task::Tabular),
    (&["time-series-forecasting"], Task::TimeSeries),
    (&["graph-ml"], Task::Graph),
    (&["reinforcement-learning", "robotics"], Task::ReinforcementLearning),
];

/// Ends of the names of architectures. Longer ones stand before those that they end in.
const ENDS: &[(&str, Task)] = &[
    ("ForConditionalGeneration", Task::Text), // unless the configuration has a part for images or sound
    ("ForZeroShotImageClassification", Task::Vision),
    ("ForImageClassificationWithTeacher", Task::Vision),
    ("ForImageClassification", Task::Vision),
    ("ForVideoClassification", Task::Vision),
    ("ForObjectDetection", Task::Vision),
    ("ForUniversalSegmentation", Task::Vision),
    ("ForSemanticSegmentation", Task::Vision),
    ("ForInstanceSegmentation", Task::Vision),
    ("ForDepthEstimation", Task::Vision),
    ("ForMaskedImageModeling", Task::Vision),
    ("ForVisualQuestionAnswering", Task::Multimodal),
    ("ForVision2Seq", Task::Multimodal),
    ("ForImageTextToText", Task::Multimodal),
    ("ForDocumentQuestionAnswering", Task::Multimodal),
    ("ForAudioClassification", Task::Audio),
    ("ForAudioFrameClassification", Task::Audio),
    ("ForSpeechSeq2Seq", Task::Audio),
    ("ForSpeechClassification", Task::Audio),
    ("ForCTC", Task::Audio),
    ("ForXVector", Task::Audio),
    ("ForTextToWaveform", Task::Audio),
    ("ForTextToSpectrogram", Task::Audio),
    ("ForCausalLM", Task::Text),
    ("LMHeadModel", Task::Text),
    ("ForMaskedLM", Task::Text),
    ("ForPreTraining", Task::Text),
    ("ForSeq2SeqLM", Task::Text),
    ("ForSequenceClassification", Task::Text),
    ("ForTokenClassification", Task::Text),
    ("ForQuestionAnswering", Task::Text),
    ("ForMultipleChoice", Task::Text),
    ("ForNextSentencePrediction", Task::Text),
    ("ForTimeSeriesPrediction", Task::TimeSeries),
    ("ForPrediction", Task::TimeSeries),
    ("ForGraphClassification", Task::Graph),
];

/// Families whose bare models say nothing by their name.
const FAMILIES: &[(&[&str], Task)] = &[
    (
        &[
            "bert",
            "roberta",
            "xlm-roberta",
            "distilbert",
            "electra",
            "albert",
            "mpnet",
            "deberta",
            "deberta-v2",
            "modernbert",
            "t5",
            "gpt2",
            "nomic_bert",
        ],
        Task::Text,
    ),
    (
        &[
            "vit",
            "deit",
            "swin",
            "swinv2",
            "convnext",
            "convnextv2",
            "dinov2",
            "dinov2_with_registers",
            "resnet",
            "beit",
            "siglip_vision_model",
            "clip_vision_model",
        ],
        Task::Vision,
    ),
    (&["clip", "siglip", "siglip2", "blip", "blip-2", "align", "clipseg"], Task::Multimodal),
    (&["whisper", "wav2vec2", "hubert", "wavlm", "speecht5", "seamless_m4t", "clap", "encodec"], Task::Audio),
];

/// The task of a tag on a model card.
pub(super) fn of_tag(tag: &str) -> Option<Task> {
    TAGS.iter().find(|(tags, _)| tags.contains(&tag)).map(|(_, task)| *task)
}

/// The task of an architecture; `towers` says that the configuration has parts for images or sound beside the text.
pub(super) fn of_architecture(architecture: &str, family: &str, towers: bool) -> Option<Task> {
    let family = FAMILIES.iter().find(|(families, _)| families.contains(&family)).map(|(_, task)| *task);
    let end = ENDS.iter().find(|(end, _)| architecture.ends_with(end)).map(|(_, task)| *task);
    match (end, family) {
        (Some(Task::Text), Some(Task::Audio)) => Some(Task::Audio), // WhisperForConditionalGeneration
        (Some(Task::Text), _) if towers => Some(Task::Multimodal),
        (Some(task), _) => Some(task),
        (None, family) => family,
    }
}
