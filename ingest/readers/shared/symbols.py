"""Which character does a symbol font show for a code? Symbol and Wingdings put theirs at U+F000 … U+F0FF."""

from __future__ import annotations

_SYMBOL = {
    0x22: "∀", 0x2D: "−", 0x61: "α", 0x62: "β", 0x64: "δ", 0x65: "ε", 0x67: "γ", 0x6C: "λ", 0x6D: "μ",
    0x70: "π", 0x71: "θ", 0x72: "ρ", 0x73: "σ", 0x74: "τ", 0x77: "ω", 0x44: "Δ", 0x53: "Σ", 0x57: "Ω",
    0xA3: "≤", 0xB3: "≥", 0xB0: "°", 0xB1: "±", 0xB4: "×", 0xB7: "•", 0xB8: "÷", 0xB9: "≠", 0xBB: "≈",
    0xAE: "→", 0xAC: "←", 0xDE: "⇒", 0xD2: "®", 0xD3: "©", 0xD4: "™", 0xA5: "∞",
}  # fmt: skip
_WINGDINGS = {
    0x6C: "●", 0x6E: "■", 0x6F: "□", 0x70: "❐", 0x71: "❑", 0x72: "❒", 0x75: "◆", 0x76: "❖", 0x77: "◆",
    0xA7: "▪", 0xA8: "☐", 0xD8: "➢", 0xE0: "→", 0xE8: "➔", 0xF0: "⇨", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑", 0x28: "☎", 0x2A: "✉", 0x4A: "☺",
}  # fmt: skip
_BULLET = "•"


def shown(font: str, code: str) -> str:
    """Return the character that a font shows for a hexadecimal code; nothing for a picture without a name."""
    try:
        number = int(code, 16)
    except ValueError:
        return ""
    if not 0xF000 <= number <= 0xF0FF and number > 0xFF:
        return chr(number) if number < 0x110000 else ""
    family = font.casefold()
    if "wingdings" in family:
        return _WINGDINGS.get(number & 0xFF, _BULLET)
    if "symbol" in family:
        return _SYMBOL.get(number & 0xFF, _plain(number & 0xFF))
    return _plain(number & 0xFF)


def _plain(code: int) -> str:
    return chr(code) if 0x20 <= code < 0x7F else ""
