import { listFunctions } from '../../../../lambda/write-audit-report/list-functions';

const OURS = { FunctionName: 'BarterRoomIntake-B', Role: 'arn:aws:iam::1:role/x', CodeSha256: 'b=', LastModified: '' };
const told = (change: object) => ({ ...OURS, LastModified: '2026-01-05T10:00:00.000+0000', ...change });
const IN_OUR_ROLE = { FunctionName: 'by-hand', Role: 'arn:aws:iam::123456789012:role/BarterAgreement-swap-Reader' };

const list = (...pages: readonly unknown[]) =>
  listFunctions(async (marker) => pages[marker === undefined ? 0 : Number(marker)]);

it('lists the room’s own of all pages, and whatever runs in a role of the room, by name', async () => {
  const pages = [
    { Functions: [told(IN_OUR_ROLE), told({ FunctionName: 'website' })], NextMarker: '1' },
    { Functions: [told({})], NextMarker: null },
  ];
  expect(await list(...pages)).toEqual([
    { name: 'BarterRoomIntake-B', code: 'b=', changed: '2026-01-05T10:00:00.000Z' },
    { name: 'by-hand', code: 'b=', changed: '2026-01-05T10:00:00.000Z' },
  ]);
});

it.each([
  ['no list', {}, 'without a list'],
  ['a function without the hash of its code', { Functions: [told({ CodeSha256: undefined })] }, 'without its name'],
  ['what is none', { Functions: [null] }, 'without its name'],
])('takes no answer that has %s', async (_, page, problem) => {
  await expect(list(page)).rejects.toThrow(problem);
});
