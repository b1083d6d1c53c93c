import { S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { claimObject } from '../../../../lambda/check-intake/claim-object';

/** S3 where another has put something there, or puts it at the same moment, and says so by this error. */
function openTaken(name: string) {
  const send = async ({ input }: { readonly input: { readonly Body?: string } }) => {
    if (input.Body === undefined) return { Body: { transformToString: async () => 'theirs' } };
    throw new S3ServiceException({ name, $fault: 'client', $metadata: {} });
  };
  return Object.assign(new S3Client({}), { send });
}

test.each(['PreconditionFailed', 'ConditionalRequestConflict'])('what stands there is told, by %s', async (name) => {
  expect(await claimObject(openTaken(name), 'landing', 'place', 'mine')).toBe('theirs');
});

test('any other error is one', async () => {
  await expect(claimObject(openTaken('SlowDown'), 'landing', 'place', 'mine')).rejects.toThrow();
});
