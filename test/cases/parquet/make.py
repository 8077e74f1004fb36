"""Writes the files of this folder: python make.py. Needs pyarrow, polars and duckdb (pip); versions.txt says which.

One table in the forms that writers give it; `types.parquet` has every type that a column of a contract can be.
"""

import datetime as dt
import decimal
import pathlib
import uuid

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).parent
ROWS = 300
BASE = dt.datetime(2024, 2, 29, 1, 2, 3)

table = pa.table({
    "id": pa.array(range(ROWS), pa.int64()),
    "code": pa.array([f"U{row * 7919 % 10000:04}" for row in range(ROWS)]),
    "plan": pa.array([["free", "pro", "größer"][row % 3] for row in range(ROWS)]),
    "age": pa.array([None if row % 7 == 0 else row % 90 for row in range(ROWS)], pa.int32()),
    "score": pa.array([row / 300 for row in range(ROWS)], pa.float64()),
    "amount": pa.array([decimal.Decimal(row) / 100 for row in range(ROWS)], pa.decimal128(12, 2)),
    "flag": pa.array([None if row % 11 == 0 else row % 2 == 0 for row in range(ROWS)]),
    "day": pa.array([(BASE + dt.timedelta(days=row)).date() for row in range(ROWS)]),
    "at": pa.array([BASE + dt.timedelta(seconds=row) for row in range(ROWS)], pa.timestamp("us")),
    "moment": pa.array([BASE + dt.timedelta(milliseconds=row) for row in range(ROWS)], pa.timestamp("us", "UTC")),
    "user": pa.array([None if row % 50 == 49 else {"name": f"n{row}"} for row in range(ROWS)]),
})


def write(name, content=table, **options):
    pq.write_table(content, HERE / f"{name}.parquet", **{"row_group_size": 128, **options})


write("pyarrow")
write("pyarrow-v2", data_page_version="2.0", compression="zstd", write_page_checksum=True, data_page_size=512)
write("pyarrow-plain", use_dictionary=False, compression="gzip", write_page_checksum=True, data_page_size=512)
write("pyarrow-brotli", compression="brotli", version="1.0")
write("pyarrow-uncompressed", compression="none", use_dictionary=False, write_page_checksum=True)
write("pyarrow-lz4", compression="lz4")
write("pyarrow-int96", use_deprecated_int96_timestamps=True)
write("pyarrow-delta", use_dictionary=False, column_encoding={
    "id": "DELTA_BINARY_PACKED", "code": "DELTA_BYTE_ARRAY", "plan": "DELTA_LENGTH_BYTE_ARRAY", "score": "BYTE_STREAM_SPLIT",
    "age": "DELTA_BINARY_PACKED", "at": "DELTA_BINARY_PACKED"})
write("pyarrow-without-statistics", write_statistics=False)

frame = pl.from_arrow(table)
frame.write_parquet(HERE / "polars.parquet", row_group_size=128)
frame.write_parquet(HERE / "polars-snappy.parquet", compression="snappy")
connection = duckdb.connect()
connection.register("rows", table)
connection.sql(f"COPY rows TO '{HERE / 'duckdb.parquet'}' (FORMAT parquet)")
connection.sql(f"COPY rows TO '{HERE / 'duckdb-v2.parquet'}' (FORMAT parquet, PARQUET_VERSION V2, COMPRESSION zstd)")

types = pa.table({
    "int8": pa.array([-128, 127], pa.int8()),
    "uint32": pa.array([0, 2**32 - 1], pa.uint32()),
    "uint64": pa.array([0, 2**64 - 1], pa.uint64()),
    "int64": pa.array([-(2**63), 2**63 - 1], pa.int64()),
    "float": pa.array([0.1, -1.5], pa.float32()),
    "half": pa.array([0.5, -65504.0], pa.float16()),
    "double": pa.array([1e-7, 12345678901234567890.0], pa.float64()),
    "whole": pa.array([34.0, -2.0], pa.float64()),
    "decimal9": pa.array([decimal.Decimal("-0.05"), decimal.Decimal("1234567.89")], pa.decimal32(9, 2) if hasattr(pa, "decimal32") else pa.decimal128(9, 2)),
    "decimal38": pa.array([decimal.Decimal("-12345678901234567890.0000000001"), decimal.Decimal(1)], pa.decimal128(38, 10)),
    "date": pa.array([dt.date(1969, 12, 31), dt.date(9999, 12, 31)]),
    "millis": pa.array([dt.datetime(1969, 12, 31, 23, 59, 59, 5000), BASE], pa.timestamp("ms")),
    "nanos": pa.array([1, -1], pa.int64()).cast(pa.timestamp("ns")),
    "instant": pa.array([BASE, BASE], pa.timestamp("us", "Europe/Berlin")),
    "uuid": pa.ExtensionArray.from_storage(pa.uuid(), pa.array([uuid.UUID(int=1).bytes, uuid.UUID(int=2**128 - 1).bytes], pa.binary(16))),
    "binary": pa.array([b"a", b"\xff"]),
    "time": pa.array([dt.time(1, 2, 3), dt.time(0)], pa.time64("us")),
    "list": pa.array([["a"], []], pa.list_(pa.string())),
    "nan": pa.array([float("nan"), float("inf")]),
})
write("types", types)
(HERE / "versions.txt").write_text(f"pyarrow {pa.__version__}\npolars {pl.__version__}\nduckdb {duckdb.__version__}\n")
