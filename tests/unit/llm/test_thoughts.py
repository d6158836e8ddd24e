"""Thoughts inside a reply: taken out wherever the stream is cut, and nothing else with them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.retractable_text import Retraction
from assistant.llm.thoughts import ThoughtFilter
from tests.support.linear_time import assert_linear_time

ANSWER = "Hello there!"
TAGGED = {
    "think": "<think>They greet me.</think>Hello there!",
    "blank lines": "<think>\nThey greet me.\n</think>\n\nHello there!",
    "empty": "<think>\n\n</think>\n\nHello there!",
    "before it blanks": "\n <think>Hm.</think> Hello there!",
    "upper case": "<THINK>Hm.</Think>Hello there!",
    "attributes": '<think effort="high">Hm.</think >Hello there!',
    "blanks in it": "< think >Hm.< /think >Hello there!",
    "thinking": "<thinking>Hm.</thinking>Hello there!",
    "two names of one": "<thinking>Hm.</think>Hello there!",
    "thought": "<thought>Hm.</thought>Hello there!",
    "reasoning": "<reasoning>Hm.</reasoning>Hello there!",
    "reason": "<reason>Hm.</reason>Hello there!",
    "magistral": "[THINK]Hm.[/THINK]Hello there!",
    "kimi": "◁think▷Hm.◁/think▷Hello there!",
    "seed": "<seed:think>Hm.</seed:think>Hello there!",
    "openthinker": "<|begin_of_thought|>Hm.<|end_of_thought|>\n<|begin_of_solution|>Hello there!<|end_of_solution|>",
    "cohere": "<|START_THINKING|>Hm.<|END_THINKING|><|START_RESPONSE|>Hello there!<|END_RESPONSE|>",
    "apertus": "<|inner_prefix|>Hm.<|inner_suffix|>Hello there!",
    "gemma": "<|channel>thought\nHm.<channel|>Hello there!",
    "medgemma": "<unused94>thought\nHm.<unused95>Hello there!",
    "answer tags": "<think>Hm.</think>\n<answer>Hello there!</answer>",
    "two thoughts": "<think>Hm.</think><think>Well.</think>Hello there!",
    "a thought in the middle": "Hello <think>Is that all?</think>there!",
    "code in the thought": "<think>```\nx\n</think>Hello there!",
    "a tag mentioned in the thought": '<think>Not `</think>` yet, nor "</think>".</think>Hello there!',
    "a comparison in the thought": "<think>1 < 2 <b> </thi </thinkers></think>Hello there!",
    "a closing tag again": "<think>Hm.</think></think>Hello there!",
    "only the closing tag, before any text": "\n</think>\n\nHello there!",
    "harmony": "<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>final<|message|>Hello there!",
    "harmony to its end": "<|start|>assistant<|channel|>analysis<|message|>Hm.<|end|><|start|>assistant<|channel|>"
    "commentary<|message|>Well.<|end|><|start|>assistant<|channel|>final<|message|>Hello there!<|return|>",
    "harmony, the answer alone": "<|channel|>final<|message|>Hello there!<|return|>",
    "harmony without channels": "<|start|>assistant<|message|>Hello there!<|end|>",
    "harmony with a call": "<|channel|>commentary to=functions.x <|constrain|>json<|message|>{}<|call|>"
    "<|start|>assistant<|channel|>final<|message|>Hello there!",
    "harmony without its special tokens": "analysisThey greet me. I answer.assistantfinalHello there!",
    "granite": "Here is my thought process: They greet me.\n\nHere is my response: Hello there!",
    "granite, shorter": "Here's my thought process:\nHm.\n\nHere's my response:\nHello there!",
    **{
        name: f"<{name}>They greet me.</{name}>Hello there!"
        for name in ("chain-of-thought", "chain_of_thought", "cot", "thought_process", "THOUGHT-PROCESS", "deep_think")
    },
    **{
        name: f"<{name} steps=3>\nHm.\n</{name}>\nHello there!"
        for name in ("reasoning_scratchpad", "REASONING_SCRATCHPAD", "analysis", "inner_thought", "monologue", "思考")
    },
    **{
        f"{begin} {end}": f"{begin}\nThey greet me.\n{end}\nHello there!"
        for begin, end in (
            *(
                ("<|thinking|>", "<|/thinking|>"),
                ("<|think_start|>", "<|think_end|>"),
                ("<think_start>", "<think_end>"),
            ),
            *(("<|begin_of_reasoning|>", "<|end_of_reasoning|>"), ("<|thought_start|>", "<|thought_end|>")),
            *(("<ctrl94>thought", "<ctrl95>"), ("<|think|>", "<|end|>")),
        )
    },
    **{
        f"wrapped in {name}": f"<think>Hm.</think>\n<{name}>\nHello there!\n</{name}>"
        for name in ("output", "final", "final_answer", "final-response", "solution", "reply")
    },
    "an empty element": "<think/>Hello there!",
    "an empty element with a blank": "<think />\nHello there!",
    "apriel": "Here are my reasoning steps:\nHm.\n[BEGIN FINAL RESPONSE]\nHello there!\n[END FINAL RESPONSE]",
    "harmony without its special tokens, on lines": "analysis\nThey greet me.\nassistantfinal\nHello there!",
    "harmony without its special tokens, small": "analysisuser greets me.assistantfinalHello there!",
    "harmony without its special tokens, with the role": "assistantanalysisHm.assistantfinalHello there!",
    "behind the answer, and never closed": "Hello there!\n<think>\nThey greet me. I greet",
    "close behind the answer, and never closed": "Hello there! <think>They greet me. I greet",
    **{
        f"a call as {begin}": f"{begin}Hm.{end}Hello there!"
        for begin, end in (
            *(("<function=get_weather>", "</function>"), ('<invoke name="x">', "</invoke>")),
            *(("<minimax:tool_call>", "</minimax:tool_call>"), ("<TOOLCALL>", "</TOOLCALL>")),
            *(("<｜tool▁calls▁begin｜>", "<｜tool▁calls▁end｜>"), ("<|action_start|>", "<|action_end|>")),
            *(
                ("<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
                ("<|tool_call_start|>", "<|tool_call_end|>"),
            ),
        )
    },
    "a call of a tool": '<tool_call>{"name": "x"}</tool_call>Hello there!',
}
UNOPENED = {
    "think": "They greet me.\nI answer.\n</think>\n\nHello there!",
    "in one line": "They greet me.</think>Hello there!",
    "magistral": "They greet me.[/THINK]Hello there!",
    "kimi": "They greet me.◁/think▷Hello there!",
    "thought": "They greet me.</thought>Hello there!",
    "harmony": "They greet me.<|end|><|start|>assistant<|channel|>final<|message|>Hello there!",
    "harmony, the header without its mark": "analysis<|message|>Hm.<|end|><|channel|>final<|message|>Hello there!",
}
TEXTS = (
    "The tag `<think>` opens a thought and `</think>` closes it.",
    'It writes "<think>" and then "</think>" and is done.',
    "``x ` <think>`` is code.",
    "```\n<think>\nHm.\n</think>\nHello\n```\nThat is all.",
    "- like this:\n  ~~~xml\n  <think>Hm.</think>\n  ~~~\n",
    "```\n~~~\n<think>Hm.</think>\n```\n",
    "1 < 2, a <b>c</b>, <thinner> and <thinkers> and </thinks> and [thinking] and [think](https://example.org).",
    "x <think",
    "I say <",
    "She typed <think> and left.",
    "analysis is a noun, and Analysis too.",
    "analysis",
    "Here is my thought process: first I look, then I leap.",
    "Here is my answer, and here's my response: yes.",
    "Here",
    "I <3 you",
    "<|im_end|> is a token, and so is <|end|>.",
    "<answer>yes</answer>",
    "It`s so.\nHello",
    "",
    " ",
)


def read(stream: list[str], *, is_cut: bool = False, begins_in_thought: bool = False) -> str:
    """What is left at the end of what is given out."""
    thoughts = ThoughtFilter(begins_in_thought=begins_in_thought)
    left = ""
    for piece in [*(piece for delta in stream for piece in thoughts.feed(delta)), *thoughts.finish(is_cut=is_cut)]:
        left = "" if isinstance(piece, Retraction) else left + piece
    return left


def cut(text: str, places: list[int]) -> list[str]:
    edges = [0, *sorted(place % (len(text) + 1) for place in places), len(text)]
    return [text[start:end] for start, end in pairwise(edges)]


@pytest.mark.parametrize(
    "text", [*TAGGED.values(), *UNOPENED.values()], ids=[*TAGGED, *(f"only closed: {key}" for key in UNOPENED)]
)
def test_only_the_answer_is_left(text: str) -> None:
    assert read([text]).strip() == ANSWER
    assert read(list(text)).strip() == ANSWER


@pytest.mark.parametrize("text", TAGGED.values(), ids=TAGGED)
def test_no_thought_with_an_opening_tag_is_given_out_even_for_a_moment(text: str) -> None:
    thoughts = ThoughtFilter()
    out = [piece for character in text for piece in thoughts.feed(character)]
    assert Retraction() not in out
    assert "".join(piece for piece in out if isinstance(piece, str)).strip() in ANSWER


@pytest.mark.parametrize("text", TEXTS)
def test_what_is_no_thought_is_left_as_it_is(text: str) -> None:
    assert read([text]) == text
    assert read(list(text)) == text


@given(st.sampled_from([*TAGGED.values(), *UNOPENED.values(), *TEXTS]), st.lists(st.integers(0, 300), max_size=8))
def test_wherever_the_stream_is_cut_the_same_is_left(text: str, places: list[int]) -> None:
    assert read(cut(text, places)) == read([text])


@given(
    st.lists(
        st.sampled_from([*'<>[]/|`\n t"', "think", "</think>", "<think>", "<|end|>", "<|channel|>", "a"]), max_size=40
    )
)
def test_any_stream_leaves_the_same_in_any_pieces(parts: list[str]) -> None:
    assert read(parts) == read(["".join(parts)])


@given(
    st.text(st.characters(exclude_characters="<[◁"), max_size=60).filter(
        lambda text: not text.strip().startswith(("a", "H"))
    )
)
def test_what_cannot_be_a_thought_is_not_held_back(text: str) -> None:
    assert "".join(map(str, ThoughtFilter().feed(text))) == text


@pytest.mark.parametrize(
    "text", ["a <b", "a <thinner", "a [thing", "a <|im_end|", "a < 5", "a </p", "analysis of", "Hello", "Here were"]
)
def test_a_beginning_that_no_tag_has_is_not_held_back(text: str) -> None:
    assert "".join(map(str, ThoughtFilter().feed(text))) == text


def test_a_backtick_that_nothing_closes_ends_with_its_line() -> None:
    assert read(["It`s so.\n<think>Hm.</think>Hello"]) == "It`s so.\nHello"


def test_a_reply_of_thoughts_alone_leaves_nothing() -> None:
    for text in (
        "<think>Hm, they greet",
        "<think>Hm.</think>",
        "<|channel|>analysis<|message|>Hm.",
        "<tool_call>{}</tool_call>",
    ):
        assert not read([text], is_cut=True).strip()
        assert not read([text]).strip()


def test_a_thought_that_nobody_closes_is_given_back_only_where_it_is_short() -> None:
    assert read(["Type <think>"]) == "Type <think>"
    assert read(["Type <think>: ", "x" * 40_000]) == "Type "


def test_a_message_to_a_tool_is_a_call_of_it() -> None:
    for header in ("commentary to=functions.x ", "analysis to=browser.search code", "commentary json to=functions.x"):
        thoughts = ThoughtFilter()
        assert thoughts.feed(f"<|channel|>{header}<|message|>{{}}<|call|>") == []
        assert thoughts.has_tool_calls
    thoughts = ThoughtFilter()
    thoughts.feed("<|channel|>commentary<|message|>Hm.<|end|>")
    assert not thoughts.has_tool_calls


def test_a_closing_tag_with_nothing_before_it_teaches_nothing() -> None:
    thoughts = ThoughtFilter()
    assert "".join(map(str, thoughts.feed("</think>Hello there!"))) == ANSWER
    assert not thoughts.begins_in_thought


def test_a_thought_that_a_limit_cuts_is_not_given_back() -> None:
    assert read(["Hello. <think>Hm, shall I"], is_cut=True) == "Hello. "


def test_where_only_the_closing_tag_comes_the_next_reply_is_held_until_it_does() -> None:
    first = ThoughtFilter()
    first.feed(UNOPENED["think"])
    assert first.lacks_opening
    thoughts = ThoughtFilter(begins_in_thought=True)
    assert thoughts.feed("They greet me. </thi") == []
    assert thoughts.feed("nk>Hello") == ["Hello"]
    assert thoughts.feed(" there!") == [" there!"]
    assert thoughts.begins_in_thought


def test_a_held_reply_that_a_limit_cuts_in_its_thoughts_leaves_the_next_one_held_too() -> None:
    thoughts = ThoughtFilter(begins_in_thought=True)
    assert thoughts.feed("They greet me and") == []
    assert thoughts.finish(is_cut=True) == []
    assert thoughts.begins_in_thought
    whole = ThoughtFilter(begins_in_thought=True)
    assert [*whole.feed("Hello there!"), *whole.finish(is_cut=False)] == [ANSWER]
    assert not whole.begins_in_thought, "the next one is not held"


def test_a_reply_that_was_held_and_has_no_closing_tag_is_given_out_in_the_end() -> None:
    assert read(["Hello ", "there!"], begins_in_thought=True) == ANSWER
    assert read(["<think>Hm.</think>Hello there!"], begins_in_thought=True) == ANSWER
    assert read(["I have to think and"], begins_in_thought=True, is_cut=True) == ""


@pytest.mark.parametrize(
    "unit",
    [
        "<",
        "<think",
        "<think ",
        "[",
        "</",
        "< ",
        "`",
        "```\n",
        "<|",
        "<|channel|>",
        "<think></think>",
        "</think>",
        '"<',
        "analysis",
        "Here is my thought process: first I look, then I leap.",
        "Here is my answer, and here's my response: yes.",
        "Here",
        "◁",
    ],
)
def test_the_time_is_linear(unit: str) -> None:
    def read_in_two_ways(text: str) -> None:
        thoughts = ThoughtFilter()
        for start in range(0, len(text), 3):
            thoughts.feed(text[start : start + 3])
        thoughts.feed(text)
        thoughts.finish(is_cut=False)

    assert_linear_time(read_in_two_ways, unit, 40_000)


def test_a_closing_tag_behind_all_text_takes_nothing_back_and_teaches_nothing() -> None:
    thoughts = ThoughtFilter()
    given = [*thoughts.feed("Hello there!\n</think>"), *thoughts.feed("\n"), *thoughts.finish(is_cut=False)]
    assert "".join(map(str, given)).strip() == "Hello there!"
    assert not thoughts.begins_in_thought, "each reply would be held to its end"


def test_what_a_limit_cuts_behind_a_closing_tag_was_a_thought() -> None:
    thoughts = ThoughtFilter()
    given = [*thoughts.feed("They greet me.</think>"), *thoughts.finish(is_cut=True)]
    assert isinstance(given[-1], Retraction)
    assert thoughts.begins_in_thought
