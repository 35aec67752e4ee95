//! The sizes of language models: against what transformers counts, and against what publishers state.
#![expect(clippy::float_cmp, reason = "published figures are short decimals")]
#![expect(clippy::cast_precision_loss, reason = "billions to one digit")]

use modelium_core::descriptor::resources::{LanguageModelShape, Mixer};
use modelium_core::formats::hugging_face::shape::{Shaped, of_config};
use modelium_core::resources::{Setting, Stored, figures};
use modelium_core::wire::json::{self, Json};
use modelium_core::{Blob, Context};

fn read(text: &str) -> Json {
    json::parse(&Blob::from_bytes("config.json", text.as_bytes().to_vec()), &Context::new()).unwrap().root
}

fn shape(config: &str) -> LanguageModelShape {
    let Shaped { shape, partial } = of_config(&read(config)).unwrap();
    assert!(!partial);
    shape
}

/// The families, as `tests/generate/language_models.py` had transformers count them.
fn counted() -> Json {
    read(&std::fs::read_to_string(crate::support::repository("tests/corpus/resources/language_models.json")).unwrap())
}

/// Elements that transformers keeps of a sequence: of a window one token less, because the next one brings its own, and
/// a counter beside it.
fn kept_by_transformers(shape: &LanguageModelShape, context: u64) -> u64 {
    let (mut shape, mut counters) = (shape.clone(), 0);
    for layer in &mut shape.layers {
        for mixer in &mut layer.mixers {
            if let Mixer::Attention { window: Some(window), .. } = mixer {
                *window -= 1;
                counters += layer.repeat;
            }
        }
    }
    shape.cache_elements(context) + shape.state_elements() + counters
}

#[test]
fn parameters_are_those_that_transformers_counts() {
    let counted = counted();
    let mut wrong = Vec::new();
    for model in counted.get("models").unwrap().items() {
        let name = model.get("name").and_then(Json::as_str).unwrap();
        let expected = model.get("parameters").and_then(Json::as_u64);
        match of_config(model.get("config").unwrap()) {
            Some(Shaped { shape, partial: false }) if Some(shape.parameters()) == expected => {}
            Some(Shaped { shape, partial }) => {
                wrong.push(format!("{name}: {} (partial: {partial}), expected {expected:?}", shape.parameters()));
            }
            None => wrong.push(format!("{name}: no shape")),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn caches_are_those_that_transformers_keeps() {
    // transformers writes Falcon's few keys out for all heads, and ignores GPT-Neo's windows when it keeps them
    const WASTEFUL: &[&str] = &["falcon/new", "gpt_neo"];
    let counted = counted();
    let mut wrong = Vec::new();
    let models = counted.get("models").unwrap().items().iter();
    let named = models.map(|model| (model.get("name").and_then(Json::as_str).unwrap(), model));
    for (name, model) in named.filter(|(name, _)| !WASTEFUL.contains(name)) {
        let Some(expected) = model.get("cache_elements").and_then(Json::as_u64) else { continue };
        let context = model.get("context").and_then(Json::as_u64).unwrap();
        let Some(Shaped { shape, .. }) = of_config(model.get("config").unwrap()) else { continue };
        let found = kept_by_transformers(&shape, context);
        if found != expected {
            wrong.push(format!("{name}: {found} elements, expected {expected}; {:?}", model.get("cache_layers")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

const LLAMA_3_8B: &str = r#"{"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 4096,
    "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
    "vocab_size": 128256, "max_position_embeddings": 8192, "tie_word_embeddings": false}"#;
const MIXTRAL_8X7B: &str = r#"{"model_type": "mixtral", "architectures": ["MixtralForCausalLM"], "hidden_size": 4096,
    "intermediate_size": 14336, "num_attention_heads": 32, "num_hidden_layers": 32, "num_key_value_heads": 8,
    "num_local_experts": 8, "num_experts_per_tok": 2, "vocab_size": 32000, "sliding_window": null,
    "max_position_embeddings": 32768, "tie_word_embeddings": false}"#;
const DEEPSEEK_V3: &str = r#"{"model_type": "deepseek_v3", "architectures": ["DeepseekV3ForCausalLM"], "hidden_size": 7168,
    "intermediate_size": 18432, "moe_intermediate_size": 2048, "num_attention_heads": 128, "num_hidden_layers": 61,
    "num_key_value_heads": 128, "n_routed_experts": 256, "n_shared_experts": 1, "num_experts_per_tok": 8,
    "first_k_dense_replace": 3, "moe_layer_freq": 1, "q_lora_rank": 1536, "kv_lora_rank": 512, "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128, "v_head_dim": 128, "vocab_size": 129280, "max_position_embeddings": 163840,
    "tie_word_embeddings": false}"#;
const QWEN2_5_0_5B: &str = r#"{"model_type": "qwen2", "architectures": ["Qwen2ForCausalLM"], "hidden_size": 896,
    "intermediate_size": 4864, "num_attention_heads": 14, "num_hidden_layers": 24, "num_key_value_heads": 2,
    "vocab_size": 151936, "max_position_embeddings": 32768, "use_sliding_window": false, "sliding_window": 32768,
    "max_window_layers": 24, "tie_word_embeddings": true}"#;
const GPT_OSS_20B: &str = r#"{"model_type": "gpt_oss", "architectures": ["GptOssForCausalLM"], "hidden_size": 2880,
    "intermediate_size": 2880, "num_attention_heads": 64, "num_hidden_layers": 24, "num_key_value_heads": 8,
    "head_dim": 64, "num_local_experts": 32, "num_experts_per_tok": 4, "sliding_window": 128, "attention_bias": true,
    "vocab_size": 201088, "max_position_embeddings": 131072, "tie_word_embeddings": false}"#;
const GPT2: &str = r#"{"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"], "n_embd": 768, "n_head": 12,
    "n_layer": 12, "n_positions": 1024, "vocab_size": 50257}"#;
const BERT: &str = r#"{"model_type": "bert", "architectures": ["BertModel"], "hidden_size": 768,
    "intermediate_size": 3072, "num_attention_heads": 12, "num_hidden_layers": 12, "max_position_embeddings": 512,
    "type_vocab_size": 2, "vocab_size": 30522}"#;

/// Counts as `num_parameters()` gives them for the published checkpoints, and those of model cards and papers.
#[test]
fn published_counts_come_out_of_configurations() {
    for (config, parameters) in [
        (LLAMA_3_8B, 8_030_261_248),
        (MIXTRAL_8X7B, 46_702_792_704),
        (DEEPSEEK_V3, 671_026_404_352), // 671 B, the head for several tokens left out
        (QWEN2_5_0_5B, 494_032_768),
        (GPT2, 124_439_808),
        (BERT, 109_482_240),
    ] {
        assert_eq!(shape(config).parameters(), parameters);
    }
    let billions = |config| (shape(config).active_parameters() as f64 / 1e8).round() / 10.0;
    assert_eq!(billions(MIXTRAL_8X7B), 12.9);
    assert_eq!(billions(DEEPSEEK_V3).round(), 38.0); // 37 B without the embedding, which is looked up
    assert!(
        figures(&shape(DEEPSEEK_V3), Stored::default(), Setting::default()).figures["active_parameters"]
            .low
            .is_some_and(|low| low / 1_000_000_000 == 36)
    );
    assert_eq!(billions(GPT_OSS_20B), 4.2); // 3.6 B on its card, without the embedding
}

#[test]
fn published_caches_come_out_of_configurations() {
    let per_token = |config| shape(config).cache_elements_per_token() * 2;
    assert_eq!(per_token(LLAMA_3_8B), 131_072); // 2 · 32 layers · 8 heads · 128 · 2 bytes
    assert_eq!(per_token(DEEPSEEK_V3), 70_272); // 70.272 KB in the hardware paper of DeepSeek-V3
    let figures =
        figures(&shape(GPT_OSS_20B), Stored::default(), Setting { context: Some(131_072), ..Setting::default() });
    let cache = &figures.figures["kv_cache_bytes"];
    assert_eq!(cache.value, 12 * 2048 * (131_072 + 128));
    assert_eq!(cache.high, Some(24 * 2048 * 131_072));
    assert_eq!(figures.figures["kv_cache_bytes_per_token"].low, Some(12 * 2048));
}

#[test]
fn a_quantised_cache_carries_its_scales() {
    let setting = |cache_bits| Setting { context: Some(1024), batch: 2, cache_bits };
    let bytes = |bits| figures(&shape(LLAMA_3_8B), Stored::default(), setting(bits)).figures["kv_cache_bytes"].value;
    assert_eq!(bytes(16), 2 * 1024 * 131_072);
    assert_eq!(bytes(8), bytes(16) / 2 + bytes(16) / 32);
    assert_eq!(bytes(4), bytes(16) / 4 + bytes(16) / 32);
}

#[test]
fn what_was_counted_stands_before_what_was_computed() {
    let stored = Stored { parameters: Some(8_030_261_248), weight_bytes: Some(16_060_522_496) };
    let figures = figures(&shape(LLAMA_3_8B), stored, Setting::default()).figures;
    assert_eq!(figures["parameters"].low, None);
    let serve = &figures["serve_bytes_bfloat16"];
    assert!(serve.low.unwrap() >= 16_060_522_496 + 8192 * 131_072 && serve.value < serve.high.unwrap());
    assert_eq!((serve.at["context"], serve.at["batch"]), (8192, 1));
    assert!(figures["serve_bytes_int4"].value < serve.value / 2);
}

#[test]
fn sizes_without_bounds_saturate() {
    let config = LLAMA_3_8B
        .replace("4096", "18446744073709551615")
        .replace("\"num_hidden_layers\": 32", "\"num_hidden_layers\": 10000");
    let shape = of_config(&read(&config)).unwrap().shape;
    assert_eq!(shape.parameters(), u64::MAX);
    figures(&shape, Stored::default(), Setting { context: Some(u64::MAX), batch: u64::MAX, cache_bits: 64 });
    assert_eq!(
        of_config(&read(&LLAMA_3_8B.replace("\"num_hidden_layers\": 32", "\"num_hidden_layers\": 99999"))),
        None
    );
}
