"""Writes the files of this folder with the programs that write them, and versions.txt with what they are.

python make.py            all writers; needs pandas, polars, duckdb and pyspark (pip), Rscript, PostgreSQL and Java
python make.py pandas r   only these
"""

import csv
import datetime as dt
import decimal
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
UTC = dt.timezone.utc
NAN = float("nan")
INF = float("inf")

# The same table for each writer: what a cell can be that writers do not agree on.
NAMES = ["id", "code", "age", "score", "amount", "flag", "day", "at", "moment", "text"]
ROWS = [
    (1, "007", 34, 0.1, "1234.50", True, "2024-02-29", "2024-02-29 13:45:00", "2024-02-29 13:45:00", 'say "hi", ok'),
    (2, "0E5", None, 1e-07, "0.99", False, "1999-12-31", "2024-01-01 00:00:00.125", "2024-01-01 00:00:00.125", "two\nlines"),
    (3, "a", 41, 1e16, "-12.00", None, None, None, None, None),
    (4, "b", 0, NAN, "1000000.00", True, "2026-01-02", "2026-01-02 03:04:05.678901", "2026-01-02 03:04:05.678901", ""),
    (5, "c", 7, INF, "0.05", False, "2026-11-27", "2026-11-27 00:00:00", "2026-11-27 00:00:00", "NA"),
    (6, "d", 100000, -INF, "100000.00", True, "2026-11-28", "2026-11-28 12:00:00", "2026-11-28 12:00:00", "C:\\data"),
    (7, "e", -1, -0.25, "7.10", False, "2026-11-29", "2026-11-29 12:00:00", "2026-11-29 12:00:00", 'ends in \\'),
    (8, "f", 5, 0.0, "7.00", True, "2026-11-30", "2026-11-30 12:00:00", "2026-11-30 12:00:00", 'a\\"b, \\'),
    (9, "g", 5, 123456789.125, "7.00", True, "2026-11-30", "2026-11-30 12:00:00", "2026-11-30 12:00:00", " Müller; 日本 #1 "),
]
VERSIONS = {}


def column(name):
    at = NAMES.index(name)
    return [row[at] for row in ROWS]


def date(text):
    return None if text is None else dt.date.fromisoformat(text)


def time(text, zone=None):
    return None if text is None else dt.datetime.fromisoformat(text).replace(tzinfo=zone)


def amounts():
    return [decimal.Decimal(value) for value in column("amount")]


def pandas():
    import pandas as pd

    VERSIONS["pandas"] = pd.__version__
    frame = pd.DataFrame({name: column(name) for name in NAMES})
    frame["amount"] = amounts()
    frame["day"] = pd.to_datetime(frame["day"])
    frame["at"] = pd.to_datetime(frame["at"], format="ISO8601")
    frame["moment"] = pd.to_datetime(frame["moment"], format="ISO8601", utc=True)
    frame.to_csv(HERE / "pandas.csv")
    frame.to_csv(HERE / "pandas-quote-all.csv", index=False, quoting=csv.QUOTE_ALL)
    whole = frame[["id", "age"]].assign(age=frame["age"].astype("Int64"), night=frame["at"].dt.normalize())
    whole.to_csv(HERE / "pandas-nullable.csv", index=False)


def polars():
    import polars as pl

    VERSIONS["polars"] = pl.__version__
    frame = pl.DataFrame({
        **{name: column(name) for name in ["id", "code", "age", "score"]},
        "amount": pl.Series(amounts(), dtype=pl.Decimal(12, 2)),
        "flag": column("flag"),
        "day": [date(day) for day in column("day")],
        "at": [time(at) for at in column("at")],
        "moment": pl.Series([time(at, UTC) for at in column("moment")], dtype=pl.Datetime("us", "UTC")),
        "text": column("text"),
    })
    frame.write_csv(HERE / "polars.csv")
    frame.write_csv(HERE / "polars-quote-always.csv", quote_style="always")


def r():
    def vector(values, write):
        return "c(" + ", ".join("NA" if value is None else write(value) for value in values) + ")"

    def number(value):
        return {"nan": "NaN", "inf": "Inf", "-inf": "-Inf"}.get(repr(value), repr(value))

    def text(value):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'

    def logical(value):
        return "TRUE" if value else "FALSE"

    script = f"""
    d <- data.frame(
      id = {vector(column("id"), lambda value: f"{value}L")},
      code = {vector(column("code"), text)},
      age = {vector(column("age"), str)},
      score = {vector(column("score"), number)},
      amount = {vector(column("amount"), str)},
      flag = {vector(column("flag"), logical)},
      day = as.Date({vector(column("day"), text)}),
      at = as.POSIXct({vector(column("at"), text)}, tz = "UTC"),
      text = {vector(column("text"), text)})
    options(encoding = "UTF-8")
    write.csv(d, "r.csv")
    write.csv(d, "r-no-row-names.csv", row.names = FALSE)
    write.csv(data.frame(id = d$id, night = as.POSIXct(d$day)), "r-midnight.csv")
    write.csv2(d, "r-csv2.csv", row.names = FALSE, na = "")
    cat(R.version.string)
    """
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "write.R"
        path.write_text(script, encoding="utf-8")
        env = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run(["Rscript", str(path)], cwd=HERE, env=env, check=True, capture_output=True, text=True)
    VERSIONS["R"] = done.stdout.strip()


def spark():
    import pyspark
    from pyspark.sql import SparkSession
    from pyspark.sql import types as t

    VERSIONS["pyspark"] = pyspark.__version__
    session = SparkSession.builder.master("local[1]").config("spark.sql.session.timeZone", "UTC")
    session = session.config("spark.ui.enabled", "false").getOrCreate()
    kinds = [t.LongType(), t.StringType(), t.IntegerType(), t.DoubleType(), t.DecimalType(12, 2), t.BooleanType(),
             t.DateType(), t.TimestampNTZType(), t.TimestampType(), t.StringType()]
    schema = t.StructType([t.StructField(name, kind) for name, kind in zip(NAMES, kinds)])
    rows = [
        (*row[:4], decimal.Decimal(row[4]), row[5], date(row[6]), time(row[7]), time(row[8], UTC), row[9])
        for row in ROWS
    ]
    frame = session.createDataFrame(rows, schema).coalesce(1)
    for name, options in {"spark": {}, "spark-quote-all": {"quoteAll": True}}.items():
        with tempfile.TemporaryDirectory() as folder:
            target = pathlib.Path(folder) / "out"
            frame.write.options(header=True, **options).csv(str(target))
            shutil.copyfile(next(target.glob("part-*.csv")), HERE / f"{name}.csv")
    session.stop()


# The table in SQL that PostgreSQL and DuckDB both read.
def sql_rows():
    def literal(value):
        if value is None:
            return "NULL"
        if isinstance(value, (bool, int)):
            return str(value).upper()
        if isinstance(value, float):
            return "'" + {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(value), repr(value)) + "'"
        return "'" + value.replace("'", "''") + "'"

    return ",\n".join(
        "(" + ", ".join(literal(f"{value}+00" if name == "moment" and value else value) for name, value in zip(NAMES, row)) + ")"
        for row in ROWS
    )


SQL_TABLE = """CREATE TABLE t (id bigint, code text, age integer, score double precision, amount decimal(12, 2), flag boolean,
    day date, "at" timestamp, moment timestamptz, "text" text)"""


def duckdb():
    import duckdb as db

    VERSIONS["DuckDB"] = db.__version__
    connection = db.connect()
    connection.execute("SET TimeZone = 'UTC'")
    connection.execute(SQL_TABLE)
    connection.execute(f"INSERT INTO t VALUES {sql_rows()}")
    connection.execute(f"COPY t TO '{HERE}/duckdb.csv' (HEADER)")
    connection.execute(f"COPY t TO '{HERE}/duckdb-force-quote.csv' (HEADER, FORCE_QUOTE *)")


def postgres():
    bin = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name))
    with tempfile.TemporaryDirectory() as folder:
        shutil.chown(folder, "postgres")
        run = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        data = f"{folder}/data"
        subprocess.run([*run, bin / "initdb", "-D", data, "-A", "trust", "-E", "UTF8", "--locale", "C.UTF-8"], check=True, capture_output=True)
        options = f"-k {folder} -c listen_addresses='' -c timezone=UTC"
        subprocess.run([*run, bin / "pg_ctl", "-D", data, "-o", options, "-l", f"{folder}/log", "-w", "start"], check=True)
        try:
            def sql(text, out=None):
                with open(out, "wb") if out else open(os.devnull, "wb") as stdout:
                    command = [*run, "psql", "-h", folder, "-v", "ON_ERROR_STOP=1", "-At", "-d", "postgres", "-c", text]
                    subprocess.run(command, check=True, stdout=stdout)

            sql(f"{SQL_TABLE}; INSERT INTO t VALUES {sql_rows()}")
            sql("COPY t TO STDOUT WITH (FORMAT csv, HEADER)", HERE / "postgres.csv")
            sql("COPY t TO STDOUT WITH (FORMAT csv, HEADER, FORCE_QUOTE *)", HERE / "postgres-force-quote.csv")
            VERSIONS["PostgreSQL"] = subprocess.run([bin / "postgres", "--version"], check=True, capture_output=True, text=True).stdout.strip()
        finally:
            subprocess.run([*run, bin / "pg_ctl", "-D", data, "-m", "immediate", "stop"], check=True)


# Excel and BigQuery cannot run here. By their documentation: Excel writes cells as they are shown, in the form of the region,
# in the region's code page ("CSV") or in UTF-8 with a byte order mark ("CSV UTF-8"), lines end with CR LF, and a cell with a
# delimiter, a quote or a line feed is quoted; BigQuery's EXPORT DATA writes RFC 4180 with times like "2024-02-29 13:45:00 UTC".
def quoted(cell, delimiter):
    return '"' + cell.replace('"', '""') + '"' if any(mark in cell for mark in (delimiter, '"', "\n")) else cell


def excel():
    VERSIONS["Excel"] = "by its documented rules"

    def grouped(value, group, mark):
        return f"{decimal.Decimal(value):,.2f}".translate(str.maketrans({",": group, ".": mark}))

    def us(row):
        return [
            str(row[0]), row[1], shown(row[2], str), grouped(row[4], ",", "."), shown(row[5], lambda flag: str(flag).upper()),
            shown(date(row[6]), lambda day: f"{day.month}/{day.day}/{day.year}"),
            shown(time(row[7]), lambda at: f"{at.month}/{at.day}/{at.year} {at.hour}:{at.minute:02}"), row[9] or "",
        ]

    def de(row):
        return [
            str(row[0]), row[1], shown(row[2], str), grouped(row[4], ".", ","),
            shown(row[5], lambda flag: "WAHR" if flag else "FALSCH"),
            shown(date(row[6]), lambda day: day.strftime("%d.%m.%Y")),
            shown(time(row[7]), lambda at: at.strftime("%d.%m.%Y %H:%M")), row[9] or "",
        ]

    names = ["id", "code", "age", "amount", "flag", "day", "at", "text"]
    western = [row for row in ROWS if "日" not in (row[9] or "")] + [(10, *ROWS[0][1:9], "10 € – Müller")]
    for name, rows, write, delimiter, encoding in [
        ("excel-utf8", ROWS, us, ",", "utf-8-sig"),
        ("excel", western, us, ",", "cp1252"),
        ("excel-de-utf8", ROWS, de, ";", "utf-8-sig"),
        ("excel-de", western, de, ";", "cp1252"),
    ]:
        lines = [names, *map(write, rows)]
        text = "".join(delimiter.join(quoted(cell, delimiter) for cell in line) + "\r\n" for line in lines)
        (HERE / f"{name}.csv").write_bytes(text.encode(encoding))


def shown(value, write):
    return "" if value is None else write(value)


def bigquery():
    VERSIONS["BigQuery"] = "by its documented rules"

    def cells(row):
        return [
            str(row[0]), row[1], shown(row[2], str), {"nan": "NaN", "inf": "Infinity", "-inf": "-Infinity"}.get(repr(row[3]), repr(row[3])),
            f"{decimal.Decimal(row[4]).normalize():f}",
            shown(row[5], lambda flag: str(flag).lower()), shown(row[6], str), shown(row[7], lambda at: at.replace(" ", "T")),
            shown(row[8], lambda at: f"{at} UTC"), row[9] if row[9] else '""' if row[9] == "" else "",
        ]

    lines = [NAMES, *map(cells, ROWS)]
    text = "".join(",".join(cell if cell == '""' else quoted(cell, ",") for cell in line) + "\n" for line in lines)
    (HERE / "bigquery.csv").write_bytes(text.encode())


WRITERS = {each.__name__: each for each in (pandas, polars, r, spark, excel, postgres, duckdb, bigquery)}

if __name__ == "__main__":
    for name in sys.argv[1:] or WRITERS:
        WRITERS[name]()
    if len(sys.argv) == 1:
        (HERE / "versions.txt").write_text("".join(f"{name}: {version}\n" for name, version in VERSIONS.items()), encoding="utf-8")
