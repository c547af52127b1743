"""F1 with data_linter, on local files: python data_linter_check.py <in> <folder>"""
import json
import os
import shutil
import sys
from data_linter.validation import run_validation

source, folder = sys.argv[1:]
print("ready", flush=True)
TYPES = {
    "case_id": "int64", "court_code": "string", "defendant_ref": "string", "offence": "string", "plea": "string",
    "amount": "float64", "hearing_date": "date64", "created_at": "timestamp(s)", "is_youth": "bool_",
    "notes": "string",
}
RULES = {
    "case_id": {"nullable": False, "unique": True},
    # It reads codes as numbers, so that those that begin with 0 would not match a pattern of four digits.
    "court_code": {"nullable": False, "pattern": r"^\d{1,4}$"},
    "defendant_ref": {"nullable": False, "pattern": r"^D\d{8}$"},
    "offence": {"nullable": False, "enum": ["theft", "fraud", "assault", "burglary", "speeding"]},
    "plea": {"enum": ["guilty", "not guilty"]},
    "amount": {"nullable": False, "minimum": 0},
    "created_at": {"datetime_format": "%Y-%m-%dT%H:%M:%S"},
}
shutil.rmtree(folder, ignore_errors=True)
for area in ("land", "pass", "fail", "log"):
    os.makedirs(os.path.join(folder, area))
os.link(source, os.path.join(folder, "land", "cases.csv"))
os.chdir(folder)
columns = [{"name": name, "type": kind, **RULES.get(name, {})} for name, kind in TYPES.items()]
with open("cases.json", "w") as metadata:
    json.dump({"name": "cases", "file_format": "csv", "columns": columns}, metadata)
run_validation({
    "land-base-path": "land/", "pass-base-path": "pass/", "fail-base-path": "fail/", "log-base-path": "log/",
    "compress-data": False, "remove-tables-on-pass": False, "all-must-pass": True,
    "timestamp-partition-name": "file_land_timestamp",
    "tables": {"cases": {"required": True, "pattern": "^cases", "metadata": "cases.json", "expect-header": True}},
})
assert any(files for _, _, files in os.walk("pass")), "data_linter let nothing pass"
