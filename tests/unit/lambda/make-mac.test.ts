import { DisabledException, KMSClient, KMSInvalidStateException, NotFoundException } from '@aws-sdk/client-kms';
import { KeyGone, openMac } from '../../../lambda/shared/make-mac';

/** KMS, as it answers. What moto lets do a key that is to be deleted, KMS refuses. */
function answering(answer: () => object): KMSClient {
  const client = new KMSClient({ region: 'eu-central-1' });
  client.middlewareStack.add(
    () => async () => {
      const output = { $metadata: {}, ...answer() };
      return { output, response: {} };
    },
    { step: 'initialize' },
  );
  return client;
}

const said = { message: 'arn:key is pending deletion.', $metadata: {} };

test('a message stands for the secret that the key makes of it', async () => {
  const Mac = new Uint8Array([1, 2, 3]);
  expect(await openMac(answering(() => ({ Mac })))('arn:key', '["token"]')).toEqual(Mac);
  await expect(openMac(answering(() => ({})))('arn:key', '["token"]')).rejects.toThrow('without a MAC');
});

test.each([
  ['to be deleted', KMSInvalidStateException],
  ['disabled', DisabledException],
  ['deleted', NotFoundException],
])('a key that is gone: %s', async (_, Gone) => {
  const kms = answering(() => {
    throw new Gone(said);
  });
  await expect(openMac(kms)('arn:key', '["token"]')).rejects.toThrow(KeyGone);
});

test('what may pass is not taken for gone', async () => {
  const kms = answering(() => {
    throw Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
  });
  await expect(openMac(kms)('arn:key', '["token"]')).rejects.toThrow('Rate exceeded');
});
