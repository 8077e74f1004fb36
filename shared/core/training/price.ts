/** What a training cost, by the price of its machine. */
import { userError } from "../../problem/problem.ts";

export interface Price {
  readonly perHour: number;
  /** ISO 4217. */
  readonly currency: string;
}

export interface Cost extends Price {
  readonly amount: number;
}

/** @returns `undefined` for no price; @throws ActionError `price-invalid` */
export function readPrice(text: string): Price | undefined {
  if (text.trim() === "") return undefined;
  const [, amount, currency] = /^(\d{1,7}(?:\.\d{1,6})?) ?([A-Z]{3})$/.exec(text.trim()) ?? [];
  if (amount !== undefined && currency !== undefined) return { perHour: Number(amount), currency };
  throw userError({
    code: "price-invalid",
    message: `input price-per-hour: "${text.slice(0, 60)}" is not a price`,
    fix: 'Write an amount and a currency, such as "2.50 USD"',
  });
}

/** Of the whole time, because the machine is paid for while it waits, too. @param seconds not negative */
export const costOf = ({ perHour, currency }: Price, seconds: number): Cost => ({
  amount: Number(((perHour * seconds) / 3600).toPrecision(6)),
  ...{ currency, perHour },
});
