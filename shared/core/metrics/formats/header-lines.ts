/** The names of a table's columns where pandas writes them in two lines, one for each level. */

interface Header<Line> {
  readonly columns: readonly string[];
  readonly lines: readonly Line[];
}

/**
 * `,mae,mae` over `,mean,std` are the columns `mae.mean` and `mae.std`. A line below with nothing but the name of the index is
 * left out.
 *
 * @returns `undefined` where the first line alone is the header
 */
export function joinHeaderLines<Line extends { readonly cells: readonly string[] }>(
  lines: readonly Line[],
  isNumeric: (cell: string) => boolean,
): Header<Line> | undefined {
  const [first = [], second = [], third = []] = lines.map(({ cells }) => cells);
  if (lines.length < 3 || first.length < 2 || first.length !== second.length) return undefined;
  const isIndexName = third[0] !== "" && third.slice(1).every((cell) => cell === "");
  const from = first[0] === "" || isIndexName ? 1 : 0;
  const isName = (cell: string): boolean => cell !== "" && !isNumeric(cell);
  if (![first, second].every((cells) => cells.slice(from).every(isName))) return undefined;
  const rest = lines.slice(isIndexName ? 3 : 2);
  const isTwice = new Set(first.map((name) => name.toLowerCase())).size < first.length;
  // Without a column that appears twice, only numbers below tell that the second line is no row.
  const isAboveNumbers = rest.length > 0 && rest.every(({ cells }) => !cells.slice(from).some(isName));
  if (!isTwice && !(first[0] === "" && isAboveNumbers)) return undefined;
  return { columns: first.map((name, at) => (at < from ? "" : `${name}.${second[at]}`)), lines: rest };
}
