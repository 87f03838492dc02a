"""The languages that people here tell and write in: their codes and names."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# In BCP 47, by what they are called in English.
NAMES = {
    "en": _("English"),
    "am": _("Amharic"),
    "ar": _("Arabic"),
    "bn": _("Bengali"),
    "bg": _("Bulgarian"),
    "zh": _("Chinese"),
    "cs": _("Czech"),
    "nl": _("Dutch"),
    "fa": _("Farsi"),
    "fr": _("French"),
    "de": _("German"),
    "el": _("Greek"),
    "hi": _("Hindi"),
    "hu": _("Hungarian"),
    "ga": _("Irish"),
    "it": _("Italian"),
    "ckb": _("Kurdish (Sorani)"),
    "lv": _("Latvian"),
    "lt": _("Lithuanian"),
    "ps": _("Pashto"),
    "pl": _("Polish"),
    "pt": _("Portuguese"),
    "pa": _("Punjabi"),
    "ro": _("Romanian"),
    "ru": _("Russian"),
    "sco": _("Scots"),
    "gd": _("Scottish Gaelic"),
    "sk": _("Slovak"),
    "so": _("Somali"),
    "es": _("Spanish"),
    "sw": _("Swahili"),
    "ti": _("Tigrinya"),
    "tr": _("Turkish"),
    "uk": _("Ukrainian"),
    "ur": _("Urdu"),
    "vi": _("Vietnamese"),
    "cy": _("Welsh"),
}
