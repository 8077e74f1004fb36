/** Every check by its stable code, with the fix for its findings. */
export const CHECK_FIXES = {
  readable: "Write the file again; nothing after this point could be checked",
  foreign: "Check the data themselves, as CSV",
  json: "Write one JSON object on each line; where an export was cut, write it again",
  encoding: "Save the file as UTF-8, or name its encoding in the contract: csv.encoding",
  "nul-byte": "Remove the NUL characters; they usually mean that the file was cut or is not text",
  quoting:
    'Put the cell in double quotes and double the quotes within it: "5"" pipe". If quotes are characters like others, set csv.quote: none',
  "line-end": "End lines with \\n or \\r\\n, and quote cells that contain a carriage return",
  "row-width": "Give every row as many cells as there are columns; quote cells that contain the delimiter",
  "blank-line": "Remove the line",
  "row-count": "Check that the export is complete, or change rows in the contract",
  header: "Write the names of the columns on the first line, or set csv.header: false in the contract",
  "missing-column": "Add the column, or set required: false in the contract",
  "duplicate-column": "Give every column its own name",
  "unexpected-column": "Remove the column, add it to the contract, or set unexpected-columns: allow there",
  null: "Fill the cells in, or set nullable: true in the contract",
  multiline: "Close the quote where the cell ends. If its lines are right, set multiline: true for the column",
  "non-finite": "Correct the cells, or set non-finite for the column: as-null where they mean no value, else allow",
  type: "Correct the cells, or the column's type or spelling in the contract",
  range: "Correct the cells, or min and max in the contract",
  enum: "Correct the cells, or enum in the contract",
  pattern: "Correct the cells, or pattern in the contract",
  format: "Correct the cells, or format in the contract",
  length: "Correct the cells, or min-length and max-length in the contract",
  decimals: "Round the cells, or change max-decimals in the contract",
  rule: "Correct the rows, or the rule in the contract",
  "null-share": "Fill more cells in, or change max-null-share in the contract",
  "personal-data":
    "Remove or replace what names a person; if the column must have it, take it out of forbid in the contract",
  freshness: "Export the data again, or raise max-age in the contract",
  share: "Collect more of what is rare, or change min-share and max-share in the contract",
  unique: "Remove the duplicate rows, or set unique: false in the contract",
} as const;

export type CheckCode = keyof typeof CHECK_FIXES;
