"""What of this package is compiled? The rest of what pip needs to know stands in setup.cfg.

``optional``: where nothing can be compiled all is installed without it, and numpy does the same.
"""

import sys

from setuptools import Extension, setup

# No product and sum in one step, which some processors have and which rounds otherwise than numpy does.
_EXACT = [] if sys.platform == "win32" else ["-O2", "-g0", "-ffp-contract=off"]

_COMPILED = ("firstpass", "picking", "secondpass", "terms")

setup(
    ext_modules=[
        Extension(
            f"index.ranking.{name}",
            [f"index/ranking/{name}.pyx"],
            depends=["index/ranking/firstpass.pxd"] if name in ("firstpass", "picking") else [],
            extra_compile_args=_EXACT,
            optional=True,
        )
        for name in _COMPILED
    ]
)
