/**
 * Whether every fault is tried: EVERY_CALL=1 tries all; EVERY_CALL=5 every fifth of those that have a run of their own, which takes
 * a fifth of the time.
 */
export const EVERY_CALL: number | undefined = readStride(process.env.EVERY_CALL);

function readStride(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new Error(`EVERY_CALL=${text} is no whole number from 1.`);
  return Number(text);
}
