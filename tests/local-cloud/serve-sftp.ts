import type { AddressInfo } from 'node:net';
import { posix } from 'node:path';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { type AuthContext, type Connection, type ParsedKey, Server, type SFTPWrapper, utils } from 'ssh2';
import type { Need } from './identify-call';
import { readStatement } from './read-statement';
import { judgeNeed, type RoleStatement } from './role-policy';

/*
 * An SFTP server as AWS Transfer Family is one for a room: it asks the identity provider who may sign in, checks the key by
 * itself, shows logical directories, and does with S3 what the role and the policy of the session both allow. Sources: AWS
 * Transfer Family user guide, "Using AWS Lambda to integrate your identity provider" and "Logical directories".
 */

export interface SftpParts {
  readonly hostKey: string;
  readonly serverId: string;
  /** Asks the identity provider, as Lambda is invoked. */
  readonly authorize: (request: object) => Promise<unknown>;
  /** What a role may do, by its ARN; undefined where there is none. */
  readonly statementsOf: (role: string) => readonly RoleStatement[] | undefined;
  readonly s3: S3Client;
  /** What the server tells of a file that is whole, as EventBridge brings it. */
  readonly tell: (event: TransferEvent) => void;
  /** What the server writes to its log of who is not let in ("Example CloudWatch log entries"). */
  readonly log: (line: RefusalLine) => void;
}

export interface RefusalLine {
  readonly method: string;
  readonly 'activity-type': 'AUTH_FAILURE';
  readonly 'source-ip': string;
  readonly 'resource-arn': string;
  readonly message: string;
  readonly user: string;
}

export interface TransferEvent {
  readonly source: 'aws.transfer';
  readonly 'detail-type': 'SFTP Server File Upload Completed';
  readonly detail: { readonly 'file-path': string; readonly bytes: number; readonly username: string };
}

interface Session {
  readonly username: string;
  readonly directories: readonly { readonly entry: string; readonly bucket: string; readonly prefix: string }[];
  readonly role: readonly RoleStatement[];
  readonly policy: readonly RoleStatement[];
}

const { STATUS_CODE, OPEN_MODE } = utils.sftp;

export async function serveSftp(parts: SftpParts): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const open = new Set<Connection>();
  const server = new Server({ hostKeys: [parts.hostKey] }, (connection, { ip }) => {
    open.add(connection);
    let session: Session | undefined;
    connection
      .on('authentication', (context) => {
        admit(parts, context, ip).then(
          (admitted) => {
            session = admitted ?? session;
            if (admitted !== undefined) return context.accept();
            if (context.method === 'publickey') parts.log(describeFailure(parts, context, ip));
            context.reject(['publickey']);
          },
          () => context.reject(['publickey']),
        );
      })
      .on('ready', () => {
        connection.on('session', (accept) => {
          accept().on('sftp', (begin) => {
            if (session !== undefined) serveFiles(begin(), session, parts);
          });
        });
      })
      .on('close', () => open.delete(connection))
      .on('error', () => open.delete(connection));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        for (const connection of open) connection.end();
        server.close(() => resolve());
      }),
  };
}

function describeFailure({ serverId }: SftpParts, { method, username }: AuthContext, ip: string): RefusalLine {
  return {
    method,
    'activity-type': 'AUTH_FAILURE',
    'source-ip': ip,
    'resource-arn': `arn:aws:transfer:eu-central-1:123456789012:server/${serverId}`,
    message: 'Authentication failed',
    user: username,
  };
}

/** The server takes keys alone: it is set up so in the template. Each offer of a key is asked about anew. */
async function admit(parts: SftpParts, context: AuthContext, sourceIp: string): Promise<Session | undefined> {
  if (context.method !== 'publickey') return undefined;
  const { username, key, signature, blob, hashAlgo } = context;
  const answer = await parts.authorize({ username, protocol: 'SFTP', serverId: parts.serverId, sourceIp });
  const granted = readAnswer(answer, username, parts);
  if (granted === undefined) return undefined;
  const offered = granted.keys.find((each) => each.getPublicSSH().equals(key.data));
  if (offered === undefined) return undefined;
  // At first a client only asks whether the key would do.
  if (signature === undefined || blob === undefined) return granted.session;
  return offered.verify(blob, signature, hashAlgo) === true ? granted.session : undefined;
}

/** `{}` denies; what is not as the user guide has it denies too. */
function readAnswer(answer: unknown, username: string, { statementsOf }: SftpParts) {
  const { Role, Policy, HomeDirectoryType, HomeDirectoryDetails, PublicKeys } = answer as Readonly<
    Record<string, unknown>
  >;
  const role = statementsOf(String(Role));
  if (role === undefined || typeof Policy !== 'string' || Policy.length > 2048) return undefined;
  if (HomeDirectoryType !== 'LOGICAL' || typeof HomeDirectoryDetails !== 'string' || !Array.isArray(PublicKeys))
    return undefined;
  const keys = PublicKeys.map((text) => utils.parseKey(String(text))).filter(
    (key): key is ParsedKey => !(key instanceof Error),
  );
  const details: readonly { readonly Entry: string; readonly Target: string }[] = JSON.parse(HomeDirectoryDetails);
  const directories = details.map(({ Entry, Target }) => {
    const [, bucket = '', ...prefix] = Target.split('/');
    return { entry: Entry, bucket, prefix: prefix.join('/') };
  });
  return { keys, session: { username, directories, role, policy: readPolicy(Policy) } };
}

function readPolicy(text: string): readonly RoleStatement[] {
  const { Statement }: { readonly Statement: readonly Readonly<Record<string, unknown>>[] } = JSON.parse(text);
  return Statement.map(readStatement);
}

interface OpenFile {
  readonly path: string;
  readonly bucket: string;
  readonly key: string;
  readonly isWriting: boolean;
  /** Of a file that is read: its content. */
  readonly content: Buffer;
  readonly parts: Map<number, Buffer>;
}

function serveFiles(sftp: SFTPWrapper, session: Session, { s3, tell }: SftpParts): void {
  const files = new Map<number, OpenFile>();
  const listed = new Map<number, readonly string[]>();
  let handles = 0;
  const mayBoth = (need: Need) => judgeNeed(session.role, need).allowed && judgeNeed(session.policy, need).allowed;
  const locate = (path: string) => {
    const plain = posix.normalize(posix.join('/', path));
    const directory = session.directories.find(({ entry }) => plain.startsWith(`${entry}/`));
    if (directory === undefined) return undefined;
    return { path: plain, bucket: directory.bucket, key: `${directory.prefix}${plain.slice(directory.entry.length)}` };
  };
  const handleOf = (store: (handle: number) => void) => {
    handles += 1;
    store(handles);
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(handles);
    return bytes;
  };
  const openFile = async (path: string, flags: number): Promise<OpenFile | undefined> => {
    const at = locate(path);
    if (at === undefined) return undefined;
    const isWriting = (flags & OPEN_MODE.WRITE) !== 0;
    const action = isWriting ? 's3:PutObject' : 's3:GetObject';
    if (!mayBoth({ action, resource: `arn:aws:s3:::${at.bucket}/${at.key}` })) return undefined;
    const content = isWriting ? Buffer.alloc(0) : await read(s3, at.bucket, at.key);
    return content && { ...at, isWriting, content, parts: new Map() };
  };
  const closeFile = async ({ bucket, key, parts, isWriting }: OpenFile): Promise<void> => {
    if (!isWriting) return;
    const Body = Buffer.concat([...parts].sort(([a], [b]) => a - b).map(([, part]) => part));
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body }));
    const detail = { 'file-path': `/${bucket}/${key}`, bytes: Body.length, username: session.username };
    tell({ source: 'aws.transfer', 'detail-type': 'SFTP Server File Upload Completed', detail });
  };
  const settle = (id: number, work: Promise<number>) =>
    work.then(
      (code) => sftp.status(id, code),
      () => sftp.status(id, STATUS_CODE.FAILURE),
    );
  sftp
    .on('REALPATH', (id, path) => {
      const filename = posix.normalize(posix.join('/', path));
      sftp.name(id, [{ filename, longname: filename, attrs: NO_ATTRIBUTES }]);
    })
    .on('OPENDIR', (id, path) => {
      const inside = posix.normalize(posix.join('/', path)).replace(/\/$/, '');
      const names = session.directories.flatMap(({ entry }) =>
        entry.startsWith(`${inside}/`) ? [entry.slice(inside.length + 1).split('/')[0]!] : [],
      );
      if (names.length === 0) sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
      else
        sftp.handle(
          id,
          handleOf((handle) => listed.set(handle, [...new Set(names)])),
        );
    })
    .on('READDIR', (id, handle) => {
      const names = listed.get(handle.readUInt32BE());
      listed.set(handle.readUInt32BE(), []);
      if (names === undefined || names.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else
        sftp.name(
          id,
          names.map((filename) => ({ filename, longname: filename, attrs: NO_ATTRIBUTES })),
        );
    })
    .on('OPEN', (id, path, flags) => {
      openFile(path, flags).then(
        (file) => {
          if (file === undefined) sftp.status(id, STATUS_CODE.PERMISSION_DENIED);
          else
            sftp.handle(
              id,
              handleOf((handle) => files.set(handle, file)),
            );
        },
        () => sftp.status(id, STATUS_CODE.FAILURE),
      );
    })
    .on('FSTAT', (id, handle) => {
      const file = files.get(handle.readUInt32BE());
      if (file === undefined) sftp.status(id, STATUS_CODE.FAILURE);
      else sftp.attrs(id, { ...NO_ATTRIBUTES, size: file.content.length });
    })
    .on('WRITE', (id, handle, offset, data) => {
      const file = files.get(handle.readUInt32BE());
      file?.parts.set(offset, Buffer.from(data));
      sftp.status(id, file === undefined ? STATUS_CODE.FAILURE : STATUS_CODE.OK);
    })
    .on('READ', (id, handle, offset, length) => {
      const content = files.get(handle.readUInt32BE())?.content.subarray(offset, offset + length);
      if (content === undefined || content.length === 0) sftp.status(id, STATUS_CODE.EOF);
      else sftp.data(id, content);
    })
    .on('CLOSE', (id, handle) => {
      const file = files.get(handle.readUInt32BE());
      files.delete(handle.readUInt32BE());
      settle(
        id,
        (file === undefined ? Promise.resolve() : closeFile(file)).then(() => STATUS_CODE.OK),
      );
    });
  // Removing, renaming and making folders the role does not have: the library answers those with OP_UNSUPPORTED.
}

async function read(s3: S3Client, Bucket: string, Key: string): Promise<Buffer | undefined> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key })).catch(() => ({ Body: undefined }));
  const bytes = await Body?.transformToByteArray();
  return bytes === undefined ? undefined : Buffer.from(bytes);
}

const NO_ATTRIBUTES = { mode: 0o600, uid: 0, gid: 0, size: 0, atime: 0, mtime: 0 };
