import { KMSClient } from '@aws-sdk/client-kms';
import { retireKeys } from '../../../../lambda/reconcile-entitlements/retire-keys';
import type { AgreementState } from '../../../../lib/domain/agreement/lifecycle';

const KEY = (name: string) => `arn:aws:kms:eu-central-1:999900001111:key/${name}`;

/** KMS in memory. */
function openKeys(states: Readonly<Record<string, string>>) {
  const keys = new Map(Object.entries(states).map(([name, state]) => [KEY(name), state]));
  const send = async (command: { readonly input: { readonly KeyId: string } }) => {
    const { input } = command;
    const { name } = command.constructor;
    const KeyState = keys.get(input.KeyId);
    if (KeyState === undefined) throw new Error(`KMS in memory has no ${input.KeyId}.`);
    if (name === 'DescribeKeyCommand') return { KeyMetadata: { KeyId: input.KeyId, KeyState } };
    expect([name, input]).toEqual(['ScheduleKeyDeletionCommand', { KeyId: input.KeyId, PendingWindowInDays: 30 }]);
    keys.set(input.KeyId, 'PendingDeletion');
    return {};
  };
  const kms = Object.assign(new KMSClient({ region: 'eu-central-1' }), { send });
  return { kms, states: () => Object.fromEntries([...keys].map(([arn, state]) => [arn.split('/')[1], state])) };
}

const on = (state: AgreementState) => {
  const provisioned = { legKeys: { leg: KEY('own') }, formerKeys: [KEY('former'), KEY('gone'), KEY('own')] };
  return { current: { state, provisioned } } as unknown as Parameters<typeof retireKeys>[1];
};
const MADE = { own: 'Enabled', former: 'Disabled', gone: 'PendingDeletion' };

test.each<AgreementState>(['ended', 'settled'])(
  '%s: the keys of its legs are to be deleted, of those too that it had before, and once each',
  async (state) => {
    const { kms, states } = openKeys(MADE);
    expect(await retireKeys(kms, on(state))).toBe(2);
    expect(new Set(Object.values(states()))).toEqual(new Set(['PendingDeletion']));
    expect(await retireKeys(kms, on(state))).toBe(0);
  },
);

test.each<AgreementState>(['draft', 'signed', 'active', 'suspended'])('%s: none is touched', async (state) => {
  const { kms, states } = openKeys(MADE);
  expect(await retireKeys(kms, on(state))).toBe(0);
  expect(states()).toEqual(MADE);
});
