import fc from 'fast-check';
import type { Access } from '../../../../lib/domain/audit/access';
import { joinAccesses } from '../../../../lib/domain/audit/records/join-accesses';
import {
  BUCKET,
  collect,
  makeDecrypt,
  makeLakeRead,
  makeS3Read,
  makeSftpUpload,
  makeTrailChange,
  PARTNER,
  ROOM,
  SERVER,
  type Sighting,
} from '../scenario';

const AT = '2026-03-01T09:05:00Z';
const THIRD = '777788889999';

describe('joining', () => {
  it('pairs both sides of a read and S3’s own line, the owner’s first', () => {
    const joined = join(collect(makeS3Read({ key: 'a', at: AT, account: PARTNER })));
    expect(joined).toHaveLength(1);
    expect(joined[0]).toMatchObject({
      access: { recordedBy: ROOM },
      otherSides: [{ recordedBy: PARTNER }],
      witnesses: [{ witness: 's3-access-log' }],
      crossing: { kind: 'other-account', account: PARTNER, by: 'actor' },
    });
  });

  it.each([
    ['the owner’s own read', ROOM, { kind: 'own', account: ROOM }],
    [
      'a service of AWS, which shares its event too',
      null,
      { kind: 'aws-service', service: 'cloudtrail.amazonaws.com' },
    ],
  ])('%s crosses no border', (_, account, crossing) => {
    expect(join(collect(makeS3Read({ key: 'a', at: AT, account }))).map((each) => each.crossing)).toEqual([crossing]);
  });

  it.each([true, false])(
    'finds the partner behind Lake Formation’s credentials (source identity: %s)',
    (sourceIdentity) => {
      const sightings = makeLakeRead({ keys: ['a', 'b'], at: AT, account: PARTNER, sourceIdentity });
      const reads = join(collect(sightings)).filter(({ access }) => access.act === 'read');
      expect(reads).toHaveLength(2);
      for (const { crossing, vendedBy } of reads) {
        expect(crossing).toEqual({ kind: 'other-account', account: PARTNER, by: 'lake-formation-session' });
        expect(vendedBy.map(({ recordedBy }) => recordedBy).toSorted()).toEqual([ROOM, PARTNER]);
      }
    },
  );

  it('joins a file that is moved many times in a session as often as it was, the first with the first', () => {
    const upload = collect(makeSftpUpload({ user: 'telco.retail', key: 'a', at: AT })).filter(
      ({ act }) => act === 'write',
    );
    const times = [5, 6, 7].map((minute) => AT.replace('09:05', `09:0${minute}`));
    const moved = times.flatMap((at, turn) => upload.map((each) => ({ ...each, id: `${each.id}/${turn}`, at })));
    const seen = (accesses: readonly Access[]) =>
      join(accesses)
        .map(({ access, witnesses }) =>
          [access, ...witnesses].map(({ witness, at }) => `${witness} ${at.slice(14, 16)}`).toSorted(),
        )
        .toSorted();
    const all = ['05', '06', '07'].map((minute) =>
      ['cloudtrail', 'event-bus', 'transfer-log'].map((each) => `${each} ${minute}`),
    );
    expect(seen(moved)).toEqual(all);
    expect(seen(moved.toReversed())).toEqual(all);
    // The trail lacks the last two.
    const lacking = moved.filter(({ witness, at }) => witness !== 'cloudtrail' || at === times[0]);
    expect(seen(lacking)).toEqual(all.map((each, turn) => (turn === 0 ? each : each.slice(1))));
    // S3's event in the logs of two accounts is one.
    const twoSided = moved.flatMap((each) => {
      if (each.witness !== 'cloudtrail') return [each];
      const shared = { ...each, joins: { ...each.joins, sharedEvent: `shared-${each.id}` } };
      return [shared, { ...shared, id: `${each.id}-b`, recordedBy: THIRD }];
    });
    expect(seen(twoSided)).toEqual(all);
    // What is deleted is gone once, and what its records are called is not told of each.
    const deleted = moved.map((each) => ({ ...each, act: 'delete' as const }));
    expect(seen(deleted)).toEqual(
      all
        .flat()
        .toSorted()
        .map((each) => [each]),
    );
  });

  it('falls back on the source identity where GetDataAccess is lost, and guesses nothing without', () => {
    const crossings = [true, false].map((sourceIdentity) => {
      const sightings = makeLakeRead({ keys: ['a'], at: AT, account: PARTNER, sourceIdentity });
      const reads = collect(sightings).filter(({ act }) => act === 'read');
      return join(reads)[0]!.crossing;
    });
    expect(crossings).toEqual([
      { kind: 'other-account', account: PARTNER, by: 'source-identity' },
      { kind: 'unknown' },
    ]);
  });

  it('says so when two accounts were handed the same session', () => {
    const accesses = collect(makeLakeRead({ keys: ['a'], at: AT, account: PARTNER }));
    const vend = accesses.find(({ act }) => act === 'vend')!;
    const rival = {
      ...vend,
      id: 'other',
      actor: { kind: 'account', account: THIRD } as const,
      joins: { ...vend.joins, sharedEvent: 'x' },
    };
    const read = join([...accesses, rival]).find(({ access }) => access.act === 'read');
    expect(read?.crossing).toEqual({ kind: 'ambiguous', accounts: [PARTNER, THIRD] });
    // Whoever is refused is handed nothing.
    const refused = join([...accesses, { ...rival, outcome: 'denied' }]).find(({ access }) => access.act === 'read');
    expect(refused?.crossing).toEqual({ kind: 'other-account', account: PARTNER, by: 'lake-formation-session' });
  });

  it('takes an SFTP upload as one access, told by three logs, and names the user on every record of the session', () => {
    const joined = join(collect(makeSftpUpload({ user: 'retail', key: 'p.csv', at: AT })));
    const told = joined.map(({ access, witnesses }) => [access.operation, witnesses.length]);
    expect(told.toSorted()).toEqual([
      ['CONNECTED', 0],
      ['DISCONNECTED', 0],
      ['PutObject', 2],
    ]);
    for (const { crossing } of joined) expect(crossing).toMatchObject({ kind: 'sftp', user: 'retail', server: SERVER });
  });

  it('still names the user where S3 tells nothing', () => {
    const told = collect(makeSftpUpload({ user: 'retail', key: 'p.csv', at: AT })).filter(
      ({ service }) => service !== 's3',
    );
    const upload = join(told).find(({ access }) => access.act === 'write');
    expect(upload).toMatchObject({ witnesses: [{}], crossing: { kind: 'sftp', user: 'retail' } });
  });

  it('tells a partner from S3’s own line alone, where it is known whose bucket it is', () => {
    const lines = collect(makeS3Read({ key: 'a', at: AT, account: PARTNER })).filter(
      ({ witness }) => witness === 's3-access-log',
    );
    expect(join(lines)[0]?.crossing).toEqual({ kind: 'other-account', account: PARTNER, by: 'actor' });
    expect(joinAccesses(lines, new Map(), [])[0]?.crossing).toEqual({ kind: 'unknown' });
  });

  it('knows whose account changes the trail', () => {
    expect(join(collect([makeTrailChange(AT)]))[0]?.crossing).toEqual({ kind: 'own', account: ROOM });
  });
});

it('loses no access and finds none twice, under drop, repetition and disorder', () => {
  const all: readonly Sighting[] = [
    ...makeS3Read({ key: 'a', at: AT, account: PARTNER }),
    ...makeS3Read({ key: 'b', at: AT, account: PARTNER }),
    ...makeLakeRead({ keys: ['c', 'd'], at: AT, account: PARTNER }),
    ...makeSftpUpload({ user: 'retail', key: 'e', at: AT }),
    makeDecrypt({ key: 'a', at: AT, account: PARTNER }),
    makeTrailChange(AT),
  ];
  const order = fc.array(fc.nat(all.length - 1), { maxLength: 40 });
  fc.assert(
    fc.property(order, (places) => {
      const accesses = collect(places.map((place) => all[place]!));
      const joined = join(accesses);
      const held = joined.flatMap(({ access, otherSides, witnesses }) => [access, ...otherSides, ...witnesses]);
      expect(held.map(({ id }) => id).toSorted()).toEqual(accesses.map(({ id }) => id).toSorted());
    }),
  );
});

function join(accesses: readonly Access[]) {
  return joinAccesses(accesses, new Map([[BUCKET, ROOM]]), []);
}
