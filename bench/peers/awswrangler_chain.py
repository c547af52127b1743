"""The whole chain with awswrangler, in one process: BENCH_ROWS rows"""
import json
import os
import time
import awswrangler as wr
import boto3
import pandas as pd

ROWS = int(os.environ["BENCH_ROWS"])
TIMESTAMP = 1534968800
LANDED = "prod/db/cases/cases.csv"
NAME = f"prod/db/cases-aw/file_land_timestamp={TIMESTAMP}/cases_{TIMESTAMP}"
CURATED = "s3://curated/prod/awswrangler/cases/"
COLUMNS = "case_id,court_code,defendant_ref,offence,plea,amount,hearing_date,created_at,is_youth,notes".split(",")

began = time.time()
rows = wr.s3.read_csv(f"s3://land/{LANDED}", dtype={"court_code": "string"})
assert list(rows.columns) == COLUMNS and len(rows) == ROWS
rows["hearing_date"] = pd.to_datetime(rows.hearing_date, format="%Y-%m-%d").dt.date
rows["created_at"] = pd.to_datetime(rows.created_at)
boto3.client("s3").copy({"Bucket": "land", "Key": LANDED}, "raw-hist", f"{NAME}.csv")
wr.s3.to_json(
    rows, f"s3://processed/{NAME}.jsonl.gz", orient="records", lines=True, date_format="iso", compression="gzip"
)
wr.catalog.create_database("bench_awswrangler", exist_ok=True)
rows["file_land_timestamp"] = TIMESTAMP
wr.s3.to_parquet(
    rows, CURATED, dataset=True, database="bench_awswrangler", table="cases",
    partition_cols=["file_land_timestamp"], mode="overwrite_partitions", dtype={"hearing_date": "date"},
)
seconds = time.time() - began
print(json.dumps({"seconds": seconds, "outputBytes": sum(wr.s3.size_objects(CURATED).values())}), flush=True)
