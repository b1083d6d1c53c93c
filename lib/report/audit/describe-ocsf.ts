import { isIP } from 'node:net';
import type { Access } from '../../domain/audit/access';
import type { ReportedAccess } from '../../domain/audit/report/reported-access';

/** The oldest version of OCSF that has everything said here; later 1.x versions only add to it. */
const OCSF_VERSION = '1.1.0';

const API_ACTIVITY = 6003;
const APPLICATION_ACTIVITY = 6;

/**
 * An access as an event of OCSF's class API Activity (6003), profile `cloud`, for a SIEM or a data lake. Who it was
 * attributed to, and why, is the enrichment `barter-attribution`; where it is written is `unmapped.evidence`.
 */
export function describeOcsf(access: ReportedAccess): object {
  const { actor, client, outcome, error, owner, region, explained, resource, bytes } = access;
  const activity = ACTIVITIES[access.act];
  return {
    activity_id: activity,
    activity_name: ACTIVITY_NAMES[activity],
    category_uid: APPLICATION_ACTIVITY,
    category_name: 'Application Activity',
    class_uid: API_ACTIVITY,
    class_name: 'API Activity',
    type_uid: API_ACTIVITY * 100 + activity,
    type_name: `API Activity: ${ACTIVITY_NAMES[activity]}`,
    severity_id: 1,
    severity: 'Informational',
    time: Date.parse(access.at),
    status_id: outcome === 'allowed' ? 1 : 2,
    status: outcome === 'allowed' ? 'Success' : 'Failure',
    ...(error === undefined ? {} : { status_code: error }),
    metadata: {
      version: OCSF_VERSION,
      profiles: ['cloud'],
      uid: access.id,
      log_name: access.witnesses[0] ?? '',
      original_time: access.at,
      product: { name: 'barter-room', vendor_name: 'Barter Room' },
    },
    cloud: {
      provider: 'AWS',
      ...(region === undefined ? {} : { region }),
      ...(owner === undefined ? {} : { account: { uid: owner } }),
    },
    api: {
      operation: access.operation,
      service: { name: `${access.service}.amazonaws.com` },
      ...(access.request === undefined ? {} : { request: { uid: access.request } }),
      ...(error === undefined ? {} : { response: { error } }),
    },
    actor: describeActor(actor),
    src_endpoint: describeSource(client?.ip),
    ...(client?.agent === undefined ? {} : { http_request: { user_agent: client.agent } }),
    ...(resource.name === '' ? {} : { resources: [describeResource(access)] }),
    enrichments: [{ name: 'barter-attribution', value: explained.kind, data: explained }],
    unmapped: { witnesses: access.witnesses, ...(bytes === undefined ? {} : { bytes }), evidence: access.evidence },
  };
}

const ACTIVITY_NAMES = { 1: 'Create', 2: 'Read', 3: 'Update', 4: 'Delete', 99: 'Other' } as const;

const ACTIVITIES: Readonly<Record<Access['act'], keyof typeof ACTIVITY_NAMES>> = {
  read: 2,
  list: 2,
  describe: 2,
  query: 2,
  export: 2,
  decrypt: 2,
  write: 1,
  publish: 1,
  permit: 3,
  logging: 3,
  change: 3,
  delete: 4,
  vend: 99,
  'key-use': 99,
  session: 99,
};

/** Type 10 is an AWS account. */
function describeActor({ kind, name, account, through }: ReportedAccess['actor']): object {
  if (kind === 'aws-service') return { invoked_by: name };
  const user = {
    name: name === '' ? kind : name,
    ...(name.startsWith('arn:') ? { uid: name } : {}),
    type_id: kind === 'account' || kind === 'sftp-user' ? 1 : 0,
    ...(account === undefined ? {} : { account: { uid: account, type_id: 10 } }),
  };
  return { user, ...(through === undefined ? {} : { invoked_by: through }) };
}

/** CloudTrail writes an address or, for a call by a service of AWS, the service's name. */
function describeSource(source: string | undefined): object {
  if (source === undefined || source === '') return { name: 'unknown' };
  return isIP(source) === 0 ? { svc_name: source } : { ip: source };
}

function describeResource({ resource, owner, region }: ReportedAccess): object {
  return {
    uid: resource.name,
    type: resource.kind,
    ...(region === undefined ? {} : { region }),
    ...(owner === undefined ? {} : { owner: { account: { uid: owner, type_id: 10 } } }),
  };
}
