import { Client, type SFTPWrapper } from 'ssh2';

export interface SftpSignIn {
  readonly port: number;
  readonly username: string;
  readonly privateKey?: string;
  readonly password?: string;
}

/** Signs in as a real client does, works, and signs off. @throws where it is not let in, or may not do it */
export async function withSftp<T>(signIn: SftpSignIn, work: (files: SftpFiles) => Promise<T>): Promise<T> {
  const client = new Client();
  try {
    const sftp = await new Promise<SFTPWrapper>((resolve, reject) => {
      client
        .on('ready', () => client.sftp((error, opened) => (error === undefined ? resolve(opened) : reject(error))))
        .on('error', reject)
        .connect({ host: '127.0.0.1', ...signIn });
    });
    return await work(openFiles(sftp));
  } finally {
    client.end();
  }
}

export interface SftpFiles {
  list(path: string): Promise<readonly string[]>;
  put(path: string, content: string): Promise<void>;
  get(path: string): Promise<string>;
  remove(path: string): Promise<void>;
}

function openFiles(sftp: SFTPWrapper): SftpFiles {
  const done = (work: (callback: (error: Error | null | undefined) => void) => void) =>
    new Promise<void>((resolve, reject) => work((error) => (error == null ? resolve() : reject(error))));
  return {
    list: (path) =>
      new Promise((resolve, reject) =>
        sftp.readdir(path, (error, entries) =>
          error === undefined ? resolve(entries.map(({ filename }) => filename)) : reject(error),
        ),
      ),
    put: (path, content) => done((callback) => sftp.writeFile(path, content, callback)),
    get: (path) =>
      new Promise((resolve, reject) =>
        sftp.readFile(path, (error, content) =>
          error === undefined ? resolve(content.toString('utf8')) : reject(error),
        ),
      ),
    remove: (path) => done((callback) => sftp.unlink(path, callback)),
  };
}
