import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSparkSession, type SparkSession } from './glue/spark-session';
import type { RoleStatement } from './role-policy';
import type { Json, JsonMap, LocatedResource } from './room-templates';
import type { GatewayCaller } from './start-gateway';
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

  /** Roles that trust the caller by name: within an account that is enough to assume them. */
  const assume = (caller: string, wanted: string): GatewayCaller | undefined => {
    const role = templates
      .listResources('AWS::IAM::Role')
      .find(({ stack, id }) => templates.resolve(stack, { 'Fn::GetAtt': [id, 'Arn'] }) === wanted);
    if (role === undefined || !trusts(templates.resolve(role.stack, role.properties.AssumeRolePolicyDocument!), caller))
      return undefined;
    const statements = [...templates.statementsOf(role.stack, role.id), ...listGivenByKeys(wanted)];
    return { name: role.id, statements, crash: async () => {} };
  };

  /** What the policies of keys let a role do: within an account they need nothing beside them. */
  const listGivenByKeys = (role: string): readonly RoleStatement[] =>
    templates.listResources('AWS::KMS::Key').flatMap(({ stack, id, properties }) => {
      const { Statement } = templates.resolve(stack, properties.KeyPolicy!) as JsonMap;
      const key = String(templates.resolve(stack, { 'Fn::GetAtt': [id, 'Arn'] }));
      const given = (Statement as readonly JsonMap[]).filter((statement) => namesPrincipal(statement, role));
      return given.map(({ Action, Condition }) => ({
        effect: 'Allow' as const,
        actions: [Action].flat().map(String),
        resources: [key],
        isConditional: Condition !== undefined,
      }));
    });

  const admitJob = ({ stack, id, properties }: LocatedResource) => {
    const { 'Fn::GetAtt': path } = properties.Role as { readonly 'Fn::GetAtt': readonly string[] };
    const role = path[0]!;
    const arn = String(templates.resolve(stack, properties.Role!));
    gateway.admit(ACCESS_KEY, {
      name: id,
      statements: templates.statementsOf(stack, role),
      crash: async () => {},
      assume: (wanted) => assume(arn, wanted),
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

function trusts(document: Json, caller: string): boolean {
  return ((document as JsonMap).Statement as readonly JsonMap[]).some((statement) => namesPrincipal(statement, caller));
}

function namesPrincipal({ Effect, Principal }: JsonMap, arn: string): boolean {
  const { AWS } = (Principal ?? {}) as JsonMap;
  return Effect === 'Allow' && [AWS].flat().includes(arn);
}
