"""Reads tables as their users do from Python: python_readers.py READER TABLE, which prints JSON."""
import base64
import decimal
import json
import os
import sys
import tempfile

import awswrangler as wr
import boto3
import duckdb
import pandas as pd


def quoted(columns):
    return ", ".join(f'"{name}"' for name in columns)


def read_by_awswrangler(database, table, columns):
    """The Glue catalogue's types, and what Athena answers."""
    catalogue = wr.catalog.table(database=database, table=table)
    types = dict(zip(catalogue["Column Name"], catalogue["Type"]))
    frame = wr.athena.read_sql_query(
        f"SELECT {quoted(columns)} FROM {table}",
        database=database,
        ctas_approach=False,
        workgroup=os.environ["WORK_GROUP"],
    )
    return [(name, types[name]) for name in columns], frame[columns].itertuples(index=False, name=None)


def read_by_duckdb(database, table, columns):
    """The Parquet files at the place that Glue names, their partitions from the names of their folders.
    Types are in the files: where there are none, None."""
    s3 = boto3.client("s3")
    description = boto3.client("glue").get_table(DatabaseName=database, Name=table)["Table"]
    bucket, _, prefix = description["StorageDescriptor"]["Location"].removeprefix("s3://").partition("/")
    prefix = prefix.rstrip("/") + "/"
    with tempfile.TemporaryDirectory() as folder:
        for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
            for item in page.get("Contents", []):
                if item["Key"].endswith(".parquet"):
                    path = os.path.join(folder, item["Key"].removeprefix(prefix))
                    os.makedirs(os.path.dirname(path), exist_ok=True)
                    s3.download_file(bucket, item["Key"], path)
        if not os.listdir(folder):
            return None, []
        keys = {key["Name"]: DUCKDB_TYPES[key["Type"]] for key in description["PartitionKeys"]}
        hive = f", hive_partitioning = true, hive_types = {keys}" if keys else ""
        rows = duckdb.sql(f"SELECT {quoted(columns)} FROM read_parquet('{folder}/**/*.parquet'{hive})")
        return [(name, str(kind)) for name, kind in zip(rows.columns, rows.types)], rows.fetchall()


DUCKDB_TYPES = {"string": "VARCHAR", "date": "DATE", "int": "INTEGER"}
READERS = {"awswrangler": read_by_awswrangler, "DuckDB": read_by_duckdb}


def plain(value):
    """As Trino's protocol has it: nested values as lists, all others as texts."""
    if isinstance(value, dict):
        return [plain(each) for each in value.values()]
    if isinstance(value, list):
        return [plain(each) for each in value]
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, decimal.Decimal):
        return format(value, "f")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if hasattr(value, "dtype"):
        value = value.item()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def main():
    asked = json.loads(sys.argv[2])
    try:
        types, rows = READERS[sys.argv[1]](asked["database"], asked["table"], asked["columns"])
        columns = types and [{"name": name, "type": kind} for name, kind in types]
        answer = {"columns": columns, "rows": [[plain(value) for value in row] for row in rows]}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer))


main()
