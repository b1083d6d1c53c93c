import { hkdfSync } from 'node:crypto';
import type { PlannedDataset, PlannedLeg } from '../domain/agreement/plan/plan';
import { describeSecret, type SecretUse } from '../domain/privacy/treatments/describe-secret';
import type { LegKeys } from '../engine/engine';

const KEY_BYTES = 32;

/** HKDF-SHA256 (RFC 5869) of what `describeSecret` says of each use. */
export function deriveLegKeys(
  master: Uint8Array,
  agreement: string,
  leg: PlannedLeg,
  dataset: PlannedDataset,
): LegKeys {
  const derive = (use: SecretUse) => {
    const info = describeSecret(use, agreement, leg, dataset);
    return new Uint8Array(hkdfSync('sha256', master, 'barter-room/leg-keys/1', info, KEY_BYTES));
  };
  return {
    token: derive('token'),
    dateShift: derive('date-shift'),
    noise: derive('noise'),
    watermark: derive('watermark'),
    formatPreserving: derive('format-preserving'),
  };
}

/** The secret under which an owner remembers whom it was asked to erase, without remembering who that is. */
export function deriveErasureKey(
  master: Uint8Array,
  agreement: string,
  { id }: Pick<PlannedDataset, 'id'>,
): Uint8Array {
  const info = JSON.stringify(['erasure', agreement, id]);
  return new Uint8Array(hkdfSync('sha256', master, 'barter-room/leg-keys/1', info, KEY_BYTES));
}
