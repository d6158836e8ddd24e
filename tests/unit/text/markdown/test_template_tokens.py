import pytest

from assistant.text.markdown.template_tokens import without_template_tokens
from tests.support.linear_time import assert_linear_time


@pytest.mark.parametrize(
    ("markdown", "kept"),
    [
        ("Good morning.<|im_end|>", "Good morning."),
        ("Hi.<|eot_id|><|start_header_id|>assistant<|end_header_id|>\n\nYes.", "Hi.\n\nYes."),
        ("Hi.</s>", "Hi."),
        ("<s>[INST] Hello [/INST] Hi.</s>", "Hello  Hi."),
        ("<<SYS>>Be kind<</SYS>> Hi.", "Be kind Hi."),
        ("<start_of_turn>model\nHi.<end_of_turn>", "Hi."),
        ("Hi.<|endoftext|>", "Hi."),
        ("Hi.<｜end▁of▁sentence｜>", "Hi."),
        ("### Response:\nHi.", "Hi."),
        ("Hi. [end of text]", "Hi."),
        ("### Responses\nHi.", "### Responses\nHi."),
        ("A heading ### Response: inside", "A heading ### Response: inside"),
        ("`<|im_end|>` ends a message.", "`<|im_end|>` ends a message."),
        ("```\n<|im_end|>\n### Response:\n```\nSo.<|im_end|>", "```\n<|im_end|>\n### Response:\n```\nSo."),
        ("```\n<|im_end|>", "```\n<|im_end|>"),
        ("List<s> and a < b | c > d", "List and a < b | c > d"),
        ("[INST](https://example.org)", "[INST](https://example.org)"),
        ("Just text.", "Just text."),
    ],
)
def test_tokens_are_taken_out_but_not_of_code(markdown: str, kept: str) -> None:
    assert without_template_tokens(markdown) == kept


@pytest.mark.parametrize(
    "unit", ["<|", "<|a", "`", "```", "[", "[/INST", "### ", "### Response", "<｜", "<|im_start|>"]
)
def test_a_hostile_text_takes_linear_time(unit: str) -> None:
    assert_linear_time(without_template_tokens, unit, characters=100_000)


@pytest.mark.parametrize("markdown", ["Hello.<|im_e", "Hello.<|im_end|", "<answer>Hello.</answer>", "Hello.<0x0A>"])
def test_cut_tokens_and_wrapping_tags_are_not_in_the_post(markdown: str) -> None:
    assert without_template_tokens(markdown) == "Hello."
