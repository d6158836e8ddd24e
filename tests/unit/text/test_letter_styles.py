import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.letter_styles import plain_letters


@pytest.mark.parametrize(
    ("styled", "plain"),
    [
        ("𝓗𝓮𝓵𝓵𝓸, 𝕳𝖎, 𝙷𝚒, 𝗛𝗶, ℍ𝕚!", "Hello, Hi, Hi, Hi, Hi!"),
        ("Ｈｅｌｌｏ　１２３％", "Hello　123%"),
        ("Ⓗⓔⓛⓛⓞ 🅗🅘 🅷🅸 🄷🄸", "Hello HI HI HI"),
        ("ʜᴇʟʟᴏ ꜰʀᴏᴍ", "hello from"),
        ("ᴴᵉˡˡᵒ 5ᵗʰ", "Hello 5th"),
        ("h̶e̶l̶l̶o̶ u̲p̲", "hello up"),
        ("ﬁne, Ⅷ, CO₂, ①, ❷", "fine, VIII, CO2, 1, 2"),
        ("ｶﾞｯﾂ", "ガッツ"),
        ("𝟏𝟐𝟑 𝛼", "123 α"),
        ("x² m³ 1½ ™ №5 20℃ 10⁶ xⁿ", "x² m³ 1½ ™ №5 20℃ 10⁶ xⁿ"),
        ("㎏ ㎡", "kg m²"),
        ("是，吗？「はい」～", "是，吗？「はい」～"),
        ("é, ñ, ß, Å, Ж, א, ع, 한, ไ", "é, ñ, ß, Å, Ж, א, ع, 한, ไ"),
        ("👍🏽 ❤️ ℹ️", "👍🏽 ❤️ ℹ️"),
    ],
)
def test_styled_letters_become_plain_and_signs_keep_their_meaning(styled: str, plain: str) -> None:
    assert unicodedata.normalize("NFC", plain_letters(styled)) == plain


@given(st.text(max_size=50), st.integers(0, 50))
def test_the_letters_do_not_depend_on_how_the_text_arrives(text: str, cut: int) -> None:
    assert plain_letters(text[:cut]) + plain_letters(text[cut:]) == plain_letters(text)
