"""What recognizers are known to make up where nobody speaks: phrases, credits and marks of subtitles.

They learned from subtitles, so it is what stands under a silent picture. Collected from reports on Whisper and the
services built on it, such as https://github.com/openai/whisper/discussions/928 and
https://github.com/openai/whisper/discussions/679.
"""

import re
from typing import Final

SOUNDS: Final = (
    "music|musik|musique|música|musica|muziek|muzyka|музыка|música de fondo|音楽|音乐|音樂|음악|müzik|موسيقى|"
    "applause|applaus|applaudissements|aplausos|applausi|oklaski|аплодисменты|拍手|掌声|掌聲|박수|alkış|تصفيق|"
    "laughter|laughs|laughing|laugh|lachen|gelächter|lacht|rires?|risas|risos|risate|gelach|śmiech|смех|笑|笑声|笑聲|웃음|"
    "silence|stille|silencio|silêncio|silenzio|stilte|cisza|тишина|blank[ _]audio|no[ _]speech|nospeech|inaudible|"
    "unverständlich|inaudibles?|unintelligible|noise|background noise|rauschen|bruit|ruido|ruído|rumore|шум|"
    "cough(?:s|ing)?|hust(?:et|en)|toux|tos|sighs?|seufzt|soupir|suspiro|breathing|breath|sneezes?|clears throat|"
    "crosstalk|typing|keyboard clicking|door (?:opens|closes)|footsteps|beep|phone rings|foreign(?: language)?|"
    "speaking (?:in )?foreign language|cheering|cheers|crying|gasps?|groans?|humming|singing|whistling|instrumental"
)
"""What stands in brackets for a sound, as a regular expression."""

PHRASES: Final[frozenset[str]] = frozenset(
    phrase.strip()
    for phrase in """
    you|thank you|thanks|thank you so much|thank you very much|bye|bye bye|so|okay|oh|yeah|mm hmm|hmm|uh|the end
    thank you for watching|thanks for watching|thank you for listening|thank you so much for watching
    thank you very much for watching|please subscribe|please like and subscribe|like and subscribe
    subscribe to my channel
    dont forget to like and subscribe|please subscribe to my channel|see you next time|see you in the next video
    ill see you in the next video|well be right back|transcribed by otter ai|translated by releases|satsang with mooji
    vielen dank|danke|danke schön|vielen dank fürs zuschauen|danke fürs zuschauen|bis zum nächsten mal|tschüss
    vielen dank für ihre aufmerksamkeit|das wars für heute|und tschüss|das war es für heute
    merci|merci davoir regardé cette vidéo|merci davoir regardé|abonnez vous|abonnez vous à la chaîne|à bientôt
    merci à tous|au revoir|merci de votre attention|noubliez pas de vous abonner
    gracias|gracias por ver|gracias por ver el video|muchas gracias|suscríbete|suscríbete al canal|hasta la próxima
    muchas gracias por ver el video|adiós|nos vemos en el próximo video|no olvides suscribirte
    obrigado|obrigada|obrigado por assistir|obrigado por assistirem|inscreva se no canal|até a próxima|tchau
    grazie|grazie per la visione|grazie a tutti|grazie per aver guardato il video|iscrivetevi al canale|alla prossima
    bedankt|bedankt voor het kijken|dank u wel|dankjewel|tot de volgende keer|tot ziens
    dziękuję|dziękuję za oglądanie|dziękuję za uwagę|dzięki za oglądanie|do zobaczenia|zapraszam do subskrypcji
    спасибо|спасибо за просмотр|спасибо за внимание|до новых встреч|продолжение следует|подписывайтесь на канал
    до свидания|подпишись на канал|ставьте лайки
    teşekkürler|izlediğiniz için teşekkürler|izlediğiniz için teşekkür ederim|abone olmayı unutmayın
    tack|tack för att ni tittade|tack för att du tittade|tack till elever och personal|takk for at du så på
    kiitos|kiitos kun katsoitte|tak fordi i så med|děkuji za pozornost|mulțumesc pentru vizionare
    ご視聴ありがとうございました|ありがとうございました|ご清聴ありがとうございました|チャンネル登録お願いします|おやすみなさい|最後までご視聴ありがとうございました
    次の動画でお会いしましょう|チャンネル登録よろしくお願いします
    谢谢|谢谢观看|謝謝觀看|感谢观看|感謝觀看|谢谢大家
    请不吝点赞订阅转发打赏支持明镜与点点栏目
    請不吝點贊訂閱轉發打賞支持明鏡與點點欄目|下次再见|優優獨播劇場
    시청해주셔서 감사합니다|시청해 주셔서 감사합니다|감사합니다
    구독과 좋아요 부탁드립니다|다음 영상에서 만나요|구독 부탁드립니다
    شكرا|شكرا للمشاهدة|شكرا على المشاهدة|اشتركوا في القناة|धन्यवाद|देखने के लिए धन्यवाद|תודה רבה|תודה על הצפייה
    """.strip()
    .replace("\n", "|")
    .split("|")
)
"""Whole texts, as `words_alone` gives them. People say most of them too."""
CREDITS: Final = re.compile(
    r"amara ?org|opensubtitles|dimatorzok|subscene|sous titr(?:es|age)|"
    r"untertitel(?:ung)? (?:der|im|von|des|aufgrund|zdf|ard)|"
    r"subtitles? (?:by|created|made)|captions? by|transcri(?:bed|ption) by|subtitulado|subtítulos|"
    r"legendas? (?:pela|por)|"
    r"sottotitoli|ondertitel|napisy|субтитры|субтитри|редактор субтитров|字幕|자막|altyazı|"
    r"titulky|tekstet av|undertexter|"
    r"www \w+ (?:com|org|net|de|fr|tv)|swr 20\d\d|copyright|zeoranger",
    re.IGNORECASE,
)
"""What credits hold, whatever stands around it."""
