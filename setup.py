"""What of this package is compiled? The rest of what pip needs to know stands in setup.cfg.

``optional``: where nothing can be compiled all is installed without it, and numpy does the same.
"""

import sys

from setuptools import Extension, setup

# No product and sum in one step, which some processors have and which rounds otherwise than numpy does.
_EXACT = [] if sys.platform == "win32" else ["-O2", "-g0", "-ffp-contract=off"]

# What is compiled, and what it shares with others.
_COMPILED = {
    "firstpass": "firstpass",
    "forward": "forward",
    "picking": "firstpass",
    "secondpass": "forward",
    "terms": None,
}

setup(
    ext_modules=[
        Extension(
            f"index.ranking.{name}",
            [f"index/ranking/{name}.pyx"],
            depends=[f"index/ranking/{shared}.pxd"] if shared else [],
            extra_compile_args=_EXACT,
            optional=True,
        )
        for name, shared in _COMPILED.items()
    ]
)
