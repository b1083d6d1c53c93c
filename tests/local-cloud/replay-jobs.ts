import { GetObjectCommand, PutObjectCommand, S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import type { GatewayCall } from './start-gateway';
import { JobFailed, JobNotStarted, type LocalGlue } from './start-glue';
import type { LocalRoom } from './start-local-room';

/** An object that a run of a job left, and whether only where there was none. */
interface LeftObject {
  readonly bucket: string;
  readonly key: string;
  readonly body: Uint8Array;
  readonly isClaim: boolean;
}

/** What a run of a job left, in order. */
interface JobTrace {
  readonly run: string;
  readonly objects: readonly LeftObject[];
}

/** How the next run of a job goes wrong. */
export type JobFault =
  /** Glue refuses to start it, so many times. */
  | { readonly kind: 'not-started'; readonly error: string; readonly times: number }
  /** It ends when it has left so many of its objects; where these are all, Glue alone says that it failed. */
  | { readonly kind: 'ended'; readonly after: number }
  /** It has begun, which nobody hears: it leaves so many objects, and the others when it is let go on. */
  | { readonly kind: 'unheard'; readonly after: number };

export interface ReplayedJobs extends LocalGlue {
  /** Of each job that was run for real so far, as `job delivery`, what it left: `bucket key`, in order. */
  readonly ran: ReadonlyMap<string, readonly string[]>;
  /** Whether a job began by an object that it put only where there was none, and by nothing else. */
  isClaimed(name: string): boolean;
  disturb(name: string, fault: JobFault): void;
  /**
   * Lets the run that nobody has heard of go on to its end.
   * @throws JobFailed where it is refused
   */
  goOn(): Promise<void>;
  /** How many faults were not made. */
  readonly unmade: number;
  /** Makes none of them. */
  forget(): void;
}

/**
 * Runs a job for real the first time that it is asked for a file, and leaves the same objects again after that, in the same order,
 * under the name of the run that asks: Spark takes seconds, and what a run that breaks off has left is the first of them.
 */
export function replayJobs(local: LocalRoom, glue: LocalGlue): ReplayedJobs {
  const s3 = new S3Client(local.clientConfig);
  const traces = new Map<string, JobTrace>();
  const ran = new Map<string, readonly string[]>();
  const faults = new Map<string, JobFault>();
  let unheard: (() => Promise<void>) | undefined;

  /** Nothing else happens between a call and what it changed. */
  async function record(name: string, run: string, runIt: () => Promise<void>): Promise<void> {
    const objects: LeftObject[] = [];
    local.gateway.watch(async (call) => {
      if (call.caller === 'jobs') objects.push(...(await readChanged(s3, call)));
    });
    await runIt().finally(() => local.gateway.watch(undefined));
    traces.set(name, { run, objects });
    ran.set(
      name,
      objects.map(({ bucket, key }) => `${bucket} ${key}`),
    );
  }

  async function leave({ run: before, objects }: JobTrace, run: string, from = 0, to = objects.length): Promise<void> {
    for (const { bucket, key, body, isClaim } of objects.slice(from, to)) {
      const Key = key.replace(`/${before}/`, `/${run}/`).replace(`/${before}.`, `/${run}.`);
      const put = { Bucket: bucket, Key, Body: body, ...(isClaim && { IfNoneMatch: '*' }) };
      await s3.send(new PutObjectCommand(put)).catch((error: unknown) => {
        if (error instanceof S3ServiceException && error.name === 'PreconditionFailed')
          throw new JobFailed('Refused: begun before');
        throw error;
      });
    }
  }

  return {
    ...glue,
    ran,
    isClaimed: (name) =>
      traces
        .get(name)
        ?.objects.map(({ isClaim }) => isClaim)
        .lastIndexOf(true) === 0,
    disturb: (name, fault) => void faults.set(name, fault),
    async goOn() {
      const rest = unheard;
      unheard = undefined;
      if (rest === undefined) throw new Error('No run is under way.');
      await rest();
    },
    get unmade() {
      return faults.size + (unheard === undefined ? 0 : 1);
    },
    forget() {
      faults.clear();
      unheard = undefined;
    },
    async runJob(job, args) {
      const { '--run': run = '', '--delivery': delivery = '' } = args;
      const name = `${job} ${delivery}`;
      const known = traces.get(name);
      if (known === undefined) return record(name, run, () => glue.runJob(job, args));
      const fault = faults.get(name);
      faults.delete(name);
      if (fault === undefined) return leave(known, run);
      if (fault.kind === 'not-started') {
        if (fault.times > 1) faults.set(name, { ...fault, times: fault.times - 1 });
        throw new JobNotStarted(fault.error);
      }
      await leave(known, run, 0, fault.after);
      if (fault.kind === 'ended') throw new JobFailed('Command failed with exit code 1');
      unheard = () => leave(known, run, fault.after);
      throw new JobNotStarted('Glue.OperationTimeoutException');
    },
  };
}

/** What stands by a call where something else stood, or nothing, before. */
async function readChanged(s3: S3Client, { operation, needs, status = 0 }: GatewayCall): Promise<LeftObject[]> {
  const [need] = needs;
  if (need === undefined || status >= 300 || !CHANGES.has(operation)) return [];
  const [bucket = '', ...path] = need.resource.replace('arn:aws:s3:::', '').split('/');
  const key = path.join('/');
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const isClaim = need.facts?.['s3:if-none-match']?.[0] === '*';
  return [{ bucket, key, body: await Body!.transformToByteArray(), isClaim }];
}

/** The role may not delete. */
const CHANGES: ReadonlySet<string> = new Set(['PutObject', 'CopyObject', 'CompleteMultipartUpload']);
