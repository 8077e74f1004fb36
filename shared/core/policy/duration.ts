/** Times as a policy writes them. */

const UNITS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** In milliseconds. @param text such as `48h`, as the schema accepts it */
export function parseDuration(text: string): number {
  const unit = UNITS[text.slice(-1)];
  if (unit === undefined) throw new Error(`${text} is not a duration`);
  return Number(text.slice(0, -1)) * unit;
}
