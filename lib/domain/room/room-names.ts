/*
 * Names that one side types and the other side's resources carry, so that neither has to wait for the other's deployment.
 * Everything else is named by CloudFormation. Two ids are joined by what neither can hold, so that no two pairs have one name.
 */

/** The event bus on which an agreement's parties tell the room what became of what they received. */
export function namePartnerBus(agreement: string): string {
  return `barter-${agreement}`;
}

/** The Glue database of an agreement's released tables. An agreement's id has hyphens and never underscores, SQL wants it the other way. */
export function nameDatabase(agreement: string): string {
  return `barter_${agreement.replaceAll('-', '_')}`;
}

/**
 * How a party's account calls its link to the tables that a room shares with it. A party that barters with several parties'
 * own rooms under one agreement has a link to each, and perhaps tables of a room of its own beside them.
 * @param peer Whose own room it is; undefined for a room for all.
 */
export function nameLinkedDatabase(agreement: string, peer: string | undefined): string {
  return `${nameDatabase(agreement)}${peer === undefined ? '' : `__from_${peer.replaceAll('-', '__')}`}`;
}

/** Whether a database may hold released tables of an agreement, or be a link to one that does. */
export function isAgreementDatabase(database: string): boolean {
  return database.startsWith(nameDatabase(''));
}

/** The stack of a hand-over in a party's account: one for each room that the agreement has it barter with. */
export function nameHandoverStack(agreement: string, peer: string | undefined): string {
  return `barter-${agreement}${peer === undefined ? '' : `--from-${peer.replaceAll('_', '--')}`}`;
}

/** The role that a party's own principals assume to upload what it gives, and to ask the room about the agreement. */
export function namePartyRole(agreement: string, party: string): string {
  return shortenName(`${PARTY_ROLE}${agreement}.${party}`);
}

/** How the names of such roles begin, and of no other. */
export const PARTY_ROLE = 'barter-party-';

/** The role by which a warehouse reads a leg's releases. */
export function nameWarehouseRole(agreement: string, leg: string): string {
  return shortenName(`${WAREHOUSE_ROLE}${agreement}.${leg}`);
}

/** How the names of such roles begin, and of no other. */
export const WAREHOUSE_ROLE = 'barter-warehouse-';

/** How the keys of tags begin by which the room knows roles of its own. AWS tells no capitals of a session's tags apart. */
export function isRoomTag(key: string): boolean {
  return key.toLowerCase().startsWith('barter-');
}

/** How the names of the room's own stacks begin, and with them those of their tables. */
const ROOM_STACK = 'BarterRoom';

/** The room's own stacks. CloudFormation names a role after its stack, its place there, and what it draws by chance. */
export const ROOM_STACKS = {
  vault: `${ROOM_STACK}Vault`,
  logArchive: `${ROOM_STACK}LogArchive`,
  lake: `${ROOM_STACK}Lake`,
  catalogue: `${ROOM_STACK}Catalogue`,
  enforcement: `${ROOM_STACK}Enforcement`,
  anonymisation: `${ROOM_STACK}Anonymisation`,
  intake: `${ROOM_STACK}Intake`,
  exchange: `${ROOM_STACK}Exchange`,
  audit: `${ROOM_STACK}Audit`,
} as const;

/** How the name of an agreement's stack begins. */
export const AGREEMENT_STACK = 'BarterAgreement-';

/** How the names of the roles begin that the room's stacks make for its functions, jobs and workflows. */
export const ROOM_ROLES: readonly string[] = [
  ...Object.values(ROOM_STACKS).map((stack) => `${stack}-`),
  AGREEMENT_STACK,
];

/** Whether a function, by name, is one of the room's stacks. */
export function isRoomFunction(name: string): boolean {
  return Object.values(ROOM_STACKS).some((stack) => name.startsWith(`${stack}-`));
}

/** The role as which auditors come: of the room's stacks, and for people. */
export const AUDITOR_ROLE = { stack: ROOM_STACKS.audit, id: 'Auditor' } as const;

/** Whether an ARN is that of a session with one of the room's own roles, which no person takes up. */
export function isRoomRole(arn: string | undefined): boolean {
  return IN_ROOM_ROLE.test(arn ?? '');
}

/** Whether an ARN is that of such a role itself. A session's ARN does not tell the path of its role. */
export function isRoomRoleArn(arn: string): boolean {
  return IS_ROOM_ROLE.test(arn);
}

/** Of whom sessions of the room's own roles may be named: SFTP users, decisions that gave links, whom Lake Formation lets read. */
type NamedFor = 'sftp' | 'link' | 'lake';

/** How the names of the roles begin to whose sessions such names are given: by Transfer, the signer of links, Lake Formation. */
const NAMED_FOR: Readonly<Record<NamedFor, string>> = {
  sftp: AGREEMENT_STACK,
  link: `${ROOM_STACKS.intake}-`,
  lake: `${ROOM_STACKS.catalogue}-`,
};

/** Of these, those whose sessions come to objects for others alone. */
export const ROLES_FOR_OTHERS: readonly string[] = [NAMED_FOR.sftp, NAMED_FOR.lake];

/** Whether an ARN is that of a session with a role to whose sessions such names are given. */
export function isRoleNamedFor(kind: NamedFor, arn: string | undefined): boolean {
  return readSessionRole(arn).startsWith(NAMED_FOR[kind]);
}

/** Whether an ARN is that of a session which comes to objects for others alone. */
export function isRoleForOthers(arn: string | undefined): boolean {
  const role = readSessionRole(arn);
  return ROLES_FOR_OTHERS.some((name) => role.startsWith(name));
}

/** The role in the ARN of a session; empty in any other. */
export function readSessionRole(arn: string | undefined): string {
  return /^arn:[\w-]+:sts::\d{12}:assumed-role\/([^/]+)\//.exec(arn ?? '')?.[1] ?? '';
}

/** Whether a role, by name, is one by which others come in whom no agreement names as a party: warehouses, and auditors. */
export function opensToOthers(role: string): boolean {
  return role.startsWith(WAREHOUSE_ROLE) || role.startsWith(`${AUDITOR_ROLE.stack}-${AUDITOR_ROLE.id}`);
}

/** Whether a bucket is one of the room's stacks: CloudFormation names them in small letters. */
export function isRoomBucket(bucket: string): boolean {
  return bucket.startsWith(ROOM_STACK.toLowerCase());
}

/** Whether a bucket is the one of the room where deliveries lie, and what is as raw. */
export function isRawBucket(bucket: string): boolean {
  return bucket.startsWith(`${ROOM_STACKS.lake}-landing`.toLowerCase());
}

/** Whether a bucket is the one of the room where answers to queries lie. */
export function isResultsBucket(bucket: string): boolean {
  return bucket.startsWith(`${ROOM_STACKS.lake}-results`.toLowerCase());
}

/** Whether a DynamoDB table, by name or ARN, is one of the room's. */
export function isRoomTable(table: string): boolean {
  return IS_ROOM_TABLE.test(table);
}

/** Whether a stack, by name or ARN, is one of the room's, or of those that carry its deployments. */
export function isRoomStack(stack: string): boolean {
  return IS_ROOM_STACK.test(stack);
}

const OURS = `(?:${ROOM_STACK}|${AGREEMENT_STACK})`;
const OUR_ROLE = `(?!${AUDITOR_ROLE.stack}-${AUDITOR_ROLE.id})(?:${ROOM_ROLES.join('|')})`;
const IN_ROOM_ROLE = new RegExp(`^arn:[\\w-]+:sts::\\d{12}:assumed-role/${OUR_ROLE}`);
const IS_ROOM_ROLE = new RegExp(`^arn:[\\w-]+:iam::\\d{12}:role/(?:.*/)?${OUR_ROLE}`);
const IS_ROOM_TABLE = new RegExp(`^(?:arn:[\\w-]+:dynamodb:[\\w-]*:\\d{12}:table/)?${ROOM_STACK}`);
const IS_ROOM_STACK = new RegExp(`^(?:arn:[\\w-]+:cloudformation:[\\w-]*:\\d{12}:stack/)?(?:${OURS}|CDKToolkit)`);

/** Characters of the name of an IAM role. */
const MAX_ROLE_NAME = 64;

/** A name that is too long keeps its beginning and ends in a checksum of the whole. */
function shortenName(name: string): string {
  if (name.length <= MAX_ROLE_NAME) return name;
  const checksum = [...name].reduce((hash, letter) => fnv1a(hash, letter.charCodeAt(0)), FNV_OFFSET);
  return `${name.slice(0, MAX_ROLE_NAME - 17)}-${checksum.toString(16).padStart(16, '0')}`;
}

// FNV-1a, 64 bits: http://www.isthe.com/chongo/tech/comp/fnv/
const FNV_OFFSET = 0xcbf29ce484222325n;

function fnv1a(hash: bigint, byte: number): bigint {
  return BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
}

/** By which AWS Marketplace knows a data set of the room. */
export function dataSetArn({ region, account }: Record<'region' | 'account', string>, dataSet: string): string {
  return `arn:aws:dataexchange:${region}:${account}:data-sets/${dataSet}`;
}
