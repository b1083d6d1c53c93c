import { type Caller, identifyParty } from '../../../../lib/domain/enforcement/doors/identify-party';
import { TELCO_RETAIL_PLAN } from '../../../fixtures/plan';

const ROOM = '999900001111';
const TELCO = '111122223333';
const session = (role: string, account = ROOM) => `arn:aws:sts::${account}:assumed-role/${role}/nightly`;
const identify = (caller: Caller, roomAccount = ROOM) =>
  identifyParty(caller, 'telco-retail-2026', TELCO_RETAIL_PLAN.parties, roomAccount);

test.each<[string, Caller, string | undefined]>([
  [
    "a session of its role in the room's account",
    { account: ROOM, arn: session('barter-party-telco-retail-2026.retail') },
    'retail',
  ],
  ['its own account', { account: TELCO, arn: `arn:aws:iam::${TELCO}:user/pipeline` }, 'telco'],
  ['a role for another agreement', { account: ROOM, arn: session('barter-party-another-2026.retail') }, undefined],
  ['a role of the room that is nobody’s', { account: ROOM, arn: session('BarterRoomVault-Role') }, undefined],
  [
    'a role whose name only begins so',
    { account: ROOM, arn: session('barter-party-telco-retail-2026.retail2') },
    undefined,
  ],
  [
    'a user with the name of a role',
    { account: ROOM, arn: `arn:aws:iam::${ROOM}:user/barter-party-telco-retail-2026.retail` },
    undefined,
  ],
  [
    'a role of that name in another account',
    { account: '123123123123', arn: session('barter-party-telco-retail-2026.retail', '123123123123') },
    undefined,
  ],
  [
    'an ARN of another account than is said',
    { account: ROOM, arn: session('barter-party-telco-retail-2026.retail', TELCO) },
    undefined,
  ],
  ['an account of nobody', { account: '123123123123', arn: session('admin', '123123123123') }, undefined],
  ['no account', { account: undefined, arn: session('barter-party-telco-retail-2026.retail') }, undefined],
  ['no account of AWS', { account: '.*', arn: undefined }, undefined],
])('%s: %j is %s', (_, caller, party) => {
  expect(identify(caller)).toBe(party);
});

test("in a party's own account its partner's role is not taken for its own principal", () => {
  expect(identify({ account: TELCO, arn: session('barter-party-telco-retail-2026.retail', TELCO) }, TELCO)).toBe(
    'retail',
  );
  expect(identify({ account: TELCO, arn: session('barter-party-another-2026.retail', TELCO) }, TELCO)).toBeUndefined();
  expect(identify({ account: TELCO, arn: session('Engineer', TELCO) }, TELCO)).toBe('telco');
});
