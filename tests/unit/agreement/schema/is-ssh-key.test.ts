import { isSshKey } from '../../../../lib/domain/agreement/schema/is-ssh-key';

const KEYS = {
  ed25519: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIG2w/NvHGFY44PQ2tJhqGDcpAaAHScwEqbwBPFIWrQY3',
  ecdsa256:
    'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFJN/Enu/n1ECiLwVQydXoCgZBhUQ1fML3ejbKCVMZp7zgFgddlW8M5heN6n/XvLCb7M8stN6O+ha4U8YUtLJFA=',
  ecdsa384:
    'ecdsa-sha2-nistp384 AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBFBPL+rDLGv2LKlkPW9n8k8bHWlzDgWzcrtWM2DR3DKyzK/366zYVVFp3MaVLpYFTNEGxkPfTtcvwfiOJzx/Jq3SsGicsUneSbJh+M7A37B2/prDTMLQ6mfYMSi1a0nN/w==',
  ecdsa521:
    'ecdsa-sha2-nistp521 AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBAAvU/MiXwCMUqrK3Bklq9SgnPddhxeSwl8nD4xFHNxekzmr3zlkpjXGoYkcdqcWCTZD0h11S7elov23rMSvnV/PAgGYTfXL9KLXfVMBW31MRGCup0coY0WDq3xS3bR7GJWnZq8iDviIvqF9WQko3QA0DNf3znibwrjdtvDwsWfAoUYewg==',
  rsa: 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQDw7SmQeSEFJSbSFCV6NK43DS84DPQNuToe7dyCfwE3wFaBgmmnvD4MbHtq8MKHbCfY9NhY3SxEKJ/1JQw0ehjs8cYueG/Naf3Iu0hNLDSdQRtWsHiV//AMYCyJOiSQSl7mWiK0651PtGKSaMCeQPH2MZQ0asrtFkL6y6yGQPCcHTRfyrCky85cZ4aaEY5l/vL3XwHP2/X+IXKZz4WbsXdqB9JiCoYiWE4DI3IxqFYAShQ0eDQaKyW+mgLZJO6QxTOs2oVxaPK+xEk0g0Ke8ifU0fYue9e5b4NKQFkGO0C+t9x33SRFrdNMHb4hpFbawd+x6+CR13Qg51e6Q6mYMBHL backup key',
};
const SHORT_RSA =
  'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQDPahPzjFhwHQETmfy4v9n3Tyz2DfkVMt7vnb0lDorIzP61lfUHBcqOlhI7cuA8G+Tp26Qp9ZFddXhNkR+I0yUV7o6oTj/F9ww9r0r4ZCdA1/KGyFcpKHT8lJAQOd52ZI2y1rqrgdQuzt/g54NrfmY2iIBqNJDqr8qQOrXjiJp4Pw== short';
const encoded = (line: string) => line.split(' ')[1]!;

/** A key of these fields, each with its length before it. */
function writeKey(kind: string, ...fields: readonly (string | Buffer)[]): string {
  const parts = fields
    .map((field) => Buffer.from(field))
    .flatMap((field) => {
      const length = Buffer.alloc(4);
      length.writeUInt32BE(field.length);
      return [length, field];
    });
  return `${kind} ${Buffer.concat(parts).toString('base64')}`;
}
const modulusOf = (bits: number) => Buffer.concat([Buffer.of(0), Buffer.alloc(bits / 8, 0xc5)]);
const rsaOf = (bits: number) => writeKey('ssh-rsa', 'ssh-rsa', Buffer.of(1, 0, 1), modulusOf(bits));
const POINT = Buffer.alloc(32, 7);

test.each([
  [2040, false],
  [2048, true],
  [4096, true],
  [4104, false],
])('a modulus of %i bits: %s', (bits, expected) => {
  expect(isSshKey(rsaOf(bits))).toBe(expected);
});

test.each(Object.entries(KEYS))('a key as ssh-keygen writes it: %s', (_, line) => {
  expect(isSshKey(line)).toBe(true);
});

test.each([
  ['a character is missing', KEYS.ed25519.replace(/.{4}$/, '').concat('AA==')],
  ['the last quarter is missing', KEYS.rsa.replace(/^(ssh-rsa .{280}).*$/, '$1')],
  ['something stands behind it', `ssh-ed25519 ${encoded(KEYS.ed25519)}AAAA`],
  ['it is of another kind', `ssh-rsa ${encoded(KEYS.ed25519)}`],
  ['its inside is of another kind', writeKey('ssh-ed25519', 'ssh-ed448', POINT)],
  ['it has a part more', writeKey('ssh-ed25519', 'ssh-ed25519', POINT, POINT)],
  ['its point is too short', writeKey('ssh-ed25519', 'ssh-ed25519', POINT.subarray(1))],
  ['it is of another curve', `ecdsa-sha2-nistp384 ${encoded(KEYS.ecdsa256)}`],
  ['it is too short for the server', SHORT_RSA],
  ['it is empty', 'ssh-ed25519 '],
  ['it is none', 'ssh-ed25519 AAAA'],
])('no key, since %s', (_, line) => {
  expect(isSshKey(line)).toBe(false);
});
