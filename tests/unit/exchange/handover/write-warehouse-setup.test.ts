import fc from 'fast-check';
import {
  quoteIdentifier,
  quoteLiteral,
  type WarehouseSource,
  writeSnowflakeSetup,
  writeTransferJob,
} from '../../../../lib/domain/exchange/handover/write-warehouse-setup';

const SOURCE: WarehouseSource = {
  name: 'telco-retail-2026/telco-retail-usage',
  title: 'Usage',
  roleArn: 'arn:aws:iam::999900001111:role/barter-warehouse-x',
  bucket: 'lake',
  prefix: 'telco-retail-2026/telco-retail-usage/',
};
const SNOWFLAKE = { kind: 'snowflake', storageAwsIamUserArn: 'arn:aws:iam::1:user/s', externalId: 'x_1' } as const;
const GCS = { kind: 'gcs', bucket: 'harbour-in', serviceAccountSubjectId: '1' } as const;

/** Reads a quoted text as Snowflake does: a doubled quote is one, a backslash takes the next sign as it is. */
function readLiteral(sql: string): { readonly text: string; readonly rest: string } {
  let text = '';
  let at = 1;
  for (; at < sql.length; at++) {
    if (sql[at] === '\\') text += sql[++at];
    else if (sql[at] !== "'") text += sql[at];
    else if (sql[at + 1] === "'") text += sql[at++];
    else break;
  }
  return { text, rest: sql.slice(at + 1) };
}

const printable = fc.string({ unit: 'grapheme' }).filter((text) => !/\p{Cc}/u.test(text));
const hostile = fc.oneof(
  printable,
  fc.constantFrom("'; DROP INTEGRATION x; --", "\\'; --", "'' \\", '"); CREATE STAGE "x', 'end\\'),
);

test('whatever a title is, it ends where it should', () => {
  fc.assert(fc.property(hostile, (text) => expect(readLiteral(`${quoteLiteral(text)};`)).toEqual({ text, rest: ';' })));
});

test('whatever a name is, it is one identifier', () => {
  fc.assert(
    fc.property(hostile, (text) => expect(quoteIdentifier(text).slice(1, -1).replaceAll('""', '')).not.toContain('"')),
  );
});

test('a line break cannot begin a statement', () => {
  expect(quoteLiteral('a\nDROP TABLE b')).toBe("'a DROP TABLE b'");
});

test("Snowflake's integration reaches this leg's releases and names its external id", () => {
  const sql = writeSnowflakeSetup({ ...SOURCE, title: "Harbour's usage" }, SNOWFLAKE);
  expect(sql).toContain("STORAGE_ALLOWED_LOCATIONS = ('s3://lake/telco-retail-2026/telco-retail-usage/')");
  expect(sql).toContain("STORAGE_AWS_EXTERNAL_ID = 'x_1'");
  expect(sql).toContain("COMMENT = 'Harbour''s usage'");
  expect(sql).not.toMatch(/OR REPLACE/);
});

test("Google's job copies this leg's releases while the agreement runs, and deletes nothing", () => {
  const text = writeTransferJob(
    { ...SOURCE, title: '"}, {' },
    GCS,
    { starts: '2026-01-01', ends: '2026-12-31' },
    'harbour',
  );
  expect(JSON.parse(text)).toMatchObject({
    description: 'Barter telco-retail-2026/telco-retail-usage: "}, {',
    projectId: 'harbour',
    schedule: {
      scheduleStartDate: { year: 2026, month: 1, day: 1 },
      scheduleEndDate: { year: 2026, month: 12, day: 31 },
    },
    transferSpec: {
      awsS3DataSource: { bucketName: 'lake', path: SOURCE.prefix, roleArn: SOURCE.roleArn },
      gcsDataSink: { bucketName: 'harbour-in', path: SOURCE.prefix },
      transferOptions: { deleteObjectsUniqueInSink: false },
    },
  });
  expect(JSON.parse(text).transferSpec.transferOptions).not.toHaveProperty('deleteObjectsFromSourceAfterTransfer');
});
