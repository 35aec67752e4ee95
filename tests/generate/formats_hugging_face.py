"""Writes tiny folders with Hugging Face's own libraries, and what those libraries say of them.

    python tests/generate/formats_hugging_face.py tests/corpus/formats/hugging_face

Versions: tests/generate/requirements-hugging_face.txt. Nothing is downloaded: tokenizers are trained on the text below.
"""

import base64
import io
import json
import os
import shutil
import sys
from pathlib import Path

import jinja2.meta
import sentencepiece
import tiktoken.load
import torch
import transformers
from huggingface_hub import ModelCard, ModelCardData
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors, trainers
from transformers import AutoConfig, AutoModel, AutoModelForCausalLM, AutoModelForSeq2SeqLM, PreTrainedTokenizerFast

TEXT = ["the quick brown fox jumps over the lazy dog", "pack my box with five dozen liquor jugs",
        "how vexingly quick daft zebras jump", "sphinx of black quartz, judge my vow"] * 20
TEMPLATE = ("{% for message in messages %}<|{{ message['role'] }}|>{{ message['content'] | trim }}{{ eos_token }}"
            "{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}")
SPECIAL = ["<unk>", "<s>", "</s>", "<pad>"]


def bpe(size=300, special=SPECIAL):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFC(), normalizers.Lowercase()])
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.train_from_iterator(TEXT, trainers.BpeTrainer(
        vocab_size=size, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", 1)])
    return tokenizer


def fast(tokenizer, **more):
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>", bos_token="<s>", eos_token="</s>",
                                   pad_token="<pad>", model_max_length=128, **more)


def said_of_tokenizer(tokenizer):
    backend = tokenizer.backend_tokenizer
    vocabulary = backend.get_vocab(with_added_tokens=True)
    model = json.loads(backend.to_str())["model"]
    found = {"kind": model["type"].lower(), "library": "tokenizers",
             "vocabulary": backend.get_vocab_size(with_added_tokens=False),
             "tokens": backend.get_vocab_size(with_added_tokens=True), "highest_id": max(vocabulary.values())}
    if "merges" in model:
        found["merges"] = len(model["merges"])
    return found


def said_of_model(model):
    config = model.config
    dtypes = {}
    state = model.state_dict()
    kept = {name: tensor for name, tensor in state.items()}
    seen = set()
    for tensor in kept.values():
        if tensor.data_ptr() not in seen:
            seen.add(tensor.data_ptr())
            name = str(tensor.dtype).removeprefix("torch.")
            dtypes[name] = dtypes.get(name, 0) + tensor.numel() * tensor.element_size()
    return {"framework": {"name": "transformers", "version": transformers.__version__},
            "architecture": type(model).__name__, "parameters": model.num_parameters(), "weight_bytes": dtypes,
            "metadata": {"model_type": config.model_type}}


def card(folder, **data):
    ModelCard.from_template(ModelCardData(**data), model_id="tiny", template_str="---\n{{ card_data }}\n---\n\n# Tiny\n").save(folder / "README.md")


def settle(folder, facts, name, found):
    for junk in folder.rglob(".gitattributes"):
        junk.unlink()
    facts[name] = found


def llama(out, facts):
    folder = out / "llama"
    torch.manual_seed(1)
    config = AutoConfig.for_model("llama", vocab_size=320, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                                  num_key_value_heads=2, intermediate_size=48, max_position_embeddings=128,
                                  bos_token_id=1, eos_token_id=2, pad_token_id=3)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.bfloat16)
    model.save_pretrained(folder)
    tokenizer = fast(bpe(), chat_template=TEMPLATE)
    tokenizer.add_tokens(["<|user|>", "<|assistant|>"])
    tokenizer.save_pretrained(folder)
    card(folder, license="apache-2.0", pipeline_tag="text-generation", tags=["tiny", "test"], language="en",
         base_model="owner/large", library_name="transformers")
    found = said_of_model(model)
    found |= {"task": "text", "tags": ["tiny", "test"], "tokenizer": said_of_tokenizer(tokenizer) | {
        "max_length": tokenizer.model_max_length, "special": {"bos_token": "<s>", "eos_token": "</s>"},
        "normalizer": ["NFC", "Lowercase"], "pre_tokenizer": ["ByteLevel"], "decoder": ["ByteLevel"],
        "post_processor": ["TemplateProcessing"], "chat_templates": [{
            "name": "default", "bytes": len(TEMPLATE), "file": "chat_template.jinja",
            "variables": sorted(jinja2.meta.find_undeclared_variables(jinja2.Environment().parse(TEMPLATE)))}]},
        "license": {"spdx": ["Apache-2.0"], "base_models": ["owner/large"]}}
    found["resources"] = {"parameters": {"value": model.num_parameters(), "method": "exact"},
                          "kv_cache_bytes_per_token": {"value": 2 * 2 * 2 * 8 * 2, "method": "analytic"}}
    settle(folder, facts, "llama", found)
    # the files alone
    facts["llama/config.json"] = {"format": "hugging_face", "architecture": "LlamaForCausalLM", "resources": {
        "parameters": {"value": model.num_parameters(), "method": "analytic"}}}
    facts["llama/tokenizer.json"] = {"format": "hugging_face", "tokenizer": said_of_tokenizer(tokenizer)}


def sharded(out, facts):
    folder = out / "gpt2_sharded"
    torch.manual_seed(2)
    config = AutoConfig.for_model("gpt2", vocab_size=320, n_embd=32, n_layer=2, n_head=4, n_positions=64,
                                  bos_token_id=1, eos_token_id=2, pad_token_id=3)
    model = AutoModelForCausalLM.from_config(config)
    model.save_pretrained(folder, max_shard_size="40KB")
    assert (folder / "model.safetensors.index.json").exists()
    tokenizer = fast(bpe())
    tokenizer.save_pretrained(folder)
    found = said_of_model(model) | {"task": "text", "tokenizer": said_of_tokenizer(tokenizer)}
    settle(folder, facts, "gpt2_sharded", found)


def bert(out, facts):
    folder = out / "bert"
    torch.manual_seed(3)
    tokenizer = Tokenizer(models.WordPiece(unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.decoder = decoders.WordPiece()
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    tokenizer.train_from_iterator(TEXT, trainers.WordPieceTrainer(vocab_size=120, special_tokens=special))
    wrapped = PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="[UNK]", pad_token="[PAD]", cls_token="[CLS]",
                                      sep_token="[SEP]", mask_token="[MASK]", model_max_length=64)
    size = len(wrapped)
    config = AutoConfig.for_model("bert", vocab_size=size, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                                  intermediate_size=48, max_position_embeddings=64, pad_token_id=0)
    model = AutoModel.from_config(config)
    model.save_pretrained(folder)
    wrapped.save_pretrained(folder)
    vocabulary = sorted(tokenizer.get_vocab().items(), key=lambda item: item[1])
    (folder / "vocab.txt").write_text("".join(f"{token}\n" for token, _ in vocabulary))
    card(folder, license="mit", pipeline_tag="feature-extraction")
    found = said_of_model(model) | {"task": "text", "tokenizer": said_of_tokenizer(wrapped), "license": {"spdx": ["MIT"]}}
    settle(folder, facts, "bert", found)


def pieces(folder, kind, prefix, **more):
    """Trains SentencePiece; gives the processor, which says what is in the file."""
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(sentence_iterator=iter(TEXT), model_writer=written, model_type=kind,
                                             minloglevel=2, num_threads=1, **more)
    (folder / f"{prefix}.model").write_bytes(written.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())


def t5(out, facts):
    folder = out / "t5"
    folder.mkdir(parents=True)
    torch.manual_seed(4)
    processor = pieces(folder, "unigram", "spiece", vocab_size=50, pad_id=0, eos_id=1, unk_id=2, bos_id=-1,
                       user_defined_symbols=["<extra_id_0>"])
    config = AutoConfig.for_model("t5", vocab_size=processor.get_piece_size(), d_model=32, d_kv=8, d_ff=48, num_layers=2,
                                  num_heads=4, decoder_start_token_id=0)
    model = AutoModelForSeq2SeqLM.from_config(config)
    model.save_pretrained(folder)
    size = processor.get_piece_size()
    found = said_of_model(model) | {"task": "text", "tokenizer": {
        "kind": "unigram", "library": "sentencepiece", "vocabulary": size, "highest_id": size - 1,
        "normalizer": ["nmt_nfkc"]}}
    settle(folder, facts, "t5", found)


def sentencepiece_bpe(out, facts):
    folder = out / "llama_sentencepiece"
    folder.mkdir(parents=True)
    processor = pieces(folder, "bpe", "tokenizer", vocab_size=340, byte_fallback=True, normalization_rule_name="identity")
    size = processor.get_piece_size()
    config = AutoConfig.for_model("llama", vocab_size=size, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                                  intermediate_size=24, max_position_embeddings=64, bos_token_id=1, eos_token_id=2)
    config.architectures = ["LlamaForCausalLM"]
    config.save_pretrained(folder)
    settle(folder, facts, "llama_sentencepiece", {
        "architecture": "LlamaForCausalLM", "tokenizer": {"kind": "bpe", "library": "sentencepiece", "vocabulary": size,
                                                          "byte_fallback": True, "normalizer": ["identity"]}})


def ranks(out, facts):
    folder = out / "tiktoken"
    folder.mkdir(parents=True)
    words = [bytes([byte]) for byte in range(256)] + [b"th", b"the", b"qu", b"ui", b"ck"]
    lines = (f"{base64.b64encode(word).decode()} {rank}\n" for rank, word in enumerate(words))
    (folder / "qwen.tiktoken").write_text("".join(lines))
    read = tiktoken.load.load_tiktoken_bpe(str(folder / "qwen.tiktoken"))
    config = AutoConfig.for_model("qwen2", vocab_size=272, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
                                  num_key_value_heads=1, intermediate_size=24, bos_token_id=1, eos_token_id=2)
    config.architectures = ["Qwen2ForCausalLM"]
    config.save_pretrained(folder)
    settle(folder, facts, "tiktoken", {"tokenizer": {
        "kind": "bpe", "library": "tiktoken", "vocabulary": len(read), "highest_id": max(read.values())}})


def vit(out, facts):
    from transformers import ViTImageProcessor
    folder = out / "vit"
    torch.manual_seed(5)
    config = AutoConfig.for_model("vit", hidden_size=32, num_hidden_layers=2, num_attention_heads=4, intermediate_size=48,
                                  image_size=32, patch_size=8, num_labels=3)
    model = transformers.ViTForImageClassification(config)
    model.save_pretrained(folder)
    ViTImageProcessor(size={"height": 32, "width": 32}).save_pretrained(folder)
    settle(folder, facts, "vit", said_of_model(model) | {"task": "vision"})


def moe(out, facts):
    folder = out / "mixtral"
    torch.manual_seed(6)
    config = AutoConfig.for_model("mixtral", vocab_size=320, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                                  num_key_value_heads=2, intermediate_size=24, num_local_experts=4, num_experts_per_tok=2,
                                  bos_token_id=1, eos_token_id=2, pad_token_id=3)
    model = AutoModelForCausalLM.from_config(config)
    model.save_pretrained(folder)
    expert = 3 * 32 * 24
    active = model.num_parameters() - 2 * 2 * expert
    settle(folder, facts, "mixtral", said_of_model(model) | {
        "resources": {"parameters": {"value": model.num_parameters()}, "active_parameters": {"value": active}}})


def adapter(out, facts):
    import peft
    folder = out / "lora"
    torch.manual_seed(7)
    config = AutoConfig.for_model("llama", vocab_size=64, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
                                  num_key_value_heads=2, intermediate_size=48)
    base = AutoModelForCausalLM.from_config(config)
    base.name_or_path = "owner/base"
    lora = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"], task_type="CAUSAL_LM", base_model_name_or_path="owner/base")
    model = peft.get_peft_model(base, lora)
    model.save_pretrained(folder)
    trainable = sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)
    settle(folder, facts, "lora", {
        "framework": {"name": "peft", "version": peft.__version__}, "architecture": "LORA", "parameters": trainable,
        "metadata": {"base_model": "owner/base", "rank": "4"}, "license": {"base_models": ["owner/base"]}})


def pipeline(out, facts):
    import diffusers
    folder = out / "diffusion"
    torch.manual_seed(8)
    unet = diffusers.UNet2DModel(sample_size=8, in_channels=3, out_channels=3, layers_per_block=1, block_out_channels=(8, 16),
                                 norm_num_groups=4, down_block_types=("DownBlock2D", "DownBlock2D"),
                                 up_block_types=("UpBlock2D", "UpBlock2D"))
    diffusers.DDPMPipeline(unet=unet, scheduler=diffusers.DDPMScheduler()).save_pretrained(folder)
    settle(folder, facts, "diffusion", {
        "framework": {"name": "diffusers", "version": diffusers.__version__}, "architecture": "DDPMPipeline",
        "parameters": unet.num_parameters(), "components": [
            {"name": "scheduler", "library": "diffusers", "architecture": "DDPMScheduler"},
            {"name": "unet", "library": "diffusers", "architecture": "UNet2DModel", "format": "safetensors"}]})


def sentences(out, facts):
    import sentence_transformers
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Normalize, Pooling, Transformer
    folder = out / "sentences"
    step = Transformer(str(out / "bert"))
    model = SentenceTransformer(modules=[step, Pooling(32), Normalize()], device="cpu")
    model.save(str(folder))
    steps = json.loads((folder / "modules.json").read_text())
    settle(folder, facts, "sentences", {
        "framework": {"name": "sentence-transformers", "version": sentence_transformers.__version__},
        "parameters": sum(parameter.numel() for parameter in model.parameters()),
        "components": [{"name": step["name"], "architecture": step["type"].rsplit(".", 1)[-1]} for step in steps]})


def main(out):
    out = Path(out)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    facts, failed = {}, []
    for write in [llama, sharded, bert, t5, sentencepiece_bpe, ranks, vit, moe, adapter, pipeline, sentences]:
        try:
            write(out, facts)
        except Exception as error:
            failed.append(f"{write.__name__}: {type(error).__name__}: {error}")
    (out / "facts.json").write_text(json.dumps(facts, indent=1, sort_keys=True) + "\n")
    print(len(facts), "facts;", sum(path.stat().st_size for path in out.rglob("*") if path.is_file()), "bytes")
    sys.exit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    os.environ["HF_HUB_OFFLINE"] = "1"
    main(sys.argv[1])
