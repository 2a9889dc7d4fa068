"""Invented newcomers: a name, an address nobody has, and a language."""

from __future__ import annotations

import random

NAMES = {
    "pl": ("Kasia Nowak", "Marek Zieliński", "Agnieszka Wójcik", "Tomasz Lis"),
    "ro": ("Ionuț Popescu", "Elena Dumitru", "Andrei Marin", "Ioana Stan"),
    "uk": ("Олена Шевченко", "Андрій Коваль", "Ірина Бондар", "Максим Ткач"),
    "en": ("Priya Nair", "Daniel Okafor", "Grace Mensah", "Chen Wei"),
    "de": ("Anna Müller", "Jonas Weber", "Lea Schmitt", "Felix Braun"),
    "lt": ("Jonas Petraitis", "Rūta Kazlauskė", "Lukas Urbonas", "Ieva Žukaitė"),
    "bg": ("Иван Петров", "Мария Димитрова", "Георги Колев", "Елица Тодорова"),
    "es": ("Luca García", "María Torres", "Javier Ruiz", "Carmen Vega"),
    "ar": ("أمل حداد", "سامر خليل", "ليلى منصور", "عمر يوسف"),
    "fa": ("نرگس احمدی", "رضا کریمی", "سارا محمدی", "امیر حسینی"),
    "tr": ("Ayşe Yılmaz", "Mehmet Kaya", "Zeynep Demir", "Emre Şahin"),
    "da": ("Ingrid Berg", "Erik Lindqvist", "Maja Strand", "Nils Haugen"),
}
WEIGHTS = {
    "pl": 5, "ro": 5, "uk": 4, "en": 5, "de": 3, "lt": 2, "bg": 2, "es": 2, "ar": 2, "fa": 1, "tr": 1,
    "da": 1,
}  # fmt: skip


def invent(chance: random.Random) -> tuple[str, str, str]:
    """(name, e-mail, language) of somebody who does not exist."""
    language = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    name = chance.choice(NAMES[language])
    return name, f"newcomer{chance.randint(1000, 999999)}@example.org", language
