import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readCleaning, readCounts, readSizesBefore } from '../../../lambda/certify-release/read-counts';
import { openTables } from '../../../lambda/certify-release/read-tables';
import { readHistogram } from '../../../lambda/solve-generalisation/read-histogram';
import type { PlannedDataset } from '../../../lib/domain/agreement/plan';
import { solveDataset } from '../../../lib/domain/exchange/solve-dataset';
import { assembleMeasurement } from '../../../lib/domain/privacy/assemble-measurement';
import { measureRisk } from '../../../lib/domain/privacy/measure-risk';
import { writeSolution } from '../../../lib/domain/privacy/write-solution';
import type { LegKeys } from '../../../lib/engine/engine';
import { inspectDelivery } from '../../../lib/engine/glue/inspect-delivery';
import { orderJob } from '../../../lib/engine/glue/order-job';
import { openFolder } from '../../fixtures/objects-in-folder';
import type { SparkSession } from '../../local-cloud/glue/spark-session';
import { makeTask } from '../engine/engine-trial';
import { readColumns, readSchema } from './bundled';

const AGREEMENT = 'telco-retail-2026';

/** Keys whose bytes are like no others, so that they can be looked for. */
export const OWN_KEYS: LegKeys = {
  token: makeKey('token'),
  dateShift: makeKey('date shift'),
  noise: makeKey('noise'),
  watermark: makeKey('watermark'),
  formatPreserving: makeKey('format'),
};

function makeKey(use: string): Uint8Array {
  return createHash('sha256').update(use).digest();
}

/** What Spark made of a delivery, read back as the functions read it. */
export async function runThroughSpark(
  session: SparkSession,
  buckets: string,
  dataset: PlannedDataset,
  file: string,
  run: string,
  explain = false,
  earlier: readonly string[] = [],
) {
  const { leg } = makeTask(dataset, '');
  const delivery = `${AGREEMENT}/${dataset.id}/upload/${basename(file)}`;
  const work = `_work/${AGREEMENT}/${dataset.id}/${run}/`;
  const landing = openFolder(join(buckets, 'the-landing'));
  const target = join(buckets, 'the-landing', delivery);
  mkdirSync(dirname(target), { recursive: true });
  const bytes = readFileSync(file);
  writeFileSync(target, bytes);
  const inspected = await inspectDelivery(dataset, {
    file: basename(file),
    readHead: async (count) => bytes.subarray(0, count),
    readSchema: () => readSchema(bytes.length, async (start, end) => bytes.subarray(start, end)),
  });
  const makers = { [leg.id]: { role: 'role', key: 'key' } };
  const orders = JSON.stringify(
    orderJob({ agreement: AGREEMENT, dataset, legs: [leg], run, makers, earlier: { [leg.id]: earlier }, ...inspected }),
  );
  await landing.write(`${work}orders.json`, orders);
  const argv = (task: string) =>
    Object.entries({
      task,
      landing: 'the-landing',
      lake: 'the-lake',
      agreement: AGREEMENT,
      dataset: dataset.id,
      run,
      delivery,
      'orders-sha256': createHash('sha256').update(orders).digest('hex'),
    }).flatMap(([name, value]) => [`--${name}`, value]);
  const runTask = async (task: string) => {
    const answer = await session.run({ argv: argv(task), keys: { [leg.id]: OWN_KEYS }, explain });
    if (answer.kind === 'failed') throw new Error(`${answer.name}: ${answer.message}`);
    return answer.plans;
  };
  const plans = [...(await runTask('clean-and-count'))];
  const open = (folder: string, version: string) => openTables(`${work}${folder}/`, version, landing, readColumns);
  const cleaned = await open('cleaning', 'cleaningVersion');
  const cleaning = await readCleaning(cleaned);
  const histogram =
    dataset.classColumns.length > 0
      ? await readHistogram(dataset, `${work}histogram/`, landing, readColumns)
      : undefined;
  if (histogram && dataset.privacy) {
    const { solution, gates } = solveDataset(dataset, dataset.privacy, histogram, { kind: 'free' });
    if (!solution) throw new Error(JSON.stringify(gates));
    for (const { name, lines } of writeSolution(solution).tables)
      await landing.write(`${work}solution/${name}/part-0.jsonl`, lines.map((line) => `${line}\n`).join(''));
  }
  plans.push(...(await runTask('treat-and-measure')));
  const measured = await open(`measure/${leg.id}`, 'measureVersion');
  const measurement = assembleMeasurement(dataset, await readCounts(dataset, measured));
  const riskBefore = histogram && measureRisk(await readSizesBefore(await open('histogram', 'histogramVersion')));
  return {
    cleaning,
    files: cleaned.files,
    histogram,
    measurement: { ...measurement, ...(riskBefore && { riskBefore }) },
    release: join(buckets, 'the-lake', `_escrow/${AGREEMENT}/${leg.id}/${run}/*.parquet`),
    place: `_escrow/${AGREEMENT}/${leg.id}/${run}/`,
    quarantine: join(buckets, 'the-landing', `_quarantine/${AGREEMENT}/${dataset.id}/${run}.csv`),
    plans,
    argv: argv('treat-and-measure'),
    orders,
  };
}
