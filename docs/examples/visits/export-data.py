"""Writes data/visits.csv from the copy of the RAND Health Insurance Experiment that statsmodels carries.

    pip install statsmodels==0.15.0
    python export-data.py

The bytes are checked, so that nobody trains on another file unnoticed. See data/SOURCE.md.
"""

import hashlib
import re
from importlib.resources import files
from pathlib import Path

SHA256 = "6c58ff02c7a568c267e93c3fffc517daba34239da2fed6287e94098b08471a5d"
TARGET = Path(__file__).parent / "data" / "visits.csv"

cells = files("statsmodels.datasets.randhie").joinpath("randhie.csv").read_bytes()
# Line ends become \n, and ".25" becomes "0.25", as the contract requires. No digit is changed, nothing is rounded.
rows = re.sub(rb"(^|,)\.(?=\d)", rb"\g<1>0.", cells.replace(b"\r\n", b"\n"), flags=re.MULTILINE)

found = hashlib.sha256(rows).hexdigest()
if found != SHA256:
    raise SystemExit(f"this is not the data set we know: sha256 {found}, expected {SHA256}")
TARGET.write_bytes(rows)
print(f"{TARGET.name}: {rows.count(10) - 1} rows, sha256 {found}")
