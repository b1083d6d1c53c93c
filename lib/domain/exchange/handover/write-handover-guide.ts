import * as z from 'zod';
import { API_CONTRACTS } from '../../enforcement/api/api-contracts';
import { API_OPERATIONS } from '../../enforcement/api/api-operations';
import { outboxPrefix } from '../../room/outbox-prefix';
import type { Handover, HandoverReceipt, HandoverSftp } from './plan-handover';

/** The names of the files that a guide stands beside. */
interface HandoverFiles {
  readonly template: string;
  /** By leg: what to run in the warehouse that it reaches. */
  readonly warehouses: Readonly<Record<string, string>>;
}

/** The page for a party's engineer: what to deploy, what to accept, how to deliver, what arrives where. Markdown. */
export function writeHandoverGuide(handover: Handover, files: HandoverFiles): string {
  const { agreement, party, room, term, gets } = handover;
  const steps = [
    deployTemplate(handover, files),
    sign(handover),
    ...(gets.some(({ way }) => way === 'export') ? [acceptGrants(handover)] : []),
    ...(gets.some(({ way }) => way === 'share') ? [acceptShare(handover)] : []),
    ...gets.flatMap((receipt) => setUpWarehouse(receipt, files)),
    ...(handover.gives.length > 0 ? [deliver(handover)] : []),
    ...(gets.some(({ way }) => way === 'sftp') ? [fetchBySftp(handover)] : []),
  ];
  return `# ${plain(agreement.title)}: the side of ${plain(party.name)}

Agreement \`${agreement.id}\`, version ${agreement.version}, from ${term.starts} to ${term.ends}. Your account is \`${party.account}\`; the room is in ${room.account === undefined ? 'the account that its operator names' : `\`${room.account}\``}${room.region === undefined ? '' : `, ${room.region}`}.${nameSignedRoom(handover)}

| you get | from | by | every | keep at most | for | forbidden |
|---|---|---|---|---|---|---|
${gets.map(describeReceipt).join('\n')}

${steps.map((step, index) => `## ${index + 1}. ${step}`).join('\n\n')}

${listQuestions(handover)}

## What you have agreed to

${gets.some(({ way }) => way === 'export') ? FORWARDING : ''}- Destroy what you received within ${term.destroyWithin} after ${term.ends}, and each release when its \`retain\` is over, wherever you have copied it to. Attest each, signed, within ${term.destroyWithin} of that: letters tell you a week before and on the day, \`GET /agreements/…/releases\` shows what is due, and \`barter attest\` signs it (\`attest-destruction\`). What is not attested in time is a breach.
- To leave, give notice. The agreement ends ${term.notice} later, for all; the others are told by whom and why. With a session of your role:

\`\`\`sh
${askRoom(handover, 'notices', `'{"reason":"WHY"}'`)}
\`\`\`

- Nothing comes while a delivery of yours is overdue: all parties of a round get theirs together.
`;
}

/** What a partner can hold a mail with other names against. */
function nameSignedRoom({ signedRoom }: Handover): string {
  if (signedRoom === undefined)
    return ' The agreement names no room (`room`): ask for names of buckets and addresses by a way that you trust.';
  const { topology, account, region, operator } = signedRoom;
  const told = [
    ...(account === undefined ? [] : [`account \`${account}\``]),
    ...(region === undefined ? [] : [`region ${region}`]),
    ...(operator === undefined ? [] : [`run by ${plain(operator)}`]),
  ];
  const which = topology === 'hosted' ? 'one room for all' : 'a room for each party';
  return ` What all parties sign names ${[which, ...told].join(', ')}: send nothing to a bucket or an address elsewhere, whoever asks for it.`;
}

const FORWARDING = `- Keep the forwarding in the template running while the agreement does: the room cannot see what you export from Data Exchange, so your account says it. Nothing else of your account is forwarded. The template's bucket removes each release when you may no longer keep it.
`;

function describeReceipt({ leg, title, from, way }: HandoverReceipt): string {
  const forbids = leg.forbids.length === 0 ? '–' : leg.forbids.join(', ');
  const cells = [plain(title), plain(from.name), NAMES[way], leg.every, leg.retain, leg.purposes.join(', '), forbids];
  return `| ${cells.join(' | ')} |`;
}

const NAMES: Readonly<Record<HandoverReceipt['way'], string>> = {
  export: 'AWS Data Exchange',
  share: 'AWS Lake Formation',
  sftp: 'SFTP',
  api: "the room's API",
  snowflake: 'Snowflake',
  gcs: 'Google Cloud Storage',
};

function deployTemplate({ room, gets, stackName }: Handover, { template }: HandoverFiles): string {
  const region = room.region ?? 'REGION';
  const usesRegion = gets.some(({ way }) => way === 'export' || way === 'share');
  const asked = [
    ...(room.account === undefined ? ['RoomAccount=…'] : []),
    ...(room.region === undefined && usesRegion ? ['RoomRegion=…'] : []),
  ];
  return `Deploy the template

In your own account, in ${room.region === undefined ? "the room's region" : `\`${region}\``} (Data Exchange tells of new revisions only there). It has no assets and needs no bootstrapping; nothing in it lets the room into your account.

\`\`\`sh
aws cloudformation deploy --region ${region} --stack-name ${stackName} \\
  --template-file ${template} --capabilities CAPABILITY_IAM${asked.length === 0 ? '' : ` \\\n  --parameter-overrides ${asked.join(' ')}`}
\`\`\``;
}

function sign(handover: Handover): string {
  const { party, room, role } = handover;
  return `Sign

The agreement opens nothing until every party has signed it. Our tool computes what you sign, here and later with the same key, from your own copy of the file. Run it in a clone of the Barter Room repository (Node.js 20.20 or newer, \`npm install\`), and nowhere else, because outside of it \`npx\` would fetch whatever has that name. (By a key alone: \`sign-version\` without a signature answers the bytes to sign, as \`toSign\`; compare what they say with your copy.) With the agreement's file, as all have it, and its hierarchy files beside it:

\`\`\`sh
npx barter sign AGREEMENT.yaml --by ${party.id}
\`\`\`

Your key is made on first use, in \`.barter/signing/${party.id}.pem\` beside the file${party.signingKey === undefined ? '' : ', unless you name by `--key` the one that is in the agreement'}: keep it, later versions are signed with it too. The line that names \`sign-version\` ends in what the room's API takes. Attach the policy in the output \`ComeInPolicy\` to whoever asks; it may then assume your role in the room:

\`\`\`sh
aws sts assume-role --role-arn arn:aws:iam::${room.account ?? 'ROOM_ACCOUNT'}:role/${role} --role-session-name ${party.id}
\`\`\`

Put what it answers into \`AWS_ACCESS_KEY_ID\`, \`AWS_SECRET_ACCESS_KEY\` and \`AWS_SESSION_TOKEN\`, and send the signature:

\`\`\`sh
${askRoom(handover, 'signatures', "'WHAT BARTER SIGN PRINTED'")}
\`\`\`

The operator names \`API\` (an output of its stack BarterRoomIntake). The answer says who has still to sign.`;
}

/** A request to the room's API, signed by what the environment holds of a session. `body`: as the shell takes it; absent: a GET. */
function askRoom({ agreement, room }: Handover, path: string, body?: string): string {
  return `curl --aws-sigv4 aws:amz:${room.region ?? 'REGION'}:execute-api --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY" \\
  -H "x-amz-security-token: $AWS_SESSION_TOKEN" ${body === undefined ? '' : "-H 'content-type: application/json' "}API/agreements/${agreement.id}/${path}${body === undefined ? '' : ` \\\n  -d ${body}`}`;
}

/** All that the API answers, from its own definition: each operation, what it is for, and what goes into its body. */
function listQuestions(handover: Handover): string {
  const { id } = handover.agreement;
  const rows = API_OPERATIONS.map(({ id: operation, method, path }) => {
    const { summary, query = {}, request } = API_CONTRACTS[operation];
    const asked = Object.keys(query).map((name) => `\`?${name}=…\``);
    const body = request === undefined ? [] : [`\`${describeBody(request)}\``];
    const place = path.replace('{agreement}', id).replace('{release}', 'DAY.LEG');
    return `| ${[`\`${operation}\``, `\`${method} ${place}\``, summary, [...asked, ...body].join(' ')].join(' | ')} |`;
  });
  return `## What else you can ask

With a session of your role, as above; \`DAY.LEG\` is a release, e.g. \`2026-03-01.LEG\`. What is read is asked so:

\`\`\`sh
${askRoom(handover, 'deliveries')}
\`\`\`

and what you say goes into a body:

\`\`\`sh
${askRoom(handover, 'problems', `'{"text":"WHAT IS WRONG"}'`)}
\`\`\`

| | ask | what for | with |
|---|---|---|---|
${rows.join('\n')}

A refusal names its clause. Each request is decided and on record. What has a \`signature\` is signed with the key of step 2; in a clone these sign and send it, with the session of your role:

\`\`\`sh
npx barter receive AGREEMENT.yaml FOLDER --by ${handover.party.id} --leg LEG --round DAY --room API
npx barter attest AGREEMENT.yaml --by ${handover.party.id} --name 'WHO ANSWERS FOR IT' --statement 'WHAT WAS DESTROYED, AND HOW' --room API
npx barter erase AGREEMENT.yaml --by ${handover.party.id} --confirm ERASURE --room API
\`\`\`

Your outbox, \`${outboxPrefix(id, handover.party.id)}\` of the room's ledger bucket (which the operator names), is yours to read with that role: your own audit reports, and signed checkpoints of the access ledger. Keep one: \`barter verify --checkpoint\` shows later that nothing before it was rewritten.`;
}

/** The names in it; those that may be left out with a question mark. */
function describeBody(request: z.ZodType): string {
  const { properties = {}, required = [] } = z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' });
  const names = Object.keys(properties).map((name) => (required.includes(name) ? name : `${name}?`));
  return `{ ${names.join(', ')} }`;
}

function acceptGrants({ gets, stackName }: Handover): string {
  const legs = gets.filter(({ way }) => way === 'export');
  return `Accept the data grants, then export by itself

The room grants you one data set per leg: ${legs.map(({ leg }) => `\`${leg.id}\``).join(', ')}. A grant that waits appears with

\`\`\`sh
aws dataexchange list-received-data-grants --acceptance-state PENDING_RECEIVER_ACCEPTANCE
aws dataexchange accept-data-grant --data-grant-arn ARN
\`\`\`

${legs.some(({ leg }) => leg.via.kind === 'product') ? 'Where a leg comes as a product, subscribe to it in the AWS Marketplace console instead. ' : ''}Its answer holds a \`DataSetId\`. Deploy the template again with it, in the parameter named after the leg (\`DataSet…\`): from then on every release is exported to the bucket in the output \`ReceivedBucket\`, under ${legs.map(({ prefix }) => `\`${prefix}\``).join(', ')}. A release from before that has to be exported once by hand:

\`\`\`sh
aws cloudformation deploy --stack-name ${stackName} … --parameter-overrides DataSet…=DATA_SET_ID
\`\`\``;
}

function acceptShare({ room }: Handover): string {
  return `Accept the share of tables

\`\`\`sh
aws ram get-resource-share-invitations
aws ram accept-resource-share-invitation --resource-share-invitation-arn ARN
\`\`\`

Then deploy the template again with \`ShareAccepted=yes\`: it makes the resource link \`${room.link}\`. Where Lake Formation governs your catalogue, whoever deploys needs its \`CREATE_DATABASE\` first. Grant your own readers \`DESCRIBE\` on the link and \`SELECT\` on its target. The template adds the room's account${room.account === undefined ? '' : ` (\`${room.account}\`)`} to your trusted resource owners (\`TrustedResourceOwners\`), so that the room's log names your principals. The agreement makes that a duty.`;
}

function setUpWarehouse(
  { leg, way, warehouseRole }: HandoverReceipt,
  { warehouses }: HandoverFiles,
): readonly string[] {
  const file = Object.hasOwn(warehouses, leg.id) ? warehouses[leg.id] : undefined;
  if (warehouseRole === undefined || file === undefined) return [];
  return [
    `Connect ${NAMES[way]} for \`${leg.id}\`

\`${file}\` is what you run there. It names the room's role \`${warehouseRole}\`, which trusts nobody until the operator has opened it for you; it reads the released data of this leg and nothing else.`,
  ];
}

function deliver(handover: Handover): string {
  const { agreement, party, gives, sftp, role, room } = handover;
  const data = gives.map(({ dataset, every, uploadPrefix }) => {
    const columns = dataset.columns.map(({ name }) => code(name)).join(', ');
    const styles = dataset.columns.flatMap(({ name, written }) =>
      written === undefined ? [] : [`${code(name)} as \`${written}\``],
    );
    const otherwise = styles.length === 0 ? '' : ` But ${styles.join(', ')}.`;
    return `- **${plain(dataset.title)}** (\`${dataset.id}\`), every ${every.join(', ')}: CSV, JSON lines or Parquet with the columns ${columns}.${otherwise} By S3 under \`${uploadPrefix}\`.`;
  });
  const first = gives[0]?.dataset.id ?? '';
  const account = room.account ?? 'ROOM_ACCOUNT';
  const bySftp =
    sftp === undefined
      ? ''
      : `

**By SFTP.** ${signIn(sftp)} Folders: ${sftp.folders.map((folder) => `\`${folder}\``).join(', ')}. You can write and list, not read, rename or delete: turn off resuming and temporary names in your client, e.g.

\`\`\`sh
sftp -i KEY ${sftp.user}@SERVER <<< 'put ${first}.csv /${first}/'
\`\`\``;
  return `Deliver

Raw: the room treats it before anybody else can see it. Numbers with a point (\`73.64\`, no separator of thousands), dates as \`2026-03-05\`, times in UTC or with their offset, unless the agreement says otherwise of a column: another way of writing is rejected, row by row. **One file for each round:** while it waits for the others, a newer one takes its place whole. Once the round is out, the next round’s is taken from half of the period before its day on (seven days at most); what comes earlier is refused, with the day.

${data.join('\n')}

**By S3.** Whoever has the policy \`ComeInPolicy\` assumes the room's role \`${role}\`, which can write to these folders and list them, and ask the room's API about this agreement. Name the bucket's owner with every upload, so that a mistyped bucket gets nothing:

\`\`\`sh
aws sts assume-role --role-arn arn:aws:iam::${account}:role/${role} --role-session-name ${party.id}
aws s3api put-object --bucket LANDING_BUCKET --expected-bucket-owner ${account} \\
  --key ${gives[0]?.uploadPrefix}${first}.csv --body ${first}.csv
\`\`\`

The operator names \`LANDING_BUCKET\` (an output of its stack BarterRoomLake). Ask for no encryption of your own: the room's key is used, and any other is refused.

**By a link**, for whoever has the file and nothing of AWS. With the session of that role, ask for a link for this one file:

\`\`\`sh
${askRoom(handover, 'uploads', describeUpload(first))}
\`\`\`

The answer holds \`url\` and \`headers\`; within a quarter of an hour anybody can put that file, and no other, there: \`curl -T ${first}.csv URL\` with each of the headers as \`-H\`. Up to 5 GiB.${bySftp}

What cannot be taken is answered with the reason, to ${plain(party.contacts.exchange)}, once that address has confirmed its first letter. Agreement: \`${agreement.id}\`.`;
}

/** The shell counts and hashes the file; the rest is quoted from it. */
function describeUpload(dataset: string): string {
  const file = `${dataset}.csv`;
  return `'{"dataset":"${dataset}","file":"${file}","bytes":'"$(wc -c < ${file})"',"sha256":"'"$(sha256sum ${file} | cut -d' ' -f1)"'"}'`;
}

function signIn({ user, keys, cidrs }: HandoverSftp): string {
  return `User \`${user}\`, with ${keys === 1 ? 'the key' : `one of the ${keys} keys`} of the agreement, from ${cidrs.map((cidr) => `\`${cidr}\``).join(', ')} only, at the address that the operator names.`;
}

function fetchBySftp({ sftp }: Handover): string {
  if (sftp === undefined) return 'Fetch by SFTP\n\nThe room has no SFTP server yet: ask its operator.';
  return `Fetch by SFTP

${signIn(sftp)} What is released to you lies in ${sftp.inboxes.map((inbox) => `\`${inbox}\``).join(', ')}, to read and to list; a folder is empty until the first round is complete, and each release goes when its time is over.

\`\`\`sh
sftp -i KEY ${sftp.user}@SERVER <<< 'get -r ${sftp.inboxes[0]}'
\`\`\``;
}

/** Text of people, as text: nothing in it is Markdown or HTML. */
function plain(text: string): string {
  return text.replaceAll(/[\\`*_[\]<>|#~&]/g, (sign) => `\\${sign}`);
}

/** A name that may hold anything but control characters, in a code span that it cannot end. */
function code(name: string): string {
  const fence = '`'.repeat(Math.max(0, ...[...name.matchAll(/`+/g)].map(([ticks]) => ticks.length)) + 1);
  const padding = name.startsWith('`') || name.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${name}${padding}${fence}`;
}
