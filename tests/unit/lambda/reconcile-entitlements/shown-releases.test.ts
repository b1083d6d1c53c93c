import { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { labelOf, listShownReleases, revokeShown } from '../../../../lambda/shared/shown-releases';
import { nameRelease } from '../../../../lib/domain/exchange/rounds/name-release';
import { readConduct } from '../../../../lib/domain/registry/read-conduct';
import { releaseOf } from '../../../fixtures/conduct';
import { TELCO_RETAIL_PLAN as PLAN } from '../../../fixtures/plan';
import { registerSigned } from '../../../fixtures/registered';

/* What a data set shows is known by the revision that is on record of a round, not by what a revision says of itself. */

const LEG = PLAN.legs[0]!.id;
const DAY = '2026-01-01';

/** @param comments of revisions `r-1`, `r-2`, …, in the order in which AWS lists them */
async function open(comments: readonly string[], revision?: string) {
  const { registry, agreement } = await registerSigned(PLAN);
  await registry
    .releases(agreement)
    .create({ ...releaseOf(PLAN, LEG, DAY), ...(revision === undefined ? {} : { revision }) });
  const on = await readConduct(registry, agreement);
  if (on === undefined) throw new Error('It was registered.');
  const revoked: string[] = [];
  const client = Object.assign(new DataExchangeClient({ region: 'eu-central-1' }), {
    send: async ({ input }: { readonly input: { readonly RevisionId?: string } }) => {
      if (input.RevisionId !== undefined) revoked.push(input.RevisionId);
      const Revisions = comments.map((Comment, at) => ({
        Id: `r-${at + 1}`,
        Comment,
        Finalized: true,
        Revoked: false,
      }));
      return { Revisions };
    },
  });
  return { client, on, revoked };
}

const labelsOf = async (comments: readonly string[], revision?: string) => {
  const { client, on } = await open(comments, revision);
  return (await listShownReleases(client, on, LEG, 'ds-1')).map(labelOf);
};
const OF_DAY = nameRelease(PLAN.agreement.id, LEG, DAY);

test('of two that say they are of a round, that on record is, whichever is listed first', async () => {
  expect(await labelsOf([OF_DAY, OF_DAY], 'r-2')).toEqual(['r-1', DAY]);
  expect(await labelsOf([OF_DAY, OF_DAY], 'r-1')).toEqual([DAY, 'r-2']);
  expect(await labelsOf([OF_DAY, OF_DAY])).toEqual([DAY, 'r-2']);
});

test('what is none that was published is called by its id, whatever it says', async () => {
  const others = ['x', '2026-1-1', ''].map((day) => nameRelease(PLAN.agreement.id, LEG, day));
  expect(await labelsOf([...others, nameRelease('another', LEG, DAY)])).toEqual(['r-1', 'r-2', 'r-3', 'r-4']);
});

test('what somebody put beside the release is revoked, and the release is not', async () => {
  const { client, on, revoked } = await open([OF_DAY, OF_DAY], 'r-2');
  await revokeShown(client, on, { leg: LEG, dataSet: 'ds-1' }, ['r-1'], 'by hand');
  expect(revoked).toEqual(['r-1']);
});
