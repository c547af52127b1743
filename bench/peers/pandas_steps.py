"""One step with pandas: python pandas_steps.py <check | json-lines | parquet> <in> <out>"""
import sys
import pandas

step, source, target = sys.argv[1:]
print("ready", flush=True)
OFFENCES = ["theft", "fraud", "assault", "burglary", "speeding"]


def check():
    """Judged as text, so that nothing is guessed; then cast, which fails on what does not fit."""
    rows = pandas.read_csv(source, dtype="string", keep_default_na=False)
    ids = pandas.to_numeric(rows.case_id).astype("int64")
    amounts = pandas.to_numeric(rows.amount)
    days = pandas.to_datetime(rows.hearing_date, format="%Y-%m-%d")
    pandas.to_datetime(rows.created_at, format="%Y-%m-%dT%H:%M:%S")
    assert ids.is_unique
    assert rows.court_code.str.fullmatch(r"\d{4}").all()
    assert rows.defendant_ref.str.fullmatch(r"D\d{8}").all()
    assert rows.offence.isin(OFFENCES).all()
    assert rows.plea.isin(["guilty", "not guilty", ""]).all()
    assert rows.amount.str.fullmatch(r"\d+\.\d{1,2}").all() and (amounts >= 0).all()
    assert (days >= "2000-01-01").all()
    assert rows.is_youth.isin(["true", "false"]).all()
    assert (rows.notes != "").all()


def json_lines():
    rows = pandas.read_csv(source, dtype={"court_code": "string", "amount": "string"})
    rows["etl_version"] = "v1.2.3"
    rows.to_json(target, orient="records", lines=True, compression={"method": "gzip", "compresslevel": 6})


def parquet():
    rows = pandas.read_json(source, orient="records", lines=True, dtype={"court_code": "string", "amount": "string"})
    rows["amount"] = pandas.to_numeric(rows.amount)
    rows["hearing_date"] = pandas.to_datetime(rows.hearing_date).dt.date
    rows["created_at"] = pandas.to_datetime(rows.created_at)
    rows["file_land_timestamp"] = 1534968800
    rows.to_parquet(target, compression="zstd")


{"check": check, "json-lines": json_lines, "parquet": parquet}[step]()
