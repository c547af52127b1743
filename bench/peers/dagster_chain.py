"""The whole chain with Dagster and Polars, in one process: BENCH_ROWS rows"""
import gzip
import io
import json
import os
import time
import awswrangler as wr
import boto3
import dagster as dg
import polars as pl

ROWS = int(os.environ["BENCH_ROWS"])
TIMESTAMP = "1534968800"
LANDED = "prod/db/cases/cases.csv"
ARCHIVED = f"prod/db/cases/file_land_timestamp={TIMESTAMP}/cases_{TIMESTAMP}.csv"
PROCESSED = f"prod/db/cases/file_land_timestamp={TIMESTAMP}/cases_{TIMESTAMP}.jsonl.gz"
CURATED = "s3://curated/prod/dagster/cases/"
s3 = boto3.client("s3")
parts = dg.DynamicPartitionsDefinition(name="file_land_timestamp")


def read_csv(bucket, key):
    body = s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    return pl.read_csv(body, schema_overrides={"court_code": pl.Utf8}, try_parse_dates=True)


@dg.asset(partitions_def=parts, check_specs=[dg.AssetCheckSpec("schema_and_volume", asset="raw_hist", blocking=True)])
def raw_hist():
    rows = read_csv("land", LANDED)
    yield dg.AssetCheckResult(passed=rows.width == 10 and rows.height == ROWS, metadata={"rows": rows.height})
    s3.copy({"Bucket": "land", "Key": LANDED}, "raw-hist", ARCHIVED)
    yield dg.MaterializeResult(metadata={"dagster/row_count": rows.height})


@dg.asset(partitions_def=parts, deps=[raw_hist])
def processed():
    lines = io.BytesIO()
    read_csv("raw-hist", ARCHIVED).write_ndjson(lines)
    s3.put_object(Bucket="processed", Key=PROCESSED, Body=gzip.compress(lines.getvalue(), 6))


@dg.asset(partitions_def=parts, deps=[processed])
def curated():
    body = s3.get_object(Bucket="processed", Key=PROCESSED)["Body"].read()
    rows = pl.read_ndjson(gzip.decompress(body)).to_pandas()
    rows["file_land_timestamp"] = int(TIMESTAMP)
    wr.catalog.create_database("bench_dagster", exist_ok=True)
    wr.s3.to_parquet(
        rows, CURATED, dataset=True, database="bench_dagster", table="cases",
        partition_cols=["file_land_timestamp"], mode="overwrite_partitions",
    )


instance = dg.DagsterInstance.ephemeral()
instance.add_dynamic_partitions("file_land_timestamp", [TIMESTAMP])
began = time.time()
result = dg.materialize([raw_hist, processed, curated], partition_key=TIMESTAMP, instance=instance)
seconds = time.time() - began
assert result.success
print(json.dumps({"seconds": seconds, "outputBytes": sum(wr.s3.size_objects(CURATED).values())}), flush=True)
