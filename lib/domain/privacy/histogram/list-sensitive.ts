import type { PrivacyFloor } from '../models/privacy-floor';

/** The sensitive columns that a floor speaks of, each once: those that a histogram counts. */
export function listSensitive(floor: Pick<PrivacyFloor, 'l' | 't'> | undefined): readonly string[] {
  return [...new Set([...(floor?.l ?? []), ...(floor?.t ?? [])].map(({ column }) => column))];
}
