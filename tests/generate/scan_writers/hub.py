"""Folders as the hub has them: transformers, sentence-transformers, PEFT, diffusers, tokenizers."""

import json
import os

os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["TRANSFORMERS_VERBOSITY"] = "error"

import torch
import transformers
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers

from . import saved
from .tensor_files import CHATML, LLAMA, TOOLS

SENTENCES = [
    "the cat sat on the mat",
    "a dog ran",
    "import os; os.system is a name",
    "{{ braces }} and <tags>",
    "été à Paris",
] * 3
README = """---
license: mit
language: en
tags: [tiny]
---
# Tiny

```python
from transformers import AutoModel
model = AutoModel.from_pretrained("tiny")  # downloads from https://example.org
import os
os.system("nvidia-smi")
```
"""


def trained(kind):
    """A tokenizer of that kind, trained on a few sentences."""
    special = ["[UNK]", "[CLS]", "[SEP]", "[PAD]", "[MASK]", "<s>", "</s>"]
    made, trainer = {
        "wordpiece": (
            models.WordPiece(unk_token="[UNK]"),
            trainers.WordPieceTrainer(vocab_size=80, special_tokens=special),
        ),
        "bpe": (models.BPE(), trainers.BpeTrainer(vocab_size=300, special_tokens=special)),
        "unigram": (
            models.Unigram(),
            trainers.UnigramTrainer(vocab_size=60, special_tokens=special, unk_token="[UNK]"),
        ),
        "words": (models.WordLevel(unk_token="[UNK]"), trainers.WordLevelTrainer(special_tokens=special)),
    }[kind]
    tokenizer = Tokenizer(made)
    if kind == "wordpiece":
        tokenizer.normalizer = normalizers.BertNormalizer()
        tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        tokenizer.decoder = decoders.WordPiece()
    elif kind == "bpe":
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel()
        tokenizer.decoder = decoders.ByteLevel()
        tokenizer.post_processor = processors.ByteLevel()
    elif kind == "unigram":
        tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), normalizers.Replace(" {2,}", " ")])
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Split(__import__("tokenizers").Regex(r"\s+"), "removed")
    tokenizer.train_from_iterator(SENTENCES, trainer)
    if kind == "wordpiece":
        tokenizer.post_processor = processors.TemplateProcessing(
            single="[CLS] $A [SEP]", pair="[CLS] $A [SEP] $B:1 [SEP]:1", special_tokens=[("[CLS]", 1), ("[SEP]", 2)]
        )
    return tokenizer


def wrapped(kind, **options):
    return transformers.PreTrainedTokenizerFast(
        tokenizer_object=trained(kind),
        unk_token="[UNK]",
        pad_token="[PAD]",
        bos_token="<s>",
        eos_token="</s>",
        cls_token="[CLS]",
        sep_token="[SEP]",
        mask_token="[MASK]",
        **options,
    )


SMALL = {
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 8,
    "vocab_size": 32,
    "max_position_embeddings": 16,
}


def networks():
    """By name, a model and its tokenizer."""
    t = transformers
    vision = {key: value for key, value in SMALL.items() if not key.startswith(("vocab", "max"))}
    return {
        "bert": (
            t.BertForSequenceClassification(
                t.BertConfig(**SMALL, id2label={0: "NEG", 1: "POS"}, label2id={"NEG": 0, "POS": 1})
            ),
            wrapped("wordpiece"),
        ),
        "gpt2": (
            t.GPT2LMHeadModel(t.GPT2Config(n_embd=8, n_layer=1, n_head=2, vocab_size=32, n_positions=16)),
            wrapped("bpe"),
        ),
        "llama": (
            t.LlamaForCausalLM(t.LlamaConfig(**SMALL, num_key_value_heads=1, rope_theta=10000.0)),
            wrapped("unigram", chat_template=LLAMA),
        ),
        "qwen": (
            t.Qwen2ForCausalLM(t.Qwen2Config(**SMALL, num_key_value_heads=1)),
            wrapped("bpe", chat_template={"default": CHATML, "tool_use": TOOLS}),
        ),
        "t5": (
            t.T5ForConditionalGeneration(
                t.T5Config(d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2, vocab_size=32)
            ),
            wrapped("unigram"),
        ),
        "vit": (t.ViTForImageClassification(t.ViTConfig(**vision, image_size=8, patch_size=4)), None),
        "whisper": (
            t.WhisperForConditionalGeneration(
                t.WhisperConfig(
                    vocab_size=32,
                    d_model=8,
                    encoder_layers=1,
                    decoder_layers=1,
                    encoder_attention_heads=2,
                    decoder_attention_heads=2,
                    encoder_ffn_dim=8,
                    decoder_ffn_dim=8,
                    num_mel_bins=4,
                    max_source_positions=8,
                    max_target_positions=8,
                    pad_token_id=0,
                    bos_token_id=1,
                    eos_token_id=2,
                    decoder_start_token_id=3,
                )
            ),
            None,
        ),
        "clip": (
            t.CLIPModel(
                t.CLIPConfig(
                    text_config={**SMALL, "eos_token_id": 1},
                    vision_config={**vision, "image_size": 8, "patch_size": 4},
                    projection_dim=4,
                )
            ),
            None,
        ),
        "mixtral": (t.MixtralForCausalLM(t.MixtralConfig(**SMALL, num_key_value_heads=1, num_local_experts=2)), None),
    }


def files():
    torch.manual_seed(0)
    for name, (model, tokenizer) in networks().items():

        def write(path, model=model, tokenizer=tokenizer, name=name):
            model.save_pretrained(path, max_shard_size="2KB" if name in ("gpt2", "mixtral") else "1GB")
            if tokenizer is not None:
                tokenizer.save_pretrained(path)
            (path / "README.md").write_text(README)
            if name == "vit":
                transformers.ViTImageProcessor(size={"height": 8, "width": 8}).save_pretrained(path)
            if name == "whisper":
                transformers.WhisperFeatureExtractor(feature_size=4).save_pretrained(path)
            if name == "bert":
                torch.save(model.state_dict(), path / "pytorch_model.bin")

        yield name, f"a folder of {name}", "transformers", saved(write)
    for kind in ("wordpiece", "bpe", "unigram", "words"):
        yield f"tokenizer_{kind}.json", f"tokenizer: {kind}", "tokenizers", trained(kind).to_str(pretty=True).encode()
    yield from assembled()


def assembled():
    import diffusers
    import peft
    import sentence_transformers
    from sentence_transformers import models as parts

    t = transformers

    def sentences(path):
        inner = path.parent / "inner"
        t.BertModel(t.BertConfig(**SMALL)).save_pretrained(inner)
        wrapped("wordpiece").save_pretrained(inner)
        word = parts.Transformer(str(inner))
        pooling = parts.Pooling(8)
        sentence_transformers.SentenceTransformer(
            modules=[word, pooling, parts.Dense(8, 4), parts.Normalize()], device="cpu"
        ).save(str(path))

    yield "sentence_transformer", "modules of sentence-transformers", "sentence-transformers", saved(sentences)

    def adapter(path):
        model = t.GPT2LMHeadModel(t.GPT2Config(n_embd=8, n_layer=1, n_head=2, vocab_size=32, n_positions=16))
        peft.get_peft_model(
            model, peft.LoraConfig(r=2, target_modules=["c_attn"], task_type="CAUSAL_LM")
        ).save_pretrained(path)

    yield "lora_adapter", "a PEFT adapter", "peft", saved(adapter)

    def diffusion(path):
        unet = diffusers.UNet2DModel(
            sample_size=8,
            in_channels=1,
            out_channels=1,
            layers_per_block=1,
            block_out_channels=(4,),
            norm_num_groups=2,
            down_block_types=("DownBlock2D",),
            up_block_types=("UpBlock2D",),
        )
        diffusers.DDPMPipeline(unet, diffusers.DDPMScheduler(num_train_timesteps=10)).save_pretrained(path)

    yield "diffusion", "a pipeline of diffusers", "diffusers", saved(diffusion)
    arguments = saved(
        lambda path: torch.save(t.TrainingArguments(output_dir="out", report_to=[], use_cpu=True), path),
        "training_args.bin",
    )
    yield "training_args.bin", "TrainingArguments as the Trainer leaves them", "transformers", arguments
    state = {
        "epoch": 1.0,
        "global_step": 3,
        "log_history": [{"loss": 0.5, "step": 1}],
        "best_metric": None,
        "is_world_process_zero": True,
    }
    yield "trainer_state.json", "the Trainer's state", "transformers", json.dumps(state, indent=2).encode()
