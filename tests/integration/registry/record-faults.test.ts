import { createHmac } from 'node:crypto';
import { sha256 } from '../../../lib/audit/node-crypto';
import { answerOperation } from '../../../lib/domain/enforcement/api/answer-operation';
import { overruleBreach } from '../../../lib/domain/enforcement/breaches/overrule-breach';
import { recordBreach } from '../../../lib/domain/enforcement/breaches/record-breach';
import { recordNotice } from '../../../lib/domain/enforcement/breaches/record-notice';
import { admitDrawing } from '../../../lib/domain/enforcement/doors/admit-drawing';
import { listPrincipals } from '../../../lib/domain/enforcement/registration/list-principals';
import { proposeVersion } from '../../../lib/domain/enforcement/registration/propose-version';
import { registerAgreement } from '../../../lib/domain/enforcement/registration/register-agreement';
import { signVersion } from '../../../lib/domain/enforcement/registration/sign-version';
import { pauseAgreement } from '../../../lib/domain/enforcement/words/pause-agreement';
import { WordRefused } from '../../../lib/domain/enforcement/words/require-speaker';
import { readConduct } from '../../../lib/domain/registry/read-conduct';
import type { RecordStore } from '../../../lib/domain/registry/record-store';
import { openRegistry, type Registry } from '../../../lib/domain/registry/registry';
import { startErasure } from '../../../lib/registry/start-erasure';
import { breakStore, Crash } from '../../fixtures/break-store';
import { breachOf, releaseOf } from '../../fixtures/conduct';
import { openMemoryStore } from '../../fixtures/memory-store';
import { confirmationOf } from '../../fixtures/party-keys';
import { TELCO_RETAIL_PLAN as PLAN } from '../../fixtures/plan';
import { believe, EARLY, signatureOf, versionOf } from '../../fixtures/registered';

/* What people put on record, broken off at every call of the record, before and after its effect, and then done again. */

const AGREEMENT = PLAN.agreement.id;
const [USAGE] = PLAN.legs.map(({ id }) => id) as [string];
const NOW = '2026-03-10T10:00:00.000Z';
const mac = async (use: string) => createHmac('sha256', 'a key').update(use).digest();
const UNKNOWN = async () => undefined;
const SECRETS = { key: 'arn:key-1', erasure: () => mac('erasure'), token: () => mac('token') };

interface Flow {
  readonly name: string;
  readonly act: (registry: Registry, now: string) => Promise<unknown>;
  /** What comes before it. */
  readonly before?: (registry: Registry, now: string) => Promise<unknown>;
}

const start: Flow['act'] = async (registry, now) => {
  const on = (await readConduct(registry, AGREEMENT))!;
  return startErasure(registry, on, PLAN.datasets[0]!, '+4915112345678', SECRETS, UNKNOWN, now);
};

const NEXT = { ...PLAN, agreement: { ...PLAN.agreement, version: 2, content: 'd2'.repeat(32) } };
const MADE = { sftpRoles: {}, dataSets: {}, legKeys: { [USAGE]: 'arn:key-2' }, version: 2 };

const FLOWS: readonly Flow[] = [
  {
    name: 'an amendment is proposed',
    act: (registry, now) => proposeVersion(registry, versionOf(NEXT).plan, versionOf(NEXT).hash, now),
  },
  {
    name: 'an amendment is drawn',
    before: (registry, now) =>
      registerAgreement(
        registry,
        { ...versionOf(PLAN), provisioned: { ...MADE, legKeys: { [USAGE]: 'arn:key-1' } } },
        now,
      ),
    act: async (registry, now) => {
      const version = { ...versionOf(NEXT), provisioned: MADE };
      await admitDrawing(registry, NEXT.agreement, listPrincipals(version.plan));
      await registerAgreement(registry, version, now);
    },
  },
  { name: 'an erasure is started', act: start },
  {
    name: 'an erasure is confirmed',
    before: start,
    act: async (registry, now) => {
      const on = (await readConduct(registry, AGREEMENT))!;
      const [erasure] = await registry.erasures(AGREEMENT).list();
      const days = on.conduct.releases.flatMap(({ leg, round }) => (leg === USAGE ? [round] : []));
      const told = erasure!.receivers[0]!.erasure!;
      const { releases, signature, ...by } = confirmationOf(PLAN, USAGE, told, days);
      const body = { leg: USAGE, ...by, confirmations: [{ erasure: told, releases, signature }] };
      const request = { id: 'r', operation: 'confirm-erasure', party: 'retail', about: USAGE, body } as const;
      const parts = {
        registry,
        verify: believe,
        listAccesses: async () => ({}),
        tell: async () => {},
        readCertificate: async () => undefined,
        sha256,
      };
      return answerOperation(request, on, parts, now);
    },
  },
  {
    name: 'notice is given',
    act: (registry, now) => recordNotice(registry, PLAN, 'telco', 'a better offer', now),
  },
  {
    name: 'a breach is overruled',
    before: async (registry, now) => {
      const { report, kind: breach, since } = breachOf(PLAN);
      const at = { agreement: AGREEMENT, party: 'retail', leg: USAGE };
      return recordBreach(registry, { ...at, report, breach, since, reportedAt: now });
    },
    act: (registry, now) =>
      overruleBreach(registry, AGREEMENT, breachOf(PLAN).report, { by: 'telco', at: now, reason: 'a new office' }),
  },
  {
    name: 'the agreement is suspended',
    before: async (registry) => {
      const words = ['suspend', 'resume', 'suspend', 'resume'] as const;
      for (const [minute, act] of words.entries())
        await pauseAgreement(registry, AGREEMENT, {
          act,
          by: 'telco',
          at: `2026-03-10T08:0${minute}:00Z`,
          reason: 'x',
        });
    },
    act: (registry, now) =>
      pauseAgreement(registry, AGREEMENT, { act: 'suspend', by: 'telco', at: now, reason: 'a leak' }).catch(
        (error: unknown) => {
          // Another's word was taken first.
          if (!(error instanceof WordRefused)) throw error;
        },
      ),
  },
];

async function openActive(): Promise<RecordStore> {
  const { store } = openMemoryStore();
  const registry = openRegistry(store);
  await registerAgreement(registry, versionOf(PLAN), EARLY);
  for (const { id } of PLAN.parties) await signVersion(registry, signatureOf(PLAN, id), believe);
  await registry.current(AGREEMENT).change([], (current) => ({ ...current, state: 'active' }));
  for (const day of ['2026-02-26', '2026-03-05'])
    await registry.releases(AGREEMENT).create(releaseOf(PLAN, USAGE, day, { datasetVersion: 1 }));
  return store;
}

async function prepare({ before }: Flow): Promise<RecordStore> {
  const store = await openActive();
  await before?.(openRegistry(store), NOW);
  return store;
}

async function look(store: RecordStore) {
  const registry = openRegistry(store);
  const current = await registry.current(AGREEMENT).read();
  return {
    proposed: current?.proposed,
    provisioned: current?.provisioned,
    versions: (await registry.versions(AGREEMENT).list()).map(({ version, hash }) => [version, hash]),
    ending: (await registry.current(AGREEMENT).read())?.ending,
    paused: current?.history,
    steps: (await readConduct(registry, AGREEMENT))?.current.history,
    erasures: await registry.erasures(AGREEMENT).list(),
    overruled: (await registry.breaches(AGREEMENT).list()).map(({ report, overruled }) => [report, overruled]),
  };
}

test.each(FLOWS)('$name: broken off anywhere and done again, it is as if it had not broken off', async (flow) => {
  const whole = await prepare(flow);
  const { broken: counting, count } = breakStore(whole, Number.POSITIVE_INFINITY, 'after');
  await flow.act(openRegistry(counting), NOW);
  const expected = await look(whole);
  let points = 0;
  for (const when of ['before', 'after'] as const)
    for (let at = 1; at <= count(); at += 1) {
      points += 1;
      const store = await prepare(flow);
      await expect(flow.act(openRegistry(breakStore(store, at, when).broken), NOW)).rejects.toThrow(Crash);
      await flow.act(openRegistry(store), NOW);
      expect({ when, at, ...(await look(store)) }).toEqual({ when, at, ...expected });
    }
  console.info(`${points} fault points at ${count()} calls: ${flow.name}`);
});

test.each(FLOWS)('$name: done three times at once, by clocks that differ, one of them stands', async (flow) => {
  const store = await prepare(flow);
  const clocks = ['2026-03-10T10:00:02.000Z', NOW, '2026-03-10T09:59:55.000Z'];
  await Promise.all(clocks.map((now) => flow.act(openRegistry(store), now)));
  const seen = await look(store);
  const stands = await Promise.all(
    clocks.map(async (now) => {
      const alone = await prepare(flow);
      await flow.act(openRegistry(alone), now);
      return look(alone);
    }),
  );
  // When releases were looked through may be another's clock.
  const plain = (each: typeof seen) => ({ ...each, erasures: each.erasures.map(({ listedAt: _, ...rest }) => rest) });
  expect(stands.map(plain)).toContainEqual(plain(seen));
});
