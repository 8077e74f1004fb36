/** Whether a number that programs wrote is still that number as a 64-bit float. */

const INTEGER = /^[-+]?\d{16,}$/;

/**
 * @param written digits, with a fraction and an exponent or without; other ways to write a number are never rounded here
 * @param value what they are as a float
 * @returns `undefined` for an integer that would be rounded, and for what would become 0; a fraction is taken as the nearest
 * float, as the programs do that wrote it
 */
export function exactNumber(written: string, value = Number(written)): number | undefined {
  if (value === 0) return /^[^eE]*[1-9]/.test(written) && !/^0[xob]/i.test(written) ? undefined : value;
  // JavaScript writes the shortest digits that read back as the same float.
  if (!INTEGER.test(written) || !Number.isFinite(value) || String(value) === written) return value;
  return BigInt(written.replace(/^\+/, "")) === BigInt(value) ? value : undefined;
}
