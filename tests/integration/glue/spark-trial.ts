import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { readCleaning, readCounts, readMarked, readSizesBefore } from '../../../lambda/certify-release/read-counts';
import { openTables } from '../../../lambda/certify-release/read-tables';
import { replaceValues } from '../../../lambda/replace-values/replace-values';
import { leaveLines } from '../../../lambda/shared/leave-lines';
import { readHistogram } from '../../../lambda/solve-generalisation/read-histogram';
import type { PlannedDataset, PlannedLeg } from '../../../lib/domain/agreement/plan/plan';
import { solveDataset } from '../../../lib/domain/exchange/gates/solve-dataset';
import { assembleMeasurement } from '../../../lib/domain/privacy/certificate/assemble-measurement';
import { measureRisk } from '../../../lib/domain/privacy/certificate/measure-risk';
import type { Solution } from '../../../lib/domain/privacy/search/solution';
import { markablePath, writeMarkable, writeSolution } from '../../../lib/domain/privacy/search/write-solution';
import { findMarkable } from '../../../lib/domain/privacy/treatments/find-markable';
import type { ErasedSubjects, LegKeys } from '../../../lib/engine/engine';
import { inspectDelivery } from '../../../lib/engine/glue/inspect-delivery';
import { orderJob } from '../../../lib/engine/glue/order-job';
import { openFolder } from '../../fixtures/objects-in-folder';
import { recordLog } from '../../fixtures/recorded-log';
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

export type SparkTrialOptions = Partial<PlannedLeg> & {
  readonly explain?: boolean;
  readonly erased?: ErasedSubjects;
  /** Places of earlier releases. */
  readonly earlier?: readonly string[];
};

/** What Spark made of a delivery, read back as the functions read it. */
export async function runThroughSpark(
  session: SparkSession,
  buckets: string,
  dataset: PlannedDataset,
  file: string,
  run: string,
  { explain = false, earlier = [], erased, ...more }: SparkTrialOptions = {},
) {
  const leg = { ...makeTask(dataset, '').leg, ...more };
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
  const keys = { [leg.id]: 'arn:key' };
  const orders = orderJob({
    agreement: AGREEMENT,
    dataset,
    legs: [leg],
    run,
    keys,
    earlier: { [leg.id]: earlier },
    // As if the dataset's legs had changed between two requests.
    erased: (erased?.digests ?? []).map((digest, index) => ({ key: `arn:key-${index % 2}`, digests: [digest] })),
    ...inspected,
  });
  const text = JSON.stringify(orders);
  await landing.write(`${work}orders.json`, text);
  const argv = (task: string) =>
    Object.entries({
      task,
      landing: 'the-landing',
      lake: 'the-lake',
      agreement: AGREEMENT,
      dataset: dataset.id,
      run,
      delivery,
      'orders-sha256': hash(text),
    }).flatMap(([name, value]) => [`--${name}`, value]);
  const runTask = async (task: string) => {
    const answer = await session.run({
      argv: argv(task),
      keys: { [leg.id]: OWN_KEYS, ...(erased && { erasure: { erasure: erased.key } }) },
      explain,
    });
    if (answer.kind === 'failed') throw new Error(`${answer.name}: ${answer.message}`);
    return answer.plans;
  };
  const plans = [...(await runTask('clean-and-count'))];
  const open = (folder: string, version: Parameters<typeof openTables>[1]) =>
    openTables(`${work}${folder}/`, version, landing, readColumns);
  const cleaned = await open('cleaning', 'cleaningVersion');
  const cleaning = await readCleaning(cleaned);
  const histogram =
    dataset.classColumns.length > 0
      ? await readHistogram(dataset, `${work}histogram/`, landing, readColumns)
      : undefined;
  let solution: Solution | undefined;
  if (histogram && dataset.privacy) {
    const solved = solveDataset(dataset, dataset.privacy, histogram, { kind: 'free' });
    if (!solved.solution) throw new Error(JSON.stringify(solved.gates));
    solution = solved.solution;
    for (const { name, lines } of writeSolution(solution).tables)
      await leaveLines(landing, `${work}solution/${name}/`, lines);
    if (leg.watermark !== undefined)
      await leaveLines(
        landing,
        `${work}${markablePath(leg.id)}/`,
        writeMarkable(findMarkable(histogram, solution, dataset.privacy, leg.watermark)),
      );
  }
  if (orders.mappings.length > 0) {
    const taken = '2026-03-04T05:06:07.000Z';
    const given = {
      agreement: AGREEMENT,
      dataset: dataset.id,
      run,
      delivery,
      taken,
      work,
      plan: { key: '', sha256: '' },
    };
    const { log } = recordLog();
    await replaceValues(
      { ...given, orders: { sha256: hash(text) }, hasClasses: histogram !== undefined, hasMappings: true },
      { landing, readColumns, makeMac: async () => OWN_KEYS.formatPreserving, log },
    );
  }
  plans.push(...(await runTask('treat-and-measure')));
  const measured = await open(`measure/${leg.id}`, 'measureVersion');
  const marked = leg.watermark === undefined ? 0 : await readMarked(measured);
  const measurement = assembleMeasurement(dataset, await readCounts(dataset, measured), solution?.levels);
  const riskBefore = histogram && measureRisk(await readSizesBefore(await open('histogram', 'histogramVersion')));
  return {
    cleaning,
    files: cleaned.files,
    histogram,
    solution,
    measurement: { ...measurement, ...(riskBefore && { riskBefore }) },
    release: join(buckets, 'the-lake', `_escrow/${AGREEMENT}/${leg.id}/${run}/*.parquet`),
    place: `_escrow/${AGREEMENT}/${leg.id}/${run}/`,
    quarantine: join(buckets, 'the-landing', `_quarantine/${AGREEMENT}/${dataset.id}/${run}.csv`),
    plans,
    argv: argv('treat-and-measure'),
    orders: text,
    marked,
    tokens: measured.has('tokens') ? (await measured.read('tokens', ['high', 'low'])).high : [],
  };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
