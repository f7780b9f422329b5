"""The configuration in a folder as JSON: every .tf file of it, read by python-hcl2.

    python read_hcl.py FOLDER
"""

import json
import sys
from pathlib import Path

import hcl2

print(json.dumps([hcl2.loads(file.read_text()) for file in sorted(Path(sys.argv[1]).glob("*.tf"))]))
