import type { ColumnType, Plan, PlannedColumn, PlannedDataset, PlannedLeg } from '../agreement/plan/plan';
import { nameAgreement } from './own-terms';

/** A document of ODCS, as plain data. */
type DataContract = Readonly<Record<string, unknown>>;

/**
 * What a receiver is promised of one leg, as a data contract of the Open Data Contract Standard 3.1 (Bitol, Linux Foundation):
 * the columns as they are released, how each is treated, the floor, how often it comes and how long it may be kept.
 */
export function writeDataContract(plan: Plan, leg: PlannedLeg): DataContract {
  const dataset = plan.datasets.find(({ id }) => id === leg.dataset);
  const giver = plan.parties.find(({ id }) => id === leg.from);
  if (dataset === undefined || giver === undefined) throw new Error(`Leg ${leg.id} gives no dataset of the plan.`);
  const { agreement, term } = plan;
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: `${nameAgreement(agreement.id, agreement.version)}:${leg.id}`,
    name: leg.id,
    version: `${agreement.version}.0.0`,
    // In force is what all have signed; the text alone does not say so.
    status: 'proposed',
    tenant: giver.name,
    description: {
      purpose: `${dataset.title}, for ${leg.to}: ${leg.purposes.join(', ')}`,
      usage: `Allowed from ${term.starts} to ${term.ends} for these purposes of the Data Privacy Vocabulary: ${leg.purposes.join(', ')}`,
      limitations: leg.forbids.length === 0 ? 'None beside the purposes.' : `Forbidden: ${leg.forbids.join(', ')}`,
    },
    schema: [describeDataset(dataset)],
    slaProperties: [
      { property: 'frequency', value: leg.every },
      { property: 'retention', value: leg.retain },
      { property: 'generalAvailability', value: term.starts },
      { property: 'endOfLife', value: term.ends },
      ...(leg.quota?.requests === undefined ? [] : [{ property: 'requestsPerPeriod', value: leg.quota.requests }]),
      ...(leg.quota?.bytes === undefined ? [] : [{ property: 'bytesPerPeriod', value: leg.quota.bytes }]),
    ],
    support: Object.entries(giver.contacts).map(([channel, address]) => ({
      channel,
      tool: 'email',
      url: `mailto:${address}`,
    })),
    customProperties: list({
      agreementContent: agreement.content,
      from: leg.from,
      to: leg.to,
      via: leg.via,
      purposes: leg.purposes,
      forbids: leg.forbids,
      watermark: leg.watermark,
      transferSafeguard: leg.safeguardBy,
      expects: leg.expects,
      destroyWithin: term.destroyWithin,
      worth: plan.fairness.weights[leg.dataset],
    }),
  };
}

/** Only what is released is promised to the receiver; how what is not was treated is said beside it. */
function describeDataset(dataset: PlannedDataset): DataContract {
  const { id, title, version, basisBy, subject, persons, columns, clean, privacy, recoding, classColumns } = dataset;
  const released = columns.filter(({ releasedAs }) => releasedAs !== undefined);
  return {
    name: id,
    logicalType: 'object',
    physicalType: 'file',
    description: title,
    dataGranularityDescription: subject === undefined ? 'One row each' : `Rows of ${subject}`,
    properties: released.map((column) => describeColumn(column, dataset)),
    customProperties: list({
      dataSetVersion: version,
      legalBasis: basisBy,
      subject,
      persons,
      clean,
      privacy,
      recoding,
      classes: classColumns.map(({ column }) => column),
      withheldColumns: columns.filter(({ releasedAs }) => releasedAs === undefined).map(({ name }) => name),
    }),
  };
}

function describeColumn(column: PlannedColumn, { classColumns }: PlannedDataset): DataContract {
  const { name, title, role, treatment, missing, checks, releasedAs, type, written, exemptBy, mayIdentifyBy } = column;
  const inClass = classColumns.find((each) => each.column === name);
  return {
    name,
    ...(title === '' ? {} : { businessName: title }),
    ...nameType(releasedAs ?? type),
    required: missing.kind !== 'keep',
    classification: role,
    ...(checks.length === 0
      ? {}
      : { quality: checks.map(({ text }) => ({ type: 'text', description: `Holds in every accepted row: ${text}` })) }),
    customProperties: list({
      treatment,
      deliveredAs: type,
      written,
      missing,
      generalisation: treatment.kind === 'generalise' ? undefined : inClass?.generalisation,
      weight: inClass?.weight,
      exemptBy,
      mayIdentifyBy,
    }),
  };
}

function nameType(type: ColumnType): DataContract {
  switch (type.kind) {
    case 'decimal':
      return { logicalType: 'number', physicalType: `DECIMAL(${type.precision},${type.scale})` };
    case 'double':
      return { logicalType: 'number', physicalType: 'DOUBLE' };
    case 'integer':
      return { logicalType: 'integer', physicalType: 'BIGINT' };
    case 'string':
      return { logicalType: 'string', physicalType: 'VARCHAR' };
    case 'boolean':
      return { logicalType: 'boolean', physicalType: 'BOOLEAN' };
    case 'date':
      return { logicalType: 'date', physicalType: 'DATE' };
    case 'timestamp':
      return { logicalType: 'timestamp', physicalType: 'TIMESTAMP' };
  }
}

/** Properties that the standard has no word for; what is not set is left out. */
function list(properties: Readonly<Record<string, unknown>>): readonly DataContract[] {
  return Object.entries(properties).flatMap(([property, value]) => (value === undefined ? [] : [{ property, value }]));
}
