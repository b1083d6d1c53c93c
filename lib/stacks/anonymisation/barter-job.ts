import { join } from 'node:path';
import { IgnoreMode } from 'aws-cdk-lib';
import { CfnJob } from 'aws-cdk-lib/aws-glue';
import type { Role } from 'aws-cdk-lib/aws-iam';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import type { Construct } from 'constructs';
import type { Room } from '../../domain/room/room';
import { ROOT_FOLDER } from '../../root-folder';
import { JOB_SECONDS } from './workflow-states';

const JOB_FOLDER = join(ROOT_FOLDER, 'lib/engine/glue');

interface BarterJobProps {
  readonly task: 'clean-and-count' | 'treat-and-measure';
  readonly description: string;
  readonly script: Asset;
  /** What the script imports. */
  readonly modules: Asset;
  readonly role: Role;
  readonly jobs: Room['jobs'];
  /** Name of the Glue security configuration. */
  readonly security: string;
}

/** One task of the generic script, as a Glue job of its own: who may start one cannot make it do the other's work. */
export class BarterJob extends CfnJob {
  constructor(
    scope: Construct,
    id: string,
    { task, description, script, modules, role, jobs, security }: BarterJobProps,
  ) {
    super(scope, id, {
      description: `Barter room: ${description}`,
      role: role.roleArn,
      glueVersion: '5.1',
      command: { name: 'glueetl', pythonVersion: '3', scriptLocation: script.s3ObjectUrl },
      workerType: 'G.1X',
      // With auto scaling: the most that a run may use.
      numberOfWorkers: jobs.maxWorkers,
      executionClass: jobs.flex ? 'FLEX' : 'STANDARD',
      executionProperty: { maxConcurrentRuns: 20 },
      // The workflow decides what is tried again.
      maxRetries: 0,
      timeout: JOB_SECONDS / 60,
      securityConfiguration: security,
      defaultArguments: {
        '--enable-auto-scaling': 'true',
        '--enable-metrics': 'true',
        '--job-bookmark-option': 'job-bookmark-disable',
      },
      nonOverridableArguments: { '--task': task, ...fixCode(script, modules) },
    });
  }
}

/**
 * What a run executes is not for whoever starts it to say: these override the arguments of a run
 * (https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-etl-glue-arguments.html). Each is set to what it is anyway, or
 * to what changes nothing. Packages and jars can be named all the same, since there is no harmless one to name: of packages no
 * index is asked, and either has to lie where the job's role may read. `JobGuard` tells of every run that the workflow has not begun.
 */
function fixCode(script: Asset, modules: Asset): Readonly<Record<string, string>> {
  return {
    '--scriptLocation': script.s3ObjectUrl,
    '--extra-py-files': modules.s3ObjectUrl,
    '--extra-files': modules.s3ObjectUrl,
    '--user-jars-first': 'false',
    // Spark's events quote the values that a task failed at.
    '--enable-spark-ui': 'false',
    '--python-modules-installer-option': '--no-index --no-deps',
    // As the script itself has it.
    '--conf': 'spark.io.encryption.enabled=true',
  };
}

/** The script as what is deployed, by its content. */
export function jobScript(scope: Construct, id: string): Asset {
  return new Asset(scope, id, { path: join(JOB_FOLDER, 'barter_job.py') });
}

/** What the script imports, in one archive: a file that is called by its hash has no name in Python. */
export function jobModules(scope: Construct, id: string): Asset {
  return new Asset(scope, id, {
    path: JOB_FOLDER,
    exclude: ['*', '!*.py', 'barter_job.py'],
    ignoreMode: IgnoreMode.GLOB,
  });
}
