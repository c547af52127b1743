"""One step with arrow-pd-parser: python arrow_pd_parser_steps.py parquet <in> <out>"""
import sys
from arrow_pd_parser import reader, writer

_, source, target = sys.argv[1:]
print("ready", flush=True)
TYPES = {
    "case_id": "int64", "court_code": "string", "defendant_ref": "string", "offence": "string", "plea": "string",
    "amount": "float64", "hearing_date": "date64", "created_at": "timestamp(s)", "is_youth": "bool_",
    "notes": "string", "etl_version": "string",
}
METADATA = {"name": "cases", "columns": [{"name": name, "type": kind} for name, kind in TYPES.items()]}

writer.write(reader.read(source, METADATA, file_format="json"), target, METADATA)
