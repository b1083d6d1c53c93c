import canonicalize from 'canonicalize';
import fc from 'fast-check';
import type { Access } from '../../../../lib/domain/audit/access';
import { formatEntry, readEntry } from '../../../../lib/domain/audit/ledger/ledger-entry';
import { decodeText } from '../../../../lib/domain/bytes';
import { collect, makeS3Read, PARTNER } from '../scenario';
import { sha256 } from '../sha256';

const [read] = collect(makeS3Read({ key: 'a/b.parquet', at: '2026-03-01T09:00:00Z', account: PARTNER }));

it('an entry is canonical JSON, whatever the order in which an access has its fields', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
      const access: Access = { ...read!, ...more, id: read!.id, at: read!.at };
      const { bytes } = formatEntry(sha256, access);
      expect(decodeText(bytes)).toBe(canonicalize({ entryVersion: 1, access }));
      expect(readEntry(bytes)).toEqual(JSON.parse(JSON.stringify(access)));
    }),
  );
});

it('an access that CloudTrail tells of is read in that order', () => {
  expect(JSON.stringify(read)).toBe(canonicalize(read));
});
