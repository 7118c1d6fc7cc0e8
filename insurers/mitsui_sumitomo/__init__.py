"""Mitsui Sumitomo (三井住友海上). The wire is this project's invention; see WIRE.md."""

from insurers.mitsui_sumitomo.adapter import connect
from insurers.mitsui_sumitomo.manifest import MANIFEST

__all__ = ["MANIFEST", "connect"]
