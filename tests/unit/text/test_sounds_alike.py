"""Names are known again as somebody who only heard them would write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.text.sounds_alike import distance, runs_that_sound_like, sound_alike, sound_of

HEARD = {
    "Molly": "Molly Mollie Marley Mali Moly Maulie Molley Молли Mollee Mally Molli Mollye Maulli Молly Моли",
    "Jarvis": "Jervis Jarvus Jarviss Charvis Jarves Джарвис Jarviz Jarvas Javis Jarwis Djarvis Жарвис",
    "Alexa": "Aleksa Alexah Alexia Elexa Alecsa Алекса アレクサ Alexsa Allexa Aleksah Alexxa Alexer",
    "Siri": "Siree Cirie Seery",
    "Luna": "Loona Lunah Louna Луна ルナ Lunna Lunar Looner Luhna Лунa",
    "Max": "Macks Maks Macs Макс マックス Maxx Maxe Maqs",
    "Clara": "Klara Clarah Klarah Claira Клара クララ Clarra Clarer Klarra Claara",
    "Nova": "Novah Noba Nuova Nover Нова ノヴァ Novva Novar Nowa Knova Noava",
    "Echo": "Ecko Eko",
    "Atlas": "Atlus Adlas",
    "Oliver": "Olliver Olifer Olivar Oliva Оливер Ollivar Olyver Oliwer Allever",
    "Emma": "Ema Emmah Emmer Эмма エマ Emmar Emah Ehma Emmma Емма",
    "Hugo": "Hugoh Hewgo Yugo Хуго Huego Hugow Huggo Yugoh",
    "Bruno": "Brunoh Proono Brewno Бруно Broono Brunno Bruneau Brunow Brúno",
    "María": "Mariah Marya Maria",
    "Ada": "Aida Adah",
    "George": "Jorge Georg",
    "Friday": "Fryday Fridey Freiday Fri-day Фрайдей Frieday Frydey Vriday",
    "Computer": "Komputer Computar",
    "モリー": "モリー",
    "Молли": "молли",
    "Sofía": "Sofia Sophia Zofia Sofiah Saphia София ソフィア Sophiya Sofija Sofya Zofija Soffia",
    "Giulia": "Julia Juliah Julya Djulia Джулия ジュリア Jiulia Giullia Juliya Djulija Yulia",
    "Jürgen": "Jurgen Juergen Jörgen Yurgen Jergen Юрген Jürgin Jurgin",
    "Céline": "Celine Selene Seline Celin Selin Селин Seleen Celeen Cellin Selyn",
    "Kasia": "Kasha Kasja Cassia Kascha Кася Kashia Kassia Kasya Cashia Kaasia",
    "Ольга": "Olga Ольга Олга Ольгу Olgha Ольгa",
    "Ayşe": "Ayshe Aishe Айше Aysche Aische",
    "さくら": "サクラ Sakura Sacura Sakurah Sakkura Sakoora Закура",
    "Sophie": "Sofie Sofy",
}
OTHERS = {
    "Molly": "mostly money mall melon only many jolly Holly polly mommy Emily early really mole merely my me "
    "milk more model mail may maybe moment hello monday memory family mother probably holly melody "
    "lolly Billy Molotov mainly nearly muddy volley modern",
    "Jarvis": "service jars harvest carve nervous travels jealous chervil varnish previous charming",
    "Alexa": "relax Alex election elect access Alaska alexis' lecture extra Alan Alice",
    "Siri": "sorry series city sir seriously story",
    "Luna": "lunch tuna moon soon alone line leaner loan learn lemon unit lung Linda",
    "Max": "mix match make tax mask marks maps Mike milk moss mate",
    "Clara": "clear class clarify clever color declare carrot colour cleaner collar glory",
    "Nova": "never over no now november nobody novel Nora nothing move knowing",
    "Echo": "each ego okay",
    "Sophie": "sofa coffee so safe",
    "Oliver": "over olive however all deliver olives liver delivery alive oblivious lover",
    "Emma": "him am my in a any Emily ham hammer enemy uncle empty",
    "Hugo": "huge ago you who go hungry hug human hello igloo you're",
    "Bruno": "brown bring bro brother prune burn bruise brunch brand piano bruised",
    "Maria": "marry area more",
    "Ada": "add other at either idea",
    "George": "judge gorgeous charge",
    "Friday": "fried fry frightened ready first freedom freaky fridge Frida's forty",
    "Computer": "compute computers",
    "Sofía": "sofa coffee so safe software surf soup suffer Sophie's far as saw",
    "Giulia": "July jewel just usually jelly Juliet January gorilla jury gel",
    "Jürgen": "jogging your urgent yogurt year German Jordan Virgin jungle urge organ",
    "Céline": "feeling ceiling selling seven listen silly sailing salad silence saloon celery",
    "Kasia": "cash cashier case catch crash cause casino coach quiche castle",
    "Ольга": "только долго ольха всегда иногда Олег опять иголка волга",
    "Ayşe": "I she ice age eyes ash Asia usher action itch as",
    "さくら": "さくや ください まくら さっき くらい さかな くらす そら さむい",
}


@pytest.mark.parametrize("name", HEARD)
def test_a_name_is_known_again_as_it_is_heard(name: str) -> None:
    assert not [heard for heard in HEARD[name].split() if not sound_alike(name, heard)]


@pytest.mark.parametrize("name", OTHERS)
def test_another_word_is_not_the_name(name: str) -> None:
    assert not [word for word in OTHERS[name].split() if sound_alike(name, word)]


def test_a_name_is_found_in_several_words_and_several_words_in_a_name() -> None:
    assert runs_that_sound_like("Jarvis", ["hey", "jar", "vis", "stop"]) == [(1, 3)]
    assert runs_that_sound_like("Miss Molly", ["good", "evening", "miss", "molly"]) == [(2, 4)]
    assert runs_that_sound_like("Emma", ["i'm", "a", "teacher"]) == []


@given(st.text(max_size=50), st.text(max_size=50))
def test_any_two_words_are_compared_and_either_way_alike(one: str, other: str) -> None:
    first, second = sound_of(one), sound_of(other)
    assert distance(first, second) >= 0
    assert distance(first, first) == 0
    assert distance(first, second) == pytest.approx(distance(second, first))
