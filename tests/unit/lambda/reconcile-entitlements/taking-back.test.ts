import { DataExchangeClient } from '@aws-sdk/client-dataexchange';
import { GlueClient } from '@aws-sdk/client-glue';
import { LakeFormationClient } from '@aws-sdk/client-lakeformation';
import fc from 'fast-check';
import { openDataGrants } from '../../../../lambda/reconcile-entitlements/data-grants';
import type { EntitlementService } from '../../../../lambda/reconcile-entitlements/entitlement-service';
import { openLakePermissions } from '../../../../lambda/reconcile-entitlements/lake-permissions';
import { reconcileEntitlements } from '../../../../lambda/reconcile-entitlements/reconcile-entitlements';
import type { Plan } from '../../../../lib/domain/agreement/plan/plan';
import { listSurplus } from '../../../../lib/domain/exchange/rounds/list-surplus';
import { readRounds, showRounds } from '../../../../lib/domain/room/catalogue';
import { conductOf, roundOf } from '../../../fixtures/conduct';
import { holdRoles } from '../../../fixtures/hold-roles';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';
import { recordLog } from '../../../fixtures/recorded-log';
import { registerSigned } from '../../../fixtures/registered';

const [OLD_DAY, DAY, NEXT_DAY] = ['2026-01-01', '2026-01-08', '2026-01-15'];
const NOW = '2026-01-10T12:00:00Z';
const LEG = TELCO_RETAIL_PLAN.legs[0]!;
const RECEIVER = TELCO_RETAIL_PLAN.parties.find(({ id }) => id === LEG.to)!.account;

/** Commands by name, as a service answers them. */
type Answers = Readonly<Record<string, (input: never) => unknown>>;

function stubbed<T extends { send: unknown }>(client: T, answers: Answers, calls: string[] = []): T {
  const send = async (command: { readonly constructor: { readonly name: string }; readonly input: never }) => {
    const name = command.constructor.name.replace(/Command$/, '');
    calls.push(name);
    const answer = answers[name];
    if (answer === undefined) throw new Error(`${name} was not expected.`);
    return answer(command.input);
  };
  return Object.assign(client, { send });
}

async function reconcile(plan: Plan, service: EntitlementService, days: readonly string[], dataSets = {}, event = {}) {
  const { registry, agreement } = await registerSigned(plan);
  const { rounds, releases } = conductOf(plan, days);
  await registry
    .current(agreement)
    .change([], (current) => ({ ...current, state: 'active', provisioned: { ...current.provisioned, dataSets } }));
  for (const round of rounds) await registry.rounds(agreement).create(round);
  await registry.rounds(agreement).create(roundOf(plan, NEXT_DAY, { state: 'publishing' }));
  for (const release of releases) await registry.releases(agreement).create(release);
  const nothing = async () => {};
  const { log } = recordLog();
  const common = {
    registry,
    roles: holdRoles().roles,
    retire: async () => 0,
    send: nothing,
    notify: nothing,
    seeGrants: async () => [],
    now: () => NOW,
    log,
  };
  await reconcileEntitlements(event, { ...common, services: [service] });
  return registry.entitlements(agreement).list();
}

test('taking a filter from one account leaves the receiver what it may see', async () => {
  const table = LEG.id.replaceAll('-', '_');
  const legs = [{ ...LEG, via: { kind: 'lake-formation' as const } }];
  const plan = { ...TELCO_RETAIL_PLAN, legs };
  let expression = showRounds([DAY]);
  const holders = new Set(['999999999999']);
  const resource = () => ({ DatabaseName: 'barter_telco_retail_2026', TableName: table, Name: table });
  const change =
    (act: (account: string) => unknown) =>
    (input: { Entries: [{ Principal: { DataLakePrincipalIdentifier: string } }] }) => {
      act(input.Entries[0].Principal.DataLakePrincipalIdentifier);
      return {};
    };
  const lakeFormation = stubbed(new LakeFormationClient({ region: 'eu-central-1' }), {
    ListPermissions: () => ({
      PrincipalResourcePermissions: [...holders].map((account) => ({
        Principal: { DataLakePrincipalIdentifier: account },
        Resource: { DataCellsFilter: resource() },
      })),
    }),
    GetDataCellsFilter: () => ({ DataCellsFilter: { ...resource(), RowFilter: { FilterExpression: expression } } }),
    UpdateDataCellsFilter: (input: { TableData: { RowFilter: { FilterExpression: string } } }) => {
      expression = input.TableData.RowFilter.FilterExpression;
      return {};
    },
    BatchGrantPermissions: change((account) => holders.add(account)),
    BatchRevokePermissions: change((account) => holders.delete(account)),
  });
  const glue = stubbed(new GlueClient({ region: 'eu-central-1' }), {
    GetTable: () => ({ Table: { StorageDescriptor: { Location: 's3://lake/x' } } }),
    BatchCreatePartition: () => ({}),
  });
  const service = openLakePermissions({ lakeFormation, glue, account: '999900001111', sleep: async () => {} });
  const records = await reconcile(plan, service, [OLD_DAY, DAY]);
  expect([...holders]).toEqual([RECEIVER]);
  expect(readRounds(expression)).toEqual([OLD_DAY, DAY]);
  expect(records).toMatchObject([{ leg: LEG.id, state: 'granted', releases: [OLD_DAY, DAY] }]);
});

test('a data set is granted when it shows what the receiver may see, and nothing else', async () => {
  const plan = { ...TELCO_RETAIL_PLAN, legs: [{ ...LEG, retain: 'P7D' }] };
  const revisions = [OLD_DAY, DAY, NEXT_DAY].map((day) => ({
    Id: day,
    Comment: `telco-retail-2026/${LEG.id}/${day}`,
    Finalized: true,
    Revoked: false,
  }));
  const calls: string[] = [];
  const client = stubbed(
    new DataExchangeClient({ region: 'eu-central-1' }),
    {
      ListDataGrants: () => ({ DataGrantSummaries: [] }),
      ListDataSetRevisions: () => ({ Revisions: revisions }),
      RevokeRevision: ({ RevisionId }: { RevisionId: string }) => {
        revisions.find(({ Id }) => Id === RevisionId)!.Revoked = true;
        return {};
      },
      CreateDataGrant: () => ({ Id: 'grant-1' }),
    },
    calls,
  );
  await reconcile(plan, openDataGrants(client), [OLD_DAY, DAY], { [LEG.id]: 'set-1' });
  // What is being published is not touched: it is granted as soon as it is on record.
  expect(revisions.map(({ Id, Revoked }) => [Id, Revoked])).toEqual([
    [OLD_DAY, true],
    [DAY, false],
    [NEXT_DAY, false],
  ]);
  expect(calls.filter((name) => /^(Revoke|Create)/.test(name))).toEqual(['RevokeRevision', 'CreateDataGrant']);
});

test.each<[string, boolean]>([
  ['is granted', true],
  ['is about to be granted', false],
])(
  'what somebody finalised by hand in a data set that %s is revoked: under another name, and under a release’s',
  async (_, isGranted) => {
    const plan = { ...TELCO_RETAIL_PLAN, legs: [LEG] };
    const named = (Id: string, Comment: string) => ({ Id, Comment, Finalized: true, Revoked: false });
    const name = `telco-retail-2026/${LEG.id}/${DAY}`;
    const revisions = [
      named('own', name),
      named('again', name),
      named('bare', DAY),
      named('x', 'x'),
      named('none', ''),
    ];
    const client = stubbed(new DataExchangeClient({ region: 'eu-central-1' }), {
      ListDataGrants: () => ({
        DataGrantSummaries: isGranted
          ? [{ Id: 'grant-1', SourceDataSetId: 'set-1', ReceiverPrincipal: RECEIVER, AcceptanceState: 'ACCEPTED' }]
          : [],
      }),
      ListDataSetRevisions: () => ({ Revisions: revisions }),
      RevokeRevision: ({ RevisionId }: { RevisionId: string }) => {
        revisions.find(({ Id }) => Id === RevisionId)!.Revoked = true;
        return {};
      },
      CreateDataGrant: () => ({ Id: 'grant-1' }),
    });
    await reconcile(plan, openDataGrants(client), [DAY], { [LEG.id]: 'set-1' }, { cause: 'term' });
    expect(revisions.flatMap(({ Id, Revoked }) => (Revoked ? [] : [Id]))).toEqual(['own']);
  },
);

test('a grant that was made already is not made again', async () => {
  const plan = { ...TELCO_RETAIL_PLAN, legs: [LEG] };
  const calls: string[] = [];
  const client = stubbed(
    new DataExchangeClient({ region: 'eu-central-1' }),
    {
      ListDataGrants: () => ({ DataGrantSummaries: [] }),
      ListDataSetRevisions: () => ({ Revisions: [] }),
      CreateDataGrant: () => ({ Id: `grant-${calls.length}` }),
    },
    calls,
  );
  const service = openDataGrants(client);
  const twice: EntitlementService = {
    ...service,
    apply: async (on, step, releases) => {
      const first = await service.apply(on, step, releases);
      expect(await service.apply(on, step, releases)).toBe(first);
      return first;
    },
  };
  const records = await reconcile(plan, twice, [DAY], { [LEG.id]: 'set-1' });
  expect(records).toMatchObject([{ leg: LEG.id, state: 'granted' }]);
  expect(calls.filter((name) => name === 'CreateDataGrant')).toHaveLength(1);
});

test('what is to be seen is never surplus, nor is a round that is not published', () => {
  const days = fc.subarray(['2026-01-01', '2026-01-08', '2026-01-15', '2026-01-22']);
  fc.assert(
    fc.property(days, days, days, (shown, wanted, published) => {
      const rounds = published.map((day) => roundOf(TELCO_RETAIL_PLAN, day, { state: 'published' }));
      const surplus = listSurplus({ rounds }, shown, wanted);
      expect(surplus).toEqual(shown.filter((day) => published.includes(day) && !wanted.includes(day)));
      for (const day of shown) expect(surplus.includes(day) && wanted.includes(day)).toBe(false);
    }),
    { seed: 2, numRuns: 50 },
  );
});

test('what is final of a round whose publication is under way is nobody else’s to take back', async () => {
  const applied: unknown[] = [];
  const shown = { kind: 'data-grant', leg: LEG.id, account: RECEIVER, reference: 'grant-1' } as const;
  const service: EntitlementService = {
    kinds: ['data-grant'],
    list: async () => [{ ...shown, releases: [OLD_DAY, DAY, NEXT_DAY] }],
    apply: async (_, { do: act, releases }) => {
      applied.push([act, releases]);
      return 'grant-1';
    },
  };
  const plan = { ...TELCO_RETAIL_PLAN, legs: [{ ...LEG, via: { kind: 'data-grant' as const } }] };
  await reconcile(plan, service, [DAY]);
  // The first day is of no round that is published: somebody showed it by hand. The last is being published.
  expect(applied).toEqual([['withdraw', [OLD_DAY]]]);
});
