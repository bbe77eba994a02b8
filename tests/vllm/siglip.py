"""Write a tiny SigLIP with random weights: pictures of 64 pixels to unit vectors of 64 numbers.

    python siglip.py OUT

Runs in vLLM's environment. It knows nothing; but the same picture gives the same vector, and one that
is nearly the same, nearly the same vector.
"""

import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers
from transformers import (
    PreTrainedTokenizerFast,
    SiglipConfig,
    SiglipImageProcessor,
    SiglipModel,
    SiglipProcessor,
)

SIDE, PATCH, WIDTH, VOCABULARY, LONGEST = 64, 16, 64, 384, 64
TEXTS = ["navy linen blazer", "white cotton shirt", "black ankle boots"]


def train_tokenizer() -> PreTrainedTokenizerFast:
    """For the text tower, which nobody asks: vLLM does not start without one."""
    raw = Tokenizer(models.BPE(unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=["<pad>", "</s>", "<unk>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    raw.train_from_iterator(TEXTS, trainer)
    raw.post_processor = processors.TemplateProcessing(
        single="$A </s>", special_tokens=[("</s>", 1)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=raw,
        eos_token="</s>",
        pad_token="<pad>",
        unk_token="<unk>",
        model_max_length=LONGEST,
    )


def make_model() -> SiglipModel:
    tower = {
        "hidden_size": WIDTH,
        "intermediate_size": 2 * WIDTH,
        "num_hidden_layers": 2,
        "num_attention_heads": 2,
    }
    text = {
        "vocab_size": VOCABULARY,
        "max_position_embeddings": LONGEST,
        "projection_size": WIDTH,
        "pad_token_id": 0,
        "bos_token_id": 1,
        "eos_token_id": 1,
    }
    config = SiglipConfig(
        text_config={**tower, **text},
        vision_config={**tower, "image_size": SIDE, "patch_size": PATCH},
        architectures=["SiglipModel"],
        dtype="float32",
    )
    model = SiglipModel(config)
    with torch.no_grad():  # The usual beginning is so narrow that all pictures look alike.
        for weights in model.parameters():
            if weights.ndim >= 2:
                torch.nn.init.normal_(weights, std=0.1)
    return model


def main(out: Path) -> None:
    torch.manual_seed(0)
    make_model().save_pretrained(out)
    pictures = SiglipImageProcessor(size={"height": SIDE, "width": SIDE})
    SiglipProcessor(image_processor=pictures, tokenizer=train_tokenizer()).save_pretrained(out)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
