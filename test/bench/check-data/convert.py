"""Writes the CSV file of `visits.ts` as Parquet or JSON Lines with types, by DuckDB. Arguments: the CSV file, the file to write."""

import sys

import duckdb

source, target = sys.argv[1:]
TYPES = {"id": "BIGINT", "age": "INTEGER", "score": "DOUBLE", "amount": "DOUBLE", "signup": "DATE", "updated": "TIMESTAMP"}
COLUMNS = ["id", "user_code", "zip", "age", "score", "amount", "country", "plan", "email", "signup", "updated", "note"]
schema = ", ".join(f"'{name}': 'VARCHAR'" for name in COLUMNS)
# What is no number is left out: a column with a type cannot hold it.
typed = ", ".join(f"TRY_CAST({name} AS {TYPES[name]}) AS {name}" if name in TYPES else name for name in COLUMNS)
form = "FORMAT parquet, COMPRESSION zstd" if target.endswith(".parquet") else "FORMAT json"
duckdb.sql(
    f"CREATE TABLE visits AS SELECT * FROM read_csv('{source}', columns={{{schema}}}, auto_detect=false, header=true, "
    f"delim=',', quote='\"', escape='\"')"
)
duckdb.sql(f"COPY (SELECT {typed} FROM visits) TO '{target}' ({form})")
