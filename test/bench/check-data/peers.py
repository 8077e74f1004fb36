"""Counts the violations of `visits.ts`'s contract. Arguments: duckdb, polars or pandera; the file. Prints one line of JSON."""

import json
import resource
import sys

engine, path = sys.argv[1:]
COUNTRIES = ["US", "DE", "FR", "IN", "JP", "BR", "GB", "NG"]
PLANS = ["free", "pro", "team", "enterprise"]
COLUMNS = ["id", "user_code", "zip", "age", "score", "amount", "country", "plan", "email", "signup", "updated", "note"]
REQUIRED = [name for name in COLUMNS if name not in ("age", "note")]
CODE, ZIP, EMAIL = "U[0-9]{8}", "[0-9]{5}", r"[^@\s]+@[^@\s]+\.[a-z]+"


def with_duckdb():
    import duckdb

    words = lambda values: ",".join(f"'{value}'" for value in values)
    types = {"id": "BIGINT", "age": "INTEGER", "score": "DOUBLE", "amount": "DOUBLE", "signup": "DATE", "updated": "TIMESTAMP"}
    typed = ", ".join(f"TRY_CAST({name} AS {kind}) AS {name}_" for name, kind in types.items())
    checks = {f"null {name}": f"{name} IS NULL" for name in REQUIRED}
    checks |= {f"type {name}": f"{name} IS NOT NULL AND {name}_ IS NULL" for name in types}
    checks |= {
        "range age": "age_ < 0 OR age_ > 120",
        "range score": "score_ < 0 OR score_ > 1",
        "range amount": "amount_ < 0",
        "range signup": "signup_ < DATE '2015-01-01' OR signup_ > DATE '2026-12-31'",
        "decimals amount": "amount_ >= 0 AND round(amount_, 2) <> amount_",
        "pattern user_code": f"NOT regexp_full_match(user_code, '{CODE}')",
        "pattern zip": f"NOT regexp_full_match(zip, '{ZIP}')",
        "pattern email": f"NOT regexp_full_match(email, '{EMAIL}')",
        "enum country": f"country NOT IN ({words(COUNTRIES)})",
        "enum plan": f"plan NOT IN ({words(PLANS)})",
        "length note": "length(note) > 200",
    }
    counts = ", ".join(f"count(*) FILTER (WHERE {condition})" for condition in checks.values())
    schema = ", ".join(f"'{name}': '{'VARCHAR' if path.endswith('.csv') else types.get(name, 'VARCHAR')}'" for name in COLUMNS)
    read = {
        "csv": f"read_csv('{path}', columns={{{schema}}}, auto_detect=false, header=true, delim=',', quote='\"', escape='\"')",
        "jsonl": f"read_json('{path}', format='newline_delimited', columns={{{schema}}})",
        "parquet": f"read_parquet('{path}')",
    }[path.rsplit(".", 1)[1]]
    row = duckdb.sql(
        f"SELECT count(*), count(id_) - count(DISTINCT id_), {counts} FROM (SELECT *, {typed} FROM {read})"
    ).fetchall()[0]
    return f"DuckDB {duckdb.__version__}", row[0], dict(zip(["unique id", *checks], row[1:]))


def typed_with_polars():
    import polars as pl

    text = pl.scan_csv(path, infer_schema=False)
    numbers = {"id": pl.Int64, "age": pl.Int32, "score": pl.Float64, "amount": pl.Float64}
    typed = [pl.col(name).cast(kind, strict=False).alias(f"{name}_") for name, kind in numbers.items()]
    typed.append(pl.col("signup").str.to_date("%Y-%m-%d", strict=False).alias("signup_"))
    typed.append(pl.col("updated").str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False).alias("updated_"))
    return pl, text.with_columns(typed), [*numbers, "signup", "updated"]


def with_polars():
    from datetime import date

    pl, frame, types = typed_with_polars()
    col = pl.col
    checks = {f"null {name}": col(name).is_null() for name in REQUIRED}
    checks |= {f"type {name}": col(name).is_not_null() & col(f"{name}_").is_null() for name in types}
    checks |= {
        "range age": (col("age_") < 0) | (col("age_") > 120),
        "range score": (col("score_") < 0) | (col("score_") > 1),
        "range amount": col("amount_") < 0,
        "range signup": (col("signup_") < date(2015, 1, 1)) | (col("signup_") > date(2026, 12, 31)),
        "decimals amount": (col("amount_") >= 0) & (col("amount_").round(2) != col("amount_")),
        "pattern user_code": ~col("user_code").str.contains(f"^(?:{CODE})$"),
        "pattern zip": ~col("zip").str.contains(f"^(?:{ZIP})$"),
        "pattern email": ~col("email").str.contains(f"^(?:{EMAIL})$"),
        "enum country": ~col("country").is_in(COUNTRIES),
        "enum plan": ~col("plan").is_in(PLANS),
        "length note": col("note").str.len_chars() > 200,
    }
    counts = [condition.sum().alias(name) for name, condition in checks.items()]
    unique = (col("id_").count() - col("id_").drop_nulls().n_unique()).alias("unique id")
    row = frame.select(pl.len().alias("rows"), unique, *counts).collect(engine="streaming").row(0, named=True)
    return f"polars {pl.__version__}", row.pop("rows"), row


def with_pandera():
    import pandera
    import pandera.polars as pa

    pl, lazy, types = typed_with_polars()
    frame = lazy.collect()
    rule = lambda make, name: pa.Check(lambda data: data.lazyframe.select(make(pl.col(data.key))), name=name)
    is_read = [
        pa.Check(
            lambda data, name=name: data.lazyframe.select(pl.col(name).is_null() | pl.col(f"{name}_").is_not_null()),
            name=f"type {name}",
        )
        for name in types
    ]
    matches = lambda pattern: rule(lambda cell: cell.str.contains(f"^(?:{pattern})$"), "pattern")
    columns = {name: [] for name in COLUMNS} | {
        "user_code": [matches(CODE)],
        "zip": [matches(ZIP)],
        "email": [matches(EMAIL)],
        "country": [pa.Check.isin(COUNTRIES, name="enum")],
        "plan": [pa.Check.isin(PLANS, name="enum")],
        "note": [pa.Check.str_length(max_value=200, name="length")],
        "age_": [pa.Check.in_range(0, 120, name="range")],
        "score_": [pa.Check.in_range(0, 1, name="range")],
        "amount_": [pa.Check.ge(0, name="range"), rule(lambda cell: (cell < 0) | (cell.round(2) == cell), "decimals")],
        "id_": [],
    }
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(checks=checks, nullable=name not in REQUIRED, unique=name == "id_", required=True)
            for name, checks in columns.items()
        },
        checks=is_read,
    )
    # As pandera names its own checks, whatever they are given.
    NAMES = {"not_null": "null", "field_uniq": "unique", "isin": "enum", "str_length": "length", "in_range": "range", "greater": "range"}
    found = {}
    try:
        schema.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        for (column, check), rows in errors.failure_cases.group_by("column", "check"):
            known = next((ours for theirs, ours in NAMES.items() if check.startswith(theirs)), check)
            key = check if check.startswith("type ") else f"{known} {column.removesuffix('_')}"
            found[key] = found.get(key, 0) + len(rows)
    # It names every row of a value that repeats, we those after the first.
    if "unique id" in found:
        found["unique id"] = frame["id_"].drop_nulls().len() - frame["id_"].drop_nulls().n_unique()
    return f"pandera {pandera.__version__} on polars {pl.__version__}", len(frame), found


version, rows, found = {"duckdb": with_duckdb, "polars": with_polars, "pandera": with_pandera}[engine]()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "version": version,
            "rows": rows,
            "found": {name: count for name, count in found.items() if count},
            "cpu": usage.ru_utime + usage.ru_stime,
            "megabytes": usage.ru_maxrss / 1000,
        }
    )
)
