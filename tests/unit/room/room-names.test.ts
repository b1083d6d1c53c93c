import { isRoomRole } from '../../../lib/domain/room/room-names';

const session = (role: string) => `arn:aws:sts::999900001111:assumed-role/${role}/somebody`;

test.each([
  ['BarterRoomExchange-ReconcileRole7A1B2C3D-AbCdEf123456', true],
  ['BarterRoomVault-TellerRole7A1B2C3D-AbCdEf123456', true],
  ['BarterAgreement-telco-retail-2026-Role7A1B2C3D-AbCdEf', true],
  // Names that people give to roles of their own: what these do is told like what anybody does.
  ['BarterAdmin', false],
  ['BarterRoomOperator', false],
  ['BarterRoomVaultAdmin', false],
  ['barter-party-telco-retail-2026.retail', false],
  ['Administrator', false],
])('whether a role is one of the room’s: %s', (role, isOurs) => {
  expect(isRoomRole(session(role))).toBe(isOurs);
});

test('a user, and nobody, is no role of the room', () => {
  expect(isRoomRole('arn:aws:iam::999900001111:user/BarterRoomVault-x')).toBe(false);
  expect(isRoomRole(undefined)).toBe(false);
});
