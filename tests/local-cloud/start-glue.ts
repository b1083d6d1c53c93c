import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSparkSession, type SparkSession } from './glue/spark-session';
import type { LocatedResource } from './room-templates';
import { type LocalRoom, REGION } from './start-local-room';

/** The Glue jobs of a local room: the script that is deployed, in real Spark, by the role that the template gives it. */
export interface LocalGlue {
  /**
   * Runs a job to its end, as `glue:startJobRun.sync` does. One at a time.
   * @param job its name in the templates, as a workflow knows it
   * @param args as the workflow gives them: `--name` to value
   * @throws JobFailed with what the script said
   */
  runJob(job: string, args: Readonly<Record<string, string>>): Promise<void>;
  /** All that Spark has written so far: what would be in the job's log. */
  output(): string;
  stop(): Promise<void>;
}

export class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

/** Glue did not answer as it does where a run has begun. */
export class JobNotStarted extends Error {
  /** @param name of the error, as a state machine knows it */
  constructor(override readonly name: string) {
    super('StartJobRun failed.');
  }
}

/** Spark takes some seconds to start; it is started by the first job and kept. `settings`: Spark's own, beside the job's. */
export function startGlue(local: LocalRoom, settings: Readonly<Record<string, string>> = {}): LocalGlue {
  const scratch = mkdtempSync(join(tmpdir(), 'barter-glue-'));
  const { templates, gateway } = local;
  let session: SparkSession | undefined;

  const environment = {
    AWS_ENDPOINT_URL: gateway.endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: ACCESS_KEY,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_EC2_METADATA_DISABLED: 'true',
  };

  // All jobs run as one role.
  const admitJob = ({ stack, properties }: LocatedResource) => {
    const { 'Fn::GetAtt': path } = properties.Role as { readonly 'Fn::GetAtt': readonly string[] };
    gateway.admit(ACCESS_KEY, {
      name: 'jobs',
      statements: templates.statementsOf(stack, path[0]!),
      crash: async () => {},
    });
  };

  return {
    async runJob(name, args) {
      const job = templates
        .listResources('AWS::Glue::Job')
        .find(({ stack, id }) => templates.nameOf(stack, id) === name);
      if (job === undefined) throw new Error(`The room has no Glue job ${name}`);
      admitJob(job);
      session ??= openSparkSession({ scratch, settings, environment });
      const argumentsOf = (property: string) =>
        (templates.resolve(job.stack, job.properties[property] ?? {}) ?? {}) as Readonly<Record<string, string>>;
      const given = { ...argumentsOf('DefaultArguments'), ...args, ...argumentsOf('NonOverridableArguments') };
      const answer = await session.run({ argv: Object.entries(given).flat() });
      if (answer.kind === 'failed') throw new JobFailed(`${answer.name}: ${answer.message}`);
    },
    output: () => session?.output() ?? '',
    async stop() {
      await session?.close();
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

const ACCESS_KEY = 'GLUE000000000000';
