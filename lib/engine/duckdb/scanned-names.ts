/** The rows of a scanned file, missing values as null, all else as texts. */
export const SCANNED = 'scanned';
export const scannedName = (index: number) => `scanned_${index}`;
/** Each value of a column with its rows and a number (`code`, from 1). */
export const valuesName = (index: number) => `values_${index}`;
