import type { RawRecord } from '../../domain/audit/records/record-marks';

/** Undefined for what is no JSON. */
export function parseRecord({ bytes, from, to }: RawRecord): unknown {
  try {
    return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('utf8'));
  } catch {
    return undefined;
  }
}
