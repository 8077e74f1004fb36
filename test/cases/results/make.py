"""Makes the result files in this folder: python make.py [dbt's run_results.json]

great_expectations 1.24.1, pandera 0.35.0, pandas 3.1.1; the results of dbt are of 1.11.16 with dbt-duckdb,
of the model `select * from (values (1,30,'a'),(2,-1,'b'),(3,41,'canary-51f0'),(3,null,'c')) t(id,age,kind)` and tests of its
columns: id unique and not_null, age not_null that warns, kind accepted_values a, b, c, and nope, which is not there, not_null. One value is a canary: nothing of it may be in a report. Tracebacks name folders of the machine and are cut.
"""

import json
import sys

import great_expectations as gx
import pandas as pd
import pandera.pandas as pa

CANARY = "canary-51f0"
table = pd.DataFrame({"id": [1, 2, 3, 3], "age": [30, -1, 41, None], "mail": ["a@example.org", CANARY, "b@example.org", "c@example.org"]})


def write(name, value):
    if isinstance(value, dict):
        value = cut(value)
    with open(name, "w") as file:
        json.dump(value, file, indent=1, default=str)
        file.write("\n")


def cut(value):
    if isinstance(value, list):
        return [cut(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {key: "cut" if key in ("exception_traceback", "unexpected_index_query") else cut(each) for key, each in value.items()}


context = gx.get_context(mode="ephemeral")
batch = context.data_sources.add_pandas("p").add_dataframe_asset("visits").add_batch_definition_whole_dataframe("b")
E = gx.expectations
suite = context.suites.add(
    gx.ExpectationSuite(
        name="visits",
        expectations=[
            E.ExpectColumnValuesToBeBetween(column="age", min_value=0, max_value=120),
            E.ExpectColumnValuesToNotBeNull(column="age", mostly=0.5),
            E.ExpectColumnValuesToBeUnique(column="id", severity="warning"),
            E.ExpectTableRowCountToBeBetween(min_value=10),
            E.ExpectColumnValuesToMatchRegex(column="mail", regex=".+@.+"),
            E.ExpectColumnPairValuesAToBeGreaterThanB(column_A="age", column_B="id"),
            E.ExpectColumnValuesToBeBetween(column="nope", min_value=0),
        ],
    )
)
definition = context.validation_definitions.add(gx.ValidationDefinition(name="v", data=batch, suite=suite))
checkpoint = context.checkpoints.add(gx.Checkpoint(name="c", validation_definitions=[definition], result_format="BASIC"))
ran = checkpoint.run(batch_parameters={"dataframe": table})
write("great-expectations-describe.json", ran.describe_dict())
[validation] = ran.run_results.values()
write("great-expectations-validation.json", validation.to_json_dict())

schema = pa.DataFrameSchema(
    {
        "id": pa.Column(int, unique=True),
        "age": pa.Column(float, pa.Check.in_range(0, 120), nullable=True),
        "mail": pa.Column(str, pa.Check.str_matches(".+@.+")),
        "none": pa.Column(int),
    },
    checks=pa.Check(lambda rows: len(rows) > 10, name="rows"),
    name="visits",
)
try:
    schema.validate(table, lazy=True)
except pa.errors.SchemaErrors as error:
    write("pandera-message.json", error.message)
    write("pandera-failure-cases.json", json.loads(error.failure_cases.to_json(orient="records")))

if len(sys.argv) > 1:
    results = json.load(open(sys.argv[1]))
    for result in results["results"]:
        result.pop("compiled_code", None)
        result["timing"] = []
    results["args"] = {}
    write("dbt-run-results.json", results)
