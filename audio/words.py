"""Reasons for refusal and warnings, in the reader's language: what is so, and what to do."""

from collections.abc import Mapping

from audio.errors import Fact

__all__ = ["LANGUAGES", "SENTENCES", "say"]

LANGUAGES = ("vi", "en")

SENTENCES: Mapping[str, Mapping[str, str]] = {
    # Refused
    "damaged": {
        "vi": "Tệp bị hỏng hoặc bị thiếu một phần. Hãy gửi lại tệp gốc.",
        "en": "The file is damaged or a part of it is missing. Send the original again.",
    },
    "cut_short": {
        "vi": "Tệp bị thiếu một phần: chỉ đọc được {found_s} trên {declared_s}. Hãy gửi lại tệp gốc.",
        "en": "A part of the file is missing: {found_s} of {declared_s} can be read. Send the original.",
    },
    "empty": {
        "vi": "Tệp rỗng, không có dữ liệu. Hãy chọn tệp khác.",
        "en": "The file is empty. Choose another one.",
    },
    "missing": {
        "vi": "Không tìm thấy tệp, hoặc đó không phải là tệp thường.",
        "en": "There is no such file, or it is not an ordinary file.",
    },
    "no_sound": {
        "vi": "Tệp không có âm thanh (ví dụ: hình ảnh hoặc video câm). Hãy chọn tệp có tiếng.",
        "en": "There is no sound in this file (a picture or a silent video, perhaps). Choose one with sound.",
    },
    "not_audio": {
        "vi": "Đây không phải là tệp âm thanh đọc được. Hãy chọn tệp MP3, M4A, WAV hoặc tương tự.",
        "en": "This is not an audio file that can be read. Choose an MP3, M4A, WAV or similar file.",
    },
    "silent": {
        "vi": "Tệp chỉ có im lặng, không nghe thấy gì. Hãy kiểm tra micrô rồi thu lại.",
        "en": "There is only silence in this file. Check the microphone and record again.",
    },
    "too_large": {
        "vi": "Tệp quá lớn: {found_mb} MB, giới hạn là {limit_mb} MB.",
        "en": "The file is too large: {found_mb} MB, the limit is {limit_mb} MB.",
    },
    "too_long": {
        "vi": "Bản ghi quá dài: dài hơn giới hạn {limit_s}. Hãy cắt thành nhiều phần.",
        "en": "The recording is too long: the limit is {limit_s}. Cut it into parts.",
    },
    "too_short": {
        "vi": "Bản ghi quá ngắn ({found_s}), không thể phát. Hãy thu lại.",
        "en": "The recording is too short to be broadcast ({found_s}). Record again.",
    },
    # Warned
    "boosted": {
        "vi": "Bản gốc rất nhỏ, đã được tăng {gain_db} dB; tiếng nền có thể nghe rõ hơn.",
        "en": "The original is very quiet and was raised by {gain_db} dB; its background noise may be heard.",
    },
    "clipped": {
        "vi": "Bản gốc bị vỡ tiếng do thu quá to. Nên thu lại nhỏ hơn.",
        "en": "The original was recorded too loud and is clipped. Better record again, softer.",
    },
    "flawed": {
        "vi": "Một vài chỗ trong bản gốc không đọc được. Hãy nghe lại trước khi dùng.",
        "en": "Some places of the original cannot be read. Listen to it before using it.",
    },
    "one_channel": {
        "vi": "Hai kênh của bản gốc ngược pha và sẽ triệt tiêu nhau; chỉ dùng một kênh.",
        "en": "The original's two channels cancel each other; only one of them is used.",
    },
    "quieter_than_house": {
        "vi": "Nhỏ hơn mức chung ({integrated_lufs} thay vì {target_lufs} LUFS) để không bị vỡ tiếng.",
        "en": "Quieter than house loudness ({integrated_lufs}, not {target_lufs} LUFS), to avoid distortion.",
    },
    "trimmed": {
        "vi": "Đã cắt khoảng lặng: {lead_s} ở đầu và {tail_s} ở cuối.",
        "en": "Silence was cut off: {lead_s} at the start and {tail_s} at the end.",
    },
    "short": {
        "vi": "Bản ghi chỉ dài {found_s}, rất ngắn. Hãy nghe thử trước khi dùng.",
        "en": "The recording lasts only {found_s}. Listen to it before using it.",
    },
}


def say(code: str, facts: Mapping[str, Fact], language: str) -> str:
    """The sentence for a reason or warning code, with its facts, in "vi" or "en" (anything else: "en").

    An unknown code, or a fact that is missing, is shown as it is rather than hidden.
    """
    chosen = language if language in LANGUAGES else "en"
    sentences = SENTENCES.get(code)
    if sentences is None:
        return ": ".join(filter(None, [code, ", ".join(f"{name}={value}" for name, value in facts.items())]))
    shown = {name: shown_fact(name, value, chosen) for name, value in facts.items()}
    return sentences[chosen].format_map(Shown(shown))


class Shown(dict[str, str]):
    """A fact that was not given stays visible by its name."""

    def __missing__(self, name: str) -> str:
        return f"[{name}]"


def shown_fact(name: str, value: Fact, language: str) -> str:
    """Seconds as a length of time, other numbers with the language's decimal mark."""
    if name.endswith("_s") and not isinstance(value, str):
        return shown_length(float(value), language)
    return decimal(value, language) if isinstance(value, float) else str(value)


def shown_length(seconds: float, language: str) -> str:
    hours, minutes, second = {"vi": ("giờ", "phút", "giây"), "en": ("h", "min", "s")}[language]
    if seconds < 60:
        return f"{decimal(seconds, language)} {second}"
    whole = round(seconds)
    parts = [(whole // 3600, hours), (whole % 3600 // 60, minutes), (whole % 60, second)]
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def decimal(value: float, language: str) -> str:
    text = f"{value:g}" if abs(value) < 1e5 else f"{value:.0f}"
    return text.replace(".", ",") if language == "vi" else text
