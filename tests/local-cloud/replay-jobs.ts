import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { LocalGlue } from './start-glue';
import type { LocalRoom } from './start-local-room';

/** What a run of a job left, by bucket and key. */
interface JobTrace {
  readonly run: string;
  readonly objects: readonly { readonly bucket: string; readonly key: string; readonly body: Uint8Array }[];
}

export interface ReplayedJobs extends LocalGlue {
  /** Names of jobs that were run for real so far. */
  readonly ran: readonly string[];
}

/**
 * Runs a job for real the first time that it is asked for a file, and leaves the same objects again after that, under the name
 * of the run that asks: Spark takes seconds, and what breaks off in these tests is what is around it.
 */
export function replayJobs(local: LocalRoom, glue: LocalGlue): ReplayedJobs {
  const s3 = new S3Client(local.clientConfig);
  const traces = new Map<string, JobTrace>();
  const ran: string[] = [];

  async function listKeys(bucket: string): Promise<ReadonlySet<string>> {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
    return new Set(Contents.map(({ Key = '' }) => Key));
  }

  async function read(Bucket: string, Key: string): Promise<Uint8Array> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return Body!.transformToByteArray();
  }

  return {
    ...glue,
    ran,
    async runJob(job, args) {
      const { '--run': run = '', '--delivery': delivery = '', '--landing': landing = '', '--lake': lake = '' } = args;
      const name = `${job} ${delivery}`;
      const known = traces.get(name);
      if (known !== undefined) {
        for (const { bucket, key, body } of known.objects)
          await s3.send(
            new PutObjectCommand({ Bucket: bucket, Key: key.replace(`/${known.run}/`, `/${run}/`), Body: body }),
          );
        return;
      }
      const before = new Map([landing, lake].map((bucket) => [bucket, listKeys(bucket)]));
      for (const keys of before.values()) await keys;
      await glue.runJob(job, args);
      ran.push(name);
      const objects = [];
      for (const [bucket, keys] of before) {
        const old = await keys;
        // Two runs may go on side by side.
        for (const key of await listKeys(bucket))
          if (!old.has(key) && key.includes(`/${run}/`)) objects.push({ bucket, key, body: await read(bucket, key) });
      }
      traces.set(name, { run, objects });
    },
  };
}
