"""One step with Polars in Python: python polars_steps.py <json-lines> <in> <out>"""
import sys
import polars

step, source, target = sys.argv[1:]
print("ready", flush=True)
SCHEMA = {
    "case_id": polars.Int64, "court_code": polars.String, "defendant_ref": polars.String, "offence": polars.String,
    "plea": polars.String, "amount": polars.Decimal(12, 2), "hearing_date": polars.Date, "created_at": polars.Datetime,
    "is_youth": polars.Boolean, "notes": polars.String,
}


def json_lines():
    rows = polars.scan_csv(source, schema=SCHEMA).with_columns(
        polars.col("amount").cast(polars.String), etl_version=polars.lit("v1.2.3")
    )
    rows.sink_ndjson(target, compression="gzip", compression_level=6)


{"json-lines": json_lines}[step]()
