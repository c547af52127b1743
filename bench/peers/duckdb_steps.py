"""One step with DuckDB: python duckdb_steps.py <check | json-lines | parquet> <in> <out>"""
import sys
import duckdb

step, source, target = sys.argv[1:]
print("ready", flush=True)
TYPES = {
    "case_id": "BIGINT", "court_code": "VARCHAR", "defendant_ref": "VARCHAR", "offence": "VARCHAR",
    "plea": "VARCHAR", "amount": "DECIMAL(12,2)", "hearing_date": "DATE", "created_at": "TIMESTAMP",
    "is_youth": "BOOLEAN", "notes": "VARCHAR",
}
connection = duckdb.connect()


def check():
    """All text, cast by trying: what cannot be cast counts, as do nulls, patterns, ranges and keys that are there twice."""
    wrong = " + ".join(
        f"count_if(TRY_CAST({name} AS {kind}) IS NULL)" for name, kind in TYPES.items() if kind != "VARCHAR"
    )
    offences = "'theft', 'fraud', 'assault', 'burglary', 'speeding'"
    columns = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in TYPES) + "}"
    (count,) = connection.execute(f"""
        SELECT {wrong}
          + count_if(court_code IS NULL OR NOT regexp_full_match(court_code, '\\d{{4}}'))
          + count_if(defendant_ref IS NULL OR NOT regexp_full_match(defendant_ref, 'D\\d{{8}}'))
          + count_if(offence IS NULL OR offence NOT IN ({offences}))
          + count_if(plea NOT IN ('guilty', 'not guilty')) + count_if(notes IS NULL)
          + count_if(TRY_CAST(amount AS DECIMAL(12,2)) < 0) + count_if(TRY_CAST(hearing_date AS DATE) < '2000-01-01')
          + count(*) - count(DISTINCT TRY_CAST(case_id AS BIGINT))
        FROM read_csv('{source}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
                      nullstr = '', columns = {columns})""").fetchone()
    assert count == 0, count


def json_lines():
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in TYPES.items()) + "}"
    connection.execute(f"""
        COPY (SELECT * REPLACE (amount::VARCHAR AS amount), 'v1.2.3' AS etl_version
              FROM read_csv('{source}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"',
                            nullstr = '', columns = {columns}))
        TO '{target}' (FORMAT json, COMPRESSION gzip)""")


def parquet():
    kinds = {**TYPES, "etl_version": "VARCHAR"}
    columns = "{" + ", ".join(f"'{name}': '{kind}'" for name, kind in kinds.items()) + "}"
    connection.execute(f"""
        COPY (SELECT *, 1534968800::BIGINT AS file_land_timestamp
              FROM read_json('{source}', format = 'newline_delimited', columns = {columns}))
        TO '{target}' (FORMAT parquet, COMPRESSION zstd)""")


{"check": check, "json-lines": json_lines, "parquet": parquet}[step]()
