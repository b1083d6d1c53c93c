import type { DataLakeSettings } from '@aws-sdk/client-lakeformation';
import { configureDataLake } from '../../../../lambda/configure-data-lake/configure-data-lake';
import type { ResourceRequest } from '../../../../lambda/shared/answer-cloudformation';

const ADMIN = 'arn:aws:iam::999900001111:role/deploy';
const OTHER = 'arn:aws:iam::999900001111:user/somebody-else';
const IAM = {
  Principal: { DataLakePrincipalIdentifier: 'IAM_ALLOWED_PRINCIPALS' },
  Permissions: ['ALL' as const],
};
const named = (arn: string) => ({ DataLakePrincipalIdentifier: arn });

/** A data lake in memory. `forgets`: takes settings and keeps none of them. */
async function configure(
  settings: DataLakeSettings,
  properties: Readonly<Record<string, unknown>> = { Admins: [ADMIN] },
  { type = 'Create' as ResourceRequest['RequestType'], forgets = false } = {},
) {
  let now = settings;
  let puts = 0;
  const answers: { Status: string; Reason?: string; PhysicalResourceId: string }[] = [];
  const request = {
    RequestType: type,
    ResponseURL: 'https://answer.example',
    StackId: 'stack',
    RequestId: 'request',
    LogicalResourceId: 'Settings',
    ResourceProperties: properties,
  };
  await configureDataLake(
    request,
    {
      getSettings: async () => now,
      putSettings: async (put) => {
        puts += 1;
        if (!forgets) now = put;
      },
    },
    async (_, body) => void answers.push(JSON.parse(body)),
  );
  expect(answers).toHaveLength(1);
  return { now, puts, answer: answers[0]! };
}

test('a new account gets its administrator, no defaults for IAM, and sharing by version 4', async () => {
  const { now, answer } = await configure({
    CreateDatabaseDefaultPermissions: [IAM],
    CreateTableDefaultPermissions: [IAM],
    Parameters: { CROSS_ACCOUNT_VERSION: '1' },
  });
  expect(answer).toMatchObject({ Status: 'SUCCESS', PhysicalResourceId: 'data lake settings' });
  expect(now).toEqual({
    DataLakeAdmins: [named(ADMIN)],
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [],
    Parameters: { CROSS_ACCOUNT_VERSION: '4' },
  });
});

test('whatever others have set stays', async () => {
  const theirs: DataLakeSettings = {
    DataLakeAdmins: [named(OTHER)],
    ReadOnlyAdmins: [named(OTHER)],
    CreateTableDefaultPermissions: [{ Principal: named(OTHER), Permissions: ['SELECT'] }, IAM],
    TrustedResourceOwners: ['111122223333'],
    AllowExternalDataFiltering: true,
    ExternalDataFilteringAllowList: [named('444455556666')],
    Parameters: { CROSS_ACCOUNT_VERSION: '3', SET_CONTEXT: 'TRUE' },
  };
  const { now } = await configure(theirs);
  expect(now).toEqual({
    ...theirs,
    DataLakeAdmins: [named(OTHER), named(ADMIN)],
    CreateDatabaseDefaultPermissions: [],
    CreateTableDefaultPermissions: [{ Principal: named(OTHER), Permissions: ['SELECT'] }],
    Parameters: { CROSS_ACCOUNT_VERSION: '4', SET_CONTEXT: 'TRUE' },
  });
});

test('a second time changes nothing; a later version of sharing is not lowered', async () => {
  const first = await configure({ Parameters: { CROSS_ACCOUNT_VERSION: '5' } });
  expect(first.now.Parameters).toEqual({ CROSS_ACCOUNT_VERSION: '5' });
  expect((await configure(first.now, undefined, { type: 'Update' })).now).toEqual(first.now);
});

test('when the resource goes, the settings stay', async () => {
  const settings = { DataLakeAdmins: [named(ADMIN), named(OTHER)] };
  const { now, puts, answer } = await configure(settings, undefined, { type: 'Delete' });
  expect({ now, puts, status: answer.Status }).toEqual({ now: settings, puts: 0, status: 'SUCCESS' });
});

test.each([[{}], [{ Admins: [] }], [{ Admins: 'arn:aws:iam::1:role/x' }], [{ Admins: ['everybody'] }]])(
  'a request that names no administrators fails and changes nothing: %j',
  async (properties) => {
    const { puts, answer } = await configure({}, properties);
    expect({ puts, status: answer.Status }).toEqual({ puts: 0, status: 'FAILED' });
  },
);

test('a full list of administrators fails; nobody is dropped for ours', async () => {
  const DataLakeAdmins = Array.from({ length: 30 }, (_, index) => named(`${OTHER}-${index}`));
  const { now, answer } = await configure({ DataLakeAdmins });
  expect(answer).toMatchObject({ Status: 'FAILED', Reason: expect.stringContaining('30 administrators') });
  expect(now).toEqual({ DataLakeAdmins });
});

test('settings that did not take are not taken for set', async () => {
  const { answer } = await configure({ CreateTableDefaultPermissions: [IAM] }, undefined, { forgets: true });
  expect(answer.Status).toBe('FAILED');
  for (const lacking of [ADMIN, 'IAM principals', 'CROSS_ACCOUNT_VERSION']) expect(answer.Reason).toContain(lacking);
});
