import * as fc from 'fast-check';
import type { UploadEvent } from '../../../../lib/domain/room/read-upload-event';
import { checkUpload, KEY, upload } from '../../../fixtures/checked-upload';

test('events in any order, each as often as it comes: every upload is taken in once, by the same orders', async () => {
  const version = (id: string, key = KEY): UploadEvent => {
    const event = upload(key);
    const object = { key, size: 100, 'version-id': id };
    return { ...event, detail: { ...event.detail, object } } as UploadEvent;
  };
  const uploads = [version('v1'), version('v2'), version('v3'), version('v1', KEY.replace('march', 'april'))];
  const strip = (text: string | undefined, run: string) => text?.replaceAll(run, 'RUN');
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.nat({ max: uploads.length - 1 }), { maxLength: 6 }),
      fc.constantFrom(...permute([0, 1, 2, 3])),
      async (more, order) => {
        let left: ReadonlyMap<string, string> = new Map();
        const taken: string[] = [];
        for (const [turn, index] of [...order, ...more].entries()) {
          // Whatever order events come in, and whichever run each starts.
          const { answer, objects } = await checkUpload(uploads[index]!, { run: `run-${turn}`, left });
          left = objects;
          const isFirst = [...order, ...more].indexOf(index) === turn;
          expect(answer.kind).toBe(isFirst ? 'accepted' : 'repeated');
          const orders = objects.get(`_work/telco-retail-2026/usage/run-${turn}/orders.json`);
          if (isFirst) taken.push(strip(orders, `run-${turn}`)!);
          else expect(orders).toBeUndefined();
        }
        expect(new Set(taken).size).toBe(1);
        expect(taken).toHaveLength(uploads.length);
      },
    ),
    { seed: 11, numRuns: 60 },
  );
});

function permute(items: readonly number[]): readonly (readonly number[])[] {
  if (items.length < 2) return [items];
  return items.flatMap((item) => permute(items.filter((each) => each !== item)).map((rest) => [item, ...rest]));
}
