"""Write a tiny Gemma 4 with random weights, of the architecture and tokenizer that vLLM serves.

    python checkpoint.py OUT TEXT…

Runs in vLLM's environment. The tokenizer is trained on the files TEXT. 0.3 M parameters: it knows
nothing, and all that is asked of its answers is what the server guarantees, their shape.
"""

import json
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from transformers import (
    Gemma4AudioFeatureExtractor,
    Gemma4Config,
    Gemma4ForConditionalGeneration,
    Gemma4ImageProcessor,
    Gemma4Processor,
    GemmaTokenizer,
    GenerationConfig,
)
from transformers.models.gemma4.video_processing_gemma4 import Gemma4VideoProcessor

NAMED_TOKENS = {  # By the names under which the processor and vLLM's parsers look for them.
    "boi_token": "<|image>",
    "eoi_token": "<image|>",
    "image_token": "<|image|>",
    "boa_token": "<|audio>",
    "eoa_token": "<audio|>",
    "audio_token": "<|audio|>",
    "sot_token": "<|turn>",
    "eot_token": "<turn|>",
    "think_token": "<|think|>",
    "soc_token": "<|channel>",
    "eoc_token": "<channel|>",
    "std_token": "<|tool>",
    "etd_token": "<tool|>",
    "stc_token": "<|tool_call>",
    "etc_token": "<tool_call|>",
    "str_token": "<|tool_response>",
    "etr_token": "<tool_response|>",
    "escape_token": '<|"|>',
}
SPECIAL = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>", *NAMED_TOKENS.values(), "<|video|>"]
BYTES = [f"<0x{i:02X}>" for i in range(256)]
SPACE = "\u2581"
VOCABULARY = 2048
SOFT_TOKENS, PATCH, POOLING = 70, 16, 3


def train_tokenizer(texts: list[str], template: str) -> GemmaTokenizer:
    """Gemma's own kind: pairs of bytes inside words, spaces as U+2581."""
    raw = Tokenizer(models.BPE(unk_token="<unk>", byte_fallback=True, fuse_unk=True))
    raw.normalizer = normalizers.Replace(" ", SPACE)
    raw.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    splitter = pre_tokenizers.Split(SPACE, "merged_with_next")
    words = [
        word
        for text in texts
        for word, _ in splitter.pre_tokenize_str(raw.normalizer.normalize_str(text))
    ]
    alphabet = sorted({chr(i) for i in range(33, 127)} | {SPACE, "\n", "\t"})
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=SPECIAL + BYTES,
        initial_alphabet=alphabet,
        show_progress=False,
    )
    raw.train_from_iterator(words, trainer)
    trained = json.loads(raw.to_str())["model"]
    tokenizer = GemmaTokenizer(
        vocab=trained["vocab"],
        merges=[tuple(merge) for merge in trained["merges"]],
        extra_special_tokens=["<|video|>"],
        model_specific_special_tokens=NAMED_TOKENS,
        model_max_length=1 << 17,
    )
    tokenizer.chat_template = template
    return tokenizer


def make_processor(tokenizer: GemmaTokenizer) -> Gemma4Processor:
    return Gemma4Processor(
        feature_extractor=Gemma4AudioFeatureExtractor(),
        tokenizer=tokenizer,
        image_processor=Gemma4ImageProcessor(
            max_soft_tokens=SOFT_TOKENS, patch_size=PATCH, pooling_kernel_size=POOLING
        ),
        video_processor=Gemma4VideoProcessor(),
        image_seq_length=SOFT_TOKENS,
        chat_template=tokenizer.chat_template,
    )


def make_config(ids: dict[str, int]) -> Gemma4Config:
    size = -(-(max(ids.values()) + 1) // 64) * 64
    text = {
        "vocab_size": size,
        "vocab_size_per_layer_input": size,
        "hidden_size": 64,
        "intermediate_size": 128,
        "num_hidden_layers": 4,
        "num_attention_heads": 2,
        "num_key_value_heads": 1,
        "head_dim": 32,
        "global_head_dim": 64,
        "num_global_key_value_heads": 1,
        "attention_k_eq_v": True,
        "sliding_window": 512,
        "max_position_embeddings": 32768,
        "layer_types": ["sliding_attention"] * 3 + ["full_attention"],
        "hidden_size_per_layer_input": 0,
        "num_kv_shared_layers": 0,
        "final_logit_softcapping": 30.0,
        "tie_word_embeddings": True,
        "pad_token_id": ids["<pad>"],
        "bos_token_id": ids["<bos>"],
        "eos_token_id": ids["<eos>"],
    }
    vision = {
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 16,
        "patch_size": PATCH,
        "pooling_kernel_size": POOLING,
        "position_embedding_size": 1024,
        "standardize": True,
        "default_output_length": SOFT_TOKENS,
    }
    return Gemma4Config(
        text_config=text,
        audio_config=None,
        tie_word_embeddings=True,
        vision_config=vision,
        boi_token_id=ids["<|image>"],
        eoi_token_id=ids["<image|>"],
        image_token_id=ids["<|image|>"],
        video_token_id=ids["<|video|>"],
        boa_token_id=ids["<|audio>"],
        eoa_token_index=ids["<audio|>"],
        audio_token_id=ids["<|audio|>"],
        dtype="bfloat16",
        architectures=["Gemma4ForConditionalGeneration"],
        eos_token_id=[ids["<eos>"], ids["<turn|>"]],
        bos_token_id=ids["<bos>"],
        pad_token_id=ids["<pad>"],
    )


def make_model(ids: dict[str, int]) -> Gemma4ForConditionalGeneration:
    model = Gemma4ForConditionalGeneration(make_config(ids)).eval()
    with torch.no_grad():  # The usual beginning is so narrow that all tokens are as likely.
        for weights in model.parameters():
            if weights.ndim >= 2:
                torch.nn.init.normal_(weights, std=0.08)
    # Their spelling would pass for words, and what parses calls would take them out of the answer.
    quiet = [ids[token] for token in SPECIAL if token not in {"<eos>", "<turn|>"}]
    model.generation_config = GenerationConfig(
        bos_token_id=ids["<bos>"],
        pad_token_id=ids["<pad>"],
        eos_token_id=[ids["<eos>"], ids["<turn|>"]],
        do_sample=True,
        temperature=1.0,
        top_k=64,
        top_p=0.95,
        suppress_tokens=sorted(quiet + [ids[byte] for byte in BYTES]),
    )
    return model.to(torch.bfloat16)


def main(out: Path, texts: list[Path]) -> None:
    torch.manual_seed(0)
    template = Path(__file__).with_name("chat_template.jinja").read_text()
    tokenizer = train_tokenizer([path.read_text() for path in texts], template)
    make_model(tokenizer.get_vocab()).save_pretrained(out, safe_serialization=True)
    make_processor(tokenizer).save_pretrained(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]])
