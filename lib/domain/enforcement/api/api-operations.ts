/** What a party can ask the room over HTTP. The agreement stands in every path, so that a role can be held to one. */
export const API_OPERATIONS = [
  { id: 'read-agreement', method: 'GET', path: '/agreements/{agreement}' },
  { id: 'request-upload', method: 'POST', path: '/agreements/{agreement}/uploads' },
  { id: 'list-deliveries', method: 'GET', path: '/agreements/{agreement}/deliveries' },
  { id: 'list-releases', method: 'GET', path: '/agreements/{agreement}/releases' },
  { id: 'read-release', method: 'GET', path: '/agreements/{agreement}/releases/{release}/files' },
  { id: 'read-certificate', method: 'GET', path: '/agreements/{agreement}/releases/{release}/certificate' },
  { id: 'list-accesses', method: 'GET', path: '/agreements/{agreement}/accesses' },
  { id: 'sign-version', method: 'POST', path: '/agreements/{agreement}/signatures' },
  { id: 'give-notice', method: 'POST', path: '/agreements/{agreement}/notices' },
  { id: 'suspend-agreement', method: 'POST', path: '/agreements/{agreement}/suspensions' },
  { id: 'resume-agreement', method: 'POST', path: '/agreements/{agreement}/resumptions' },
  { id: 'overrule-breach', method: 'POST', path: '/agreements/{agreement}/overrulings' },
  { id: 'attest-destruction', method: 'POST', path: '/agreements/{agreement}/attestations' },
  { id: 'request-erasure', method: 'POST', path: '/agreements/{agreement}/erasures' },
  { id: 'list-erasures', method: 'GET', path: '/agreements/{agreement}/erasures' },
  { id: 'confirm-erasure', method: 'POST', path: '/agreements/{agreement}/confirmations' },
  { id: 'confirm-receipt', method: 'POST', path: '/agreements/{agreement}/receipts' },
  { id: 'list-problems', method: 'GET', path: '/agreements/{agreement}/problems' },
  { id: 'report-problem', method: 'POST', path: '/agreements/{agreement}/problems' },
] as const;

export type ApiOperation = (typeof API_OPERATIONS)[number]['id'];
