"""Markdown drawn at random, and Markdown made to be slow to read."""

from hypothesis import strategies as st

_PARTS = [
    *["`", "``", "```", "```py\n", "~~~\n", "[", "]", "(", ")", "![", "<", ">", "</", "&", "&amp;", "\\", "http"],
    *["://"],
    *["*", "**", "_", "__", "~~", "||", "|", "---", "===", "# ", "- ", "1. ", "> ", "[ ] ", "-# ", "\t", " ", "\n"],
    *["\n\n"],
    *["[a b](https://x.org/y)", "[](http://u@www.x.org:1/)", "[x][1]", "[1]: http://a.b\n", "[^1]", "![a](b)"],
    *["https://a.b/c."],
    *["|a|b|\n", "|-|-|\n", "| --- |\n", "<@1>", "<:a:1>", "<t:1:R>", "</a b:1>", "<b>", "<br>", "<!-- x -->"],
    *["$", "$$", "$x^2$", "\\(", "\\)", "\\[", "\\]", "\\frac", "{1}", "{", "}"],
    *["\\begin{a}", "\\end{a}", "$5 ", "\\times "],
    *["【3†source】", "【", "[1]", "<|im_end|>", "<|im_start|>", "</s>", "### Response:", "###"],
    *["[/INST]", "www.a.b/c?d"],
    *["\ue200cite\ue201", "||x||", "*waves* Hi", "𝓗𝓲", ":thumbsup:", "\ue004", "\ue005"],
    *["text ", "word", "5", "a_b", "3*4", "你好。", "😀", "é", "\ue000", "\r\n"],
]  # fmt: skip
MARKDOWN_TEXTS = st.one_of(st.lists(st.sampled_from(_PARTS), max_size=60).map("".join), st.text(max_size=300))
"""Texts of any kind, most of them full of Markdown."""

HOSTILE_UNITS = [
    *["[", "`", "``x", "```", "[a](", "[a](b(", "[a](b)", "[a][", "![", "![a](", "<", "<b ", "<!--", "</a ", "<@"],
    *["&", "&a"],
    *["\\", "*", "_", "a_", "|", "|a", "|a|\n", "|-|\n", "||", "~", "~~~\n", "#", "# ", "- ", "-", "> ", ">", "1. "],
    *["1"],
    *["http", "https://", "https://a.", "h", "!", "\n", " ", "\t", "`a` ", "``` ", "```\n", "[^", "[a]: ", "<a:"],
    *["(", "x", "$", "$$", "$a", "$a+", "$5 ", "\\(", "\\[a", "\\frac{"],
    *["\\frac", "\\sqrt{{", "\\begin{a}", "\\a", "【", "【1"],
    *["\ue200", "<|", "<|a|>", "<|im_start|>", "###", "### Response", "### Response:", "[/INST", "[1]", "[1,", "www."],
    *["w"],
    *["*a ", "*a* B", "||a", "||a||", "\ue004", "\ue005"],
]  # fmt: skip
"""What a hostile text repeats: mostly beginnings whose end a reader may look for in vain."""
