import type { CertificateParts } from '../../lib/domain/enforcement/api/answers/read-certificate';
import { CERTIFICATE } from '../../lib/domain/privacy/certificate/hash-files';
import { ESCROW } from '../../lib/domain/room/escrow-prefix';
import type { Objects } from '../shared/objects';

/** Reads certificates where they lie beside their releases: in the escrow, and nothing else of the lake bucket. */
export function openCertificates(lake: Pick<Objects, 'list' | 'read'>): CertificateParts['readCertificate'] {
  return async ({ place }) => {
    const key = `${place}${CERTIFICATE}`;
    // What another peer's room promised lies with that one.
    if (!place.startsWith(ESCROW)) return undefined;
    return (await lake.list(key)).includes(key) ? lake.read(key) : undefined;
  };
}
