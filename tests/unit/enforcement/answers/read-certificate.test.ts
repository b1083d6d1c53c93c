import { sha256 } from '../../../../lib/audit/node-crypto';
import { AlteredCertificate, answerCertificate } from '../../../../lib/domain/enforcement/api/answers/read-certificate';
import type { ReleaseRecord, RoundRecord } from '../../../../lib/domain/registry/round-records';
import { conductOf, releaseOf, roundOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { makeStoredRelease } from '../../../fixtures/stored-release';

const ROUND = '2026-03-05';
const LEG = PLAN.legs[0]!;
const { record, objects } = makeStoredRelease(PLAN, LEG, ROUND);
const TEXT = objects.get(`${record.place}certificate.json`)!;

interface Situation {
  readonly asked?: { readonly party?: string; readonly round?: string };
  readonly release?: Partial<ReleaseRecord>;
  readonly round?: RoundRecord['state'];
  /** What lies there; null: nothing. */
  readonly lies?: string | null;
}

async function ask({ asked = {}, release = {}, round = 'published', lies = TEXT }: Situation) {
  const conduct = conductOf(PLAN, [], {
    rounds: [roundOf(PLAN, ROUND, { state: round })],
    releases: [releaseOf(PLAN, PLAN.legs[1]!.id, ROUND), { ...record, state: 'final', ...release }],
  });
  const read: string[] = [];
  const answer = await answerCertificate({ party: LEG.to, leg: LEG, round: ROUND, ...asked }, conduct, {
    sha256,
    async readCertificate({ place }) {
      read.push(place);
      return lies === null ? undefined : new TextEncoder().encode(lies);
    },
  });
  return { ...answer, read };
}

test.each<[string, Situation]>([
  ['its receiver, once the round is out', {}],
  ['its receiver, of what was withdrawn since', { release: { state: 'revoked' } }],
  ['its giver, once the round is out', { asked: { party: LEG.from } }],
  ['its giver, while the round waits', { asked: { party: LEG.from }, release: { state: 'prepared' }, round: 'open' }],
  ['its giver, of a round that was withheld', { asked: { party: LEG.from }, round: 'withheld' }],
])('is read by %s', async (_, situation) => {
  const { status, body } = await ask(situation);
  expect(status).toBe(200);
  expect(body).toMatchObject({ round: ROUND, leg: LEG.id, certificate: record.certificate });
  expect(body).toMatchObject({ measured: JSON.parse(TEXT) });
  expect(JSON.stringify(body)).not.toContain(record.place);
});

test.each<[string, Situation, number, string]>([
  ['while the round waits', { release: { state: 'prepared' }, round: 'open' }, 409, 'not-published'],
  ['while it is published', { release: { state: 'prepared' }, round: 'publishing' }, 409, 'not-published'],
  ['of a round that was withheld', { release: { state: 'revoked' }, round: 'withheld' }, 409, 'not-published'],
  ['of no release', { asked: { round: '2026-03-12' } }, 404, 'no-such-release'],
])('its receiver is not told %s, and nothing is read', async (_, situation, status, reason) => {
  expect(await ask(situation)).toEqual({ status, body: { reason }, read: [] });
});

test('one that is kept no longer is no longer here', async () => {
  expect(await ask({ lies: null })).toMatchObject({ status: 404, body: { reason: 'no-longer-here' } });
});

test.each([
  ['another', TEXT.replace('"released":8', '"released":9')],
  ['the same, laid out otherwise', JSON.stringify(JSON.parse(TEXT), null, 1)],
  ['no JSON', 'nothing'],
  ['no text', '\uFFFF'],
])('what is not the one on record is answered to nobody: %s', async (_, lies) => {
  await expect(ask({ lies })).rejects.toThrow(AlteredCertificate);
});
