/** How many rows may break what `mostly` says, without rounding: 0.07 of 100 rows are seven. */
import { compare, decimalOf, multiply } from "../../text/decimal/decimal.ts";

/** Whether at least the share `mostly` of the rows is left when `broken` are taken away. */
export const isTolerated = (broken: number, rows: number, mostly: number): boolean =>
  mostly < 1 && compare(decimalOf(rows - broken), multiply(decimalOf(mostly), decimalOf(rows))) >= 0;

/** Whether `count` of the rows are more than a share of them. */
export const isMoreThanShare = (count: number, rows: number, share: number): boolean =>
  compare(decimalOf(count), multiply(decimalOf(share), decimalOf(rows))) > 0;
