"""The whole chain with Airflow and awswrangler, three tasks in one process (dag.test); BENCH_ROWS rows. The folder is Airflow's for DAGs."""
import json
import os
import time
import pendulum
from airflow.sdk import dag, task

ROWS = int(os.environ["BENCH_ROWS"])
TIMESTAMP = 1534968800
LANDED = "prod/db/cases/cases.csv"
NAME = f"prod/db/cases-af/file_land_timestamp={TIMESTAMP}/cases_{TIMESTAMP}"
CURATED = "s3://curated/prod/airflow/cases/"


@dag(schedule=None, start_date=pendulum.datetime(2025, 1, 1), catchup=False)
def cases():
    @task
    def check_and_archive():
        import awswrangler as wr
        import boto3

        rows = wr.s3.read_csv(f"s3://land/{LANDED}", dtype={"court_code": "string"})
        assert len(rows.columns) == 10 and len(rows) == ROWS
        boto3.client("s3").copy({"Bucket": "land", "Key": LANDED}, "raw-hist", f"{NAME}.csv")

    @task
    def process():
        import awswrangler as wr

        rows = wr.s3.read_csv(f"s3://raw-hist/{NAME}.csv", dtype={"court_code": "string"})
        wr.s3.to_json(rows, f"s3://processed/{NAME}.jsonl.gz", orient="records", lines=True, compression="gzip")

    @task
    def curate():
        import awswrangler as wr

        rows = wr.s3.read_json(
            f"s3://processed/{NAME}.jsonl.gz", lines=True, compression="gzip", dtype={"court_code": "string"}
        )
        rows["file_land_timestamp"] = TIMESTAMP
        wr.catalog.create_database("bench_airflow", exist_ok=True)
        wr.s3.to_parquet(
            rows, CURATED, dataset=True, database="bench_airflow", table="cases",
            partition_cols=["file_land_timestamp"], mode="overwrite_partitions",
        )

    check_and_archive() >> process() >> curate()


of_cases = cases()
if __name__ == "__main__":
    began = time.time()
    run = of_cases.test()
    seconds = time.time() - began
    assert str(run.state) == "success", run.state
    import awswrangler as wr

    size = sum(wr.s3.size_objects(CURATED).values())
    print(json.dumps({"seconds": seconds, "outputBytes": size}), flush=True)
