/** Dates and timestamps as text, by the calendar and without a time zone database. */

/** RFC 3339, with a space or `T` between date and time and the offset left to the caller. No leap seconds, no 24:00. */
const TIMESTAMP =
  /^(\d{4}-\d\d-\d\d)[T ]([01]\d|2[0-3]):([0-5]\d):([0-5]\d)(?:\.(\d+))?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

const ZERO_DIGIT = 48;
const DASH = 45;
const COLON = 58;
const SPACE = 32;
const LETTER_T = 84;
const NO_DIGITS = -1_000_000;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

/** `YYYY-MM-DD`, and a day that existed in the Gregorian calendar, years 0001 to 9999. */
export const isDate = (text: string): boolean => text.length === 10 && beginsWithDate(text);

function beginsWithDate(text: string): boolean {
  if (text.charCodeAt(4) !== DASH || text.charCodeAt(7) !== DASH) return false;
  return isDay(100 * twoDigits(text, 0) + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8));
}

/** Whether the day exists in the Gregorian calendar, years 0001 to 9999. */
export function isDay(year: number, month: number, day: number): boolean {
  const leapDay = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return year > 0 && day > 0 && day <= (DAYS[month - 1] ?? 0) + leapDay;
}

/** Their number; very negative where they are no digits. */
function twoDigits(text: string, at: number): number {
  const [tens, ones] = [text.charCodeAt(at) - ZERO_DIGIT, text.charCodeAt(at + 1) - ZERO_DIGIT];
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? 10 * tens + ones : NO_DIGITS;
}

/** Whether it is `YYYY-MM-DD hh:mm:ss`, the most usual form. */
function isPlainTimestamp(text: string): boolean {
  if (text.length !== 19 || text.charCodeAt(13) !== COLON || text.charCodeAt(16) !== COLON) return false;
  const separator = text.charCodeAt(10);
  const [hour, minute, second] = [twoDigits(text, 11), twoDigits(text, 14), twoDigits(text, 17)];
  if (separator !== SPACE && separator !== LETTER_T) return false;
  return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 && beginsWithDate(text);
}

export function isTimestamp(text: string, offset: "none" | "required"): boolean {
  if (offset === "none" && isPlainTimestamp(text)) return true;
  const parts = TIMESTAMP.exec(text);
  return parts !== null && isDate(parts[1] ?? "") && (parts[6] !== undefined) === (offset === "required");
}

/** Text that sorts by time, and is the same for the same time: `10:00+02:00` and `08:00Z` are equal. */
export function timestampKey(timestamp: string): string {
  const [, date = "", hour, minute, second = "", fraction = "", offset = "Z"] = TIMESTAMP.exec(timestamp) ?? [];
  const minutes = daysOf(date) * 1440 + Number(hour) * 60 + Number(minute) - minutesOf(offset);
  // A day is added so that the first of January 0001 east of Greenwich stays positive.
  return `${String(minutes + 1440).padStart(10, "0")}:${second}.${fraction.replace(/0+$/, "")}`;
}

/** Seconds since 1970 and the digits of the fraction; a time without an offset is taken for one in UTC. */
export function epochTicks(timestamp: string): { readonly seconds: number; readonly fraction: string } {
  const [minutes = "", rest = ""] = timestampKey(timestamp).split(":");
  const [second = "", fraction = ""] = rest.split(".");
  return { seconds: 60 * (Number(minutes) - EPOCH_MINUTES) + Number(second), fraction };
}

/** Days since 1970. @param date that `isDate` accepts */
export const epochDay = (date: string): number => daysOf(date) - EPOCH_DAYS;

function minutesOf(offset: string): number {
  if (offset === "Z") return 0;
  const minutes = Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4));
  return offset.startsWith("-") ? -minutes : minutes;
}

/** Days since the first of March of the year 0: years that begin in March have their leap day at the end. */
function daysOf(date: string): number {
  const [year, month, day] = [Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8))];
  const y = month < 3 ? year - 1 : year;
  const daysBeforeMonth = Math.floor((153 * ((month + 9) % 12) + 2) / 5);
  return 365 * y + Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400) + daysBeforeMonth + day - 1;
}

const EPOCH_DAYS = daysOf("1970-01-01");
const EPOCH_MINUTES = 1440 * (EPOCH_DAYS + 1);
