import type { DataLakeSettings } from '@aws-sdk/client-lakeformation';
import { answerCloudFormation, type PutAnswer, type ResourceRequest } from '../shared/answer-cloudformation';

/** The settings of the account's data lake. There is one for all that use it, and no way to change a part of it. */
interface DataLake {
  readonly getSettings: () => Promise<DataLakeSettings>;
  /** Replaces all of them. */
  readonly putSettings: (settings: DataLakeSettings) => Promise<void>;
}

/**
 * Sets what the room needs: its administrators, no access by IAM alone to what is created from now on, and sharing by
 * version 4. Whatever else is set stays. When the resource goes the settings stay too: what was shared rests on them.
 */
export async function configureDataLake(request: ResourceRequest, lake: DataLake, put?: PutAnswer): Promise<void> {
  const work = async () => {
    if (request.RequestType === 'Delete') return;
    const admins = readAdmins(request.ResourceProperties);
    await lake.putSettings(mergeSettings(await lake.getSettings(), admins));
    const lacking = findLacking(await lake.getSettings(), admins);
    if (lacking.length > 0)
      throw new Error(`The settings of the data lake did not take: ${lacking.join(', ')}. Deploy again.`);
  };
  await answerCloudFormation(request, 'data lake settings', work, put);
}

/** @throws TypeError for a request without administrators: without them the room could not manage what it creates. */
function readAdmins({ Admins }: ResourceRequest['ResourceProperties']): readonly string[] {
  const isArn = (admin: unknown): admin is string => typeof admin === 'string' && /^arn:.+:(role|user)\/.+/.test(admin);
  if (!Array.isArray(Admins) || Admins.length === 0 || !Admins.every(isArn))
    throw new TypeError('The request names no administrators for the data lake.');
  return Admins;
}

/** @throws RangeError where the account has as many administrators as it can. */
function mergeSettings(settings: DataLakeSettings, admins: readonly string[]): DataLakeSettings {
  const present = settings.DataLakeAdmins ?? [];
  const added = admins.filter((arn) => !present.some((admin) => admin.DataLakePrincipalIdentifier === arn));
  if (present.length + added.length > MAX_ADMINS) {
    throw new RangeError(
      `The data lake has ${present.length} administrators, of at most ${MAX_ADMINS}: remove some that are needed no more.`,
    );
  }
  return {
    ...settings,
    DataLakeAdmins: [...present, ...added.map((arn) => ({ DataLakePrincipalIdentifier: arn }))],
    CreateDatabaseDefaultPermissions: withoutIam(settings.CreateDatabaseDefaultPermissions),
    CreateTableDefaultPermissions: withoutIam(settings.CreateTableDefaultPermissions),
    Parameters: {
      ...settings.Parameters,
      // A higher version cannot be left again, and does all that this one does.
      [VERSION]: shareVersion(settings) > SHARE_VERSION ? String(shareVersion(settings)) : String(SHARE_VERSION),
    },
  };
}

function findLacking(settings: DataLakeSettings, admins: readonly string[]): readonly string[] {
  const { DataLakeAdmins = [], CreateDatabaseDefaultPermissions, CreateTableDefaultPermissions } = settings;
  const defaults = [...(CreateDatabaseDefaultPermissions ?? []), ...(CreateTableDefaultPermissions ?? [])];
  return [
    ...admins.filter((arn) => !DataLakeAdmins.some((admin) => admin.DataLakePrincipalIdentifier === arn)),
    ...(withoutIam(defaults).length < defaults.length ? ['no default permission for IAM principals'] : []),
    ...(shareVersion(settings) < SHARE_VERSION ? [`${VERSION} ${SHARE_VERSION}`] : []),
  ];
}

type Defaults = NonNullable<DataLakeSettings['CreateTableDefaultPermissions']>;

/** With Lake Formation's defaults, everybody with an IAM policy for the catalogue would have all of a new table. */
function withoutIam(defaults: Defaults = []): Defaults {
  return defaults.filter(({ Principal }) => Principal?.DataLakePrincipalIdentifier !== 'IAM_ALLOWED_PRINCIPALS');
}

function shareVersion({ Parameters }: DataLakeSettings): number {
  return Number(Parameters?.[VERSION] ?? 1);
}

const VERSION = 'CROSS_ACCOUNT_VERSION';
const SHARE_VERSION = 4;
/** Lake Formation's quota, which cannot be raised. */
const MAX_ADMINS = 30;
