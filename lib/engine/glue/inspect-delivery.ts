import type { PlannedDataset } from '../../domain/agreement/plan/plan';
import { compareColumns } from '../intake/compare-columns';
import type { DeliveryProblem } from '../intake/delivery-problem';
import { describeForeignFile } from '../intake/describe-foreign-file';
import { detectFormat } from '../intake/detect-format';
import { CSV_HEAD, findCsvLayout } from '../intake/read-csv-layout';
import { refuseWritten } from '../intake/refuse-written';
import { describeOtherJson } from '../intake/scan-json-lines-file';
import { UTF8_BOM } from '../intake/scan-text-file';
import { InvalidDelivery } from '../invalid-delivery';
import type { DeliveredTypes } from '../sql/clean-rows';
import type { DeliveryOrder } from './job-orders';
import { type ParquetColumn, selectParquet } from './select-parquet';

/** A delivered file, as far as one looks into it to know how to read it. */
interface DeliveredObject {
  /** Without folders. */
  readonly file: string;
  readHead(bytes: number): Promise<Uint8Array>;
  /** The columns by Parquet's own schema; throws where there is none. */
  readSchema(): Promise<readonly ParquetColumn[]>;
}

interface InspectedDelivery {
  readonly delivery: DeliveryOrder;
  readonly types: DeliveredTypes;
}

/**
 * How a delivery is to be read: its format, delimiter, columns and types, by the rules of the intake.
 * @throws InvalidDelivery for what cannot be the dataset. What only reading all of it shows is the job's to find.
 */
export async function inspectDelivery(dataset: PlannedDataset, object: DeliveredObject): Promise<InspectedDelivery> {
  const { file } = object;
  const head = Buffer.from(await object.readHead(CSV_HEAD));
  const refuse = (problems: readonly DeliveryProblem[]) => {
    if (problems.length > 0) throw new InvalidDelivery(dataset.id, problems);
  };
  if (/^[._]/.test(file)) refuse([hiddenName(file)]);
  const format = detectFormat(file, head);
  const foreign = describeForeignFile(file, head.subarray(0, 4096), format);
  if (foreign) refuse([{ where: file, ...foreign }]);
  const skip = head.subarray(0, UTF8_BOM.length).equals(UTF8_BOM) ? UTF8_BOM.length : 0;
  switch (format) {
    case 'csv': {
      const layout = findCsvLayout(head, dataset);
      if (!layout) throw new InvalidDelivery(dataset.id, [noHeader(file)]);
      refuse(compareColumns(file, layout.names, dataset));
      const fields = dataset.columns.map(({ name }) => layout.names.indexOf(name));
      const { delimiter } = layout;
      return { delivery: { kind: 'csv', delimiter, skip, width: layout.names.length, fields }, types: 'texts' };
    }
    case 'json-lines': {
      const other = describeOtherJson({ file }, head.subarray(skip));
      refuse([...(other ? [other] : []), ...refuseWritten(file, dataset)]);
      const columns = dataset.columns.map(({ name, type }) => ({ name, isWhole: type.kind === 'integer' }));
      return { delivery: { kind: 'json-lines', skip, columns }, types: 'texts' };
    }
    case 'parquet': {
      const schema = await object.readSchema().catch(() => undefined);
      if (schema === undefined) throw new InvalidDelivery(dataset.id, [notParquet(file)]);
      const { problems, columns, types } = selectParquet(dataset, file, schema);
      refuse(problems);
      return { delivery: { kind: 'parquet', columns }, types };
    }
  }
}

function noHeader(where: string): DeliveryProblem {
  return { where, problem: 'no header line ends within its first 256 KiB', remedy: 'Begin the file with a header.' };
}

function notParquet(where: string): DeliveryProblem {
  const problem = 'it cannot be opened as Parquet: it is truncated, damaged, encrypted or something else';
  return { where, problem, remedy: 'Write it again and deliver the whole file.' };
}

function hiddenName(where: string): DeliveryProblem {
  return { where, problem: 'its name begins with . or _, which hides it', remedy: 'Choose another name.' };
}
